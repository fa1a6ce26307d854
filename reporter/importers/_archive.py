"""Members of a zip archive from an untrusted source: limits before any byte is unpacked, no path used.

Where the end of the archive is missing, and with it the list of members, they are found by their own
headers, and as much of the last one is read as is there.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from reporter.importers._files import Damage

MOST_UNPACKED = 4 << 30  # bytes of one member
MOST_RATIO = 200  # of unpacked to packed bytes; float arrays reach 20
RATIO_MATTERS = 16 << 20  # below so many bytes any ratio is harmless
CHUNK = 1 << 20

LOCAL = struct.Struct("<4s5H3L2H")  # the header before each member
SIGNATURE = b"PK\x03\x04"
IN_ZIP64 = 0xFFFFFFFF
ENCRYPTED, SIZE_FOLLOWS = 0x1, 0x8
STORED, DEFLATED = 0, 8


@dataclass(frozen=True, slots=True)
class Member:
    """Where a member's bytes lie; ``packed`` is how many there are, ``unpacked`` how many it says it has."""

    start: int
    packed: int
    unpacked: int
    method: int
    flags: int
    crc: int


@dataclass(frozen=True, slots=True)
class Archive:
    """The members of a file by name; ``truncated`` if its end is missing."""

    path: Path
    members: dict[str, Member]
    truncated: bool


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A member's bytes, all of them unless the archive is ``truncated`` within."""

    data: bytes
    truncated: bool


def open_archive(path: Path) -> Archive:
    """List the members of an archive.

    Raises
    ------
    Damage
        ``not_zip`` where there is no member at all.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            return Archive(path, dict(_listed(archive, file)), truncated=False)
    except (
        zipfile.BadZipFile,
        struct.error,
        ValueError,
        NotImplementedError,
        OverflowError,
        EOFError,
    ) as error:
        with path.open("rb") as file:
            members = dict(_walked(file, path.stat().st_size))
        if not members:
            raise Damage("not_zip", "the file must be a zip archive") from error
        return Archive(path, members, truncated=True)


def _listed(archive: zipfile.ZipFile, file: BinaryIO) -> Iterator[tuple[str, Member]]:
    """Read the list at the archive's end."""
    for info in archive.infolist():
        file.seek(info.header_offset)
        head = LOCAL.unpack(file.read(LOCAL.size))
        start = info.header_offset + LOCAL.size + head[9] + head[10]
        yield (
            info.filename,
            Member(start, info.compress_size, info.file_size, info.compress_type, info.flag_bits, info.CRC),
        )


def _walked(file: BinaryIO, size: int) -> Iterator[tuple[str, Member]]:
    """Follow the headers before the members, from the start as far as they go."""
    position = 0
    while position + LOCAL.size <= size:
        file.seek(position)
        head = LOCAL.unpack(file.read(LOCAL.size))
        mark, _, flags, method, _, _, crc, packed, unpacked, name_size, extra_size = head
        if mark != SIGNATURE:
            return
        name = file.read(name_size).decode("utf-8", "replace")
        extra = file.read(extra_size)
        if IN_ZIP64 in (packed, unpacked) and len(extra) >= 20:
            unpacked, packed = struct.unpack("<QQ", extra[4:20])
        start = position + LOCAL.size + name_size + extra_size
        if flags & SIZE_FOLLOWS or packed == 0:
            packed = unpacked = max(size - start, 0)
        yield name, Member(start, packed, unpacked, method, flags, crc)
        position = start + packed


def unpack(archive: Archive, name: str, *, most: int = MOST_UNPACKED) -> Unpacked:
    """Unpack a member into memory, if its size and ratio are harmless.

    Raises
    ------
    Damage
        ``missing_key``, ``encrypted``, ``unknown_compression``, ``too_large``, ``zip_bomb``,
        ``checksum_mismatch`` where the bytes are not those that were packed.
    """
    member = archive.members.get(name)
    if member is None:
        raise Damage("missing_key", f"{name} must be in the archive")
    if member.flags & ENCRYPTED:
        raise Damage("encrypted", "a member must not be encrypted")
    if member.method not in (STORED, DEFLATED):
        raise Damage("unknown_compression", "a member must be stored or deflated")
    if member.unpacked > most:
        raise Damage("too_large", f"a member has at most {most} bytes")
    if member.unpacked > RATIO_MATTERS and member.unpacked > MOST_RATIO * member.packed:
        raise Damage("zip_bomb", f"a member is at most {MOST_RATIO} times as large as its packed bytes")
    with archive.path.open("rb") as file:
        file.seek(member.start)
        data = _bytes_of(file, member)
    if len(data) < member.unpacked:
        if not archive.truncated and len(data) == 0:
            raise Damage("checksum_mismatch", f"{name} must have the bytes that were packed")
        return Unpacked(data, truncated=True)
    if not member.flags & SIZE_FOLLOWS and zlib.crc32(data) != member.crc:
        raise Damage("checksum_mismatch", f"{name} must have the bytes that were packed")
    return Unpacked(data, truncated=False)


def _bytes_of(file: BinaryIO, member: Member) -> bytes:
    if member.method == STORED:
        return file.read(min(member.packed, member.unpacked))
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    parts: list[bytes] = []
    left, packed = member.unpacked, member.packed
    while left > 0 and packed > 0 and not unpacker.eof:
        chunk = file.read(min(CHUNK, packed))
        if not chunk:
            break
        packed -= len(chunk)
        while chunk and left > 0:
            try:
                part = unpacker.decompress(chunk, min(left, CHUNK))
            except zlib.error as error:
                raise Damage(
                    "checksum_mismatch", "a member's bytes must be those that were packed"
                ) from error
            parts.append(part)
            left -= len(part)
            chunk = unpacker.unconsumed_tail
    return b"".join(parts)
