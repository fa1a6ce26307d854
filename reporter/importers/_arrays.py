"""NumPy arrays from an untrusted archive: never unpickled, never larger than their bytes, cut rows kept."""

from __future__ import annotations

import ast
import math
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reporter.importers._archive import Archive, unpack
from reporter.importers._files import Damage

MAGIC = b"\x93NUMPY"
LONGEST_HEAD = 10_000
KINDS = "fiuU"  # numbers and names; never objects, which would be unpickled
NOT_NPY = ("not_npy", "a member must be a NumPy array")


@dataclass(frozen=True, slots=True)
class Array:
    """An array, and how many rows it says it had."""

    values: NDArray[Any]
    declared: int

    @property
    def truncated(self) -> bool:
        """Whether rows at its end are missing."""
        return len(self.values) < self.declared


def read_array(archive: Archive, key: str, *, ndim: int, kinds: str) -> Array:
    """Read one array of an NPZ file.

    Parameters
    ----------
    archive : Archive
    key : str
        Its name, without .npy.
    ndim : int
        How many axes it must have.
    kinds : str
        Which kinds of NumPy types it may have: f, i, u, U.

    Raises
    ------
    Damage
        As :func:`unpack`; ``not_npy``, ``pickle_refused``, ``wrong_type``, ``wrong_shape``.
    """
    found = unpack(archive, f"{key}.npy")
    dtype, shape, fortran, start = _head(found.data)
    if dtype.kind not in kinds:
        raise Damage("wrong_type", f"{key} must be of kind {' or '.join(kinds)}")
    if len(shape) != ndim:
        raise Damage("wrong_shape", f"{key} must have {ndim} axes")
    declared = shape[0] if shape else 1
    row = math.prod(shape[1:]) * dtype.itemsize
    if fortran and ndim > 1:
        if start + row * declared > len(found.data):
            raise Damage("truncated_zip", f"{key} must be whole, its rows are not in order")
        flat = np.frombuffer(found.data, dtype, math.prod(shape), start)
        return Array(flat.reshape(shape, order="F"), declared)
    there = min(declared, (len(found.data) - start) // row) if row else 0
    if not shape and not there:
        raise Damage("truncated_zip", f"{key} must be whole")
    flat = np.frombuffer(found.data, dtype, there * (row // dtype.itemsize if row else 0), start)
    return Array(flat.reshape((there, *shape[1:]) if shape else ()), declared)


def _head(data: bytes) -> tuple[np.dtype[Any], tuple[int, ...], bool, int]:
    """Read an array's type, shape, order and where its numbers start."""
    if data[:6] != MAGIC or len(data) < 12:
        raise Damage(*NOT_NPY)
    if data[6] == 1:
        size, start = int(struct.unpack_from("<H", data, 8)[0]), 10
    else:
        size, start = int(struct.unpack_from("<I", data, 8)[0]), 12
    if size > LONGEST_HEAD or start + size > len(data):
        raise Damage(*NOT_NPY)
    try:
        head = ast.literal_eval(data[start : start + size].decode("latin-1").strip())
        text, shape, fortran = head["descr"], head["shape"], head["fortran_order"]
        plain = isinstance(text, str) and isinstance(shape, tuple) and all(type(n) is int for n in shape)
        dtype = np.dtype(text) if plain else np.dtype("V")
    except (ValueError, SyntaxError, TypeError, KeyError, RecursionError, MemoryError) as error:
        raise Damage(*NOT_NPY) from error
    if dtype.hasobject:
        raise Damage("pickle_refused", "a member must hold numbers or names, not pickled objects")
    if not plain or dtype.kind not in KINDS or not dtype.itemsize or min(shape, default=0) < 0:
        raise Damage("wrong_type", "a member must hold numbers or names")
    return dtype, shape, bool(fortran), start + size
