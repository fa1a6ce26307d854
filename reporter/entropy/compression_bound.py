"""How much entropy per character can a text have at most, seeing that it was compressed?"""

from __future__ import annotations

import lzma
import math
import zlib
from collections.abc import Callable

from reporter.entropy.units import convert
from reporter.errors import Degenerate
from reporter.results import CompressionBound

LZMA_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME}]


def _deflate(raw: bytes) -> int:
    packer = zlib.compressobj(level=9, wbits=-15)  # no header and no checksum
    return len(packer.compress(raw) + packer.flush())


def _lzma2(raw: bytes) -> int:
    return len(lzma.compress(raw, format=lzma.FORMAT_RAW, filters=LZMA_FILTERS))


COMPRESSORS: dict[str, Callable[[bytes], int]] = {"deflate": _deflate, "lzma2": _lzma2}


def compression_bound(text: str, *, compressor: str = "lzma2", unit: str = "nats") -> CompressionBound:
    """Bound the entropy per character from above by the length of the compressed text.

    Unlike the entropy of character frequencies it sees repeated words and phrases. On short texts the
    bound is loose: below some 10,000 characters the compressor is still learning the language.

    Parameters
    ----------
    text : str
        Compressed as UTF-8.
    compressor : {"lzma2", "deflate"}
        Raw streams, without file headers or checksums.
    unit : {"nats", "bits"}

    Returns
    -------
    CompressionBound

    Raises
    ------
    Degenerate
        ``too_few`` for an empty text, ``unknown_compressor``, ``unknown_unit``.

    References
    ----------
    Ziv and Lempel (1978), Compression of individual sequences via variable-rate coding, IEEE Transactions
    on Information Theory 24, 530-536, doi:10.1109/TIT.1978.1055934.

    Examples
    --------
    >>> compression_bound("ab" * 5000).value < 0.1
    True
    """
    if compressor not in COMPRESSORS:
        raise Degenerate("unknown_compressor", f"{compressor!r}, allowed are {' and '.join(COMPRESSORS)}")
    if not text:
        raise Degenerate("too_few", "the text is empty")
    size = COMPRESSORS[compressor](text.encode("utf-8", "surrogatepass"))
    record = CompressionBound(
        value=8 * math.log(2) * size / len(text),
        compressed=size,
        n=len(text),
        unit="nats",
        method=f"compression_{compressor}",
    )
    return convert(record, unit=unit)
