"""Cell profiles as the run goes: fixed-size records appended to one file, readable after any stop.

    8 bytes   magic
    8 bytes   length of the text, little-endian
    text      JSON: regions, variables, name, type and shape of each array of the cells
    arrays    of the cells, one after the other, little-endian
    records   little-endian float64: time, 1 or 0 (also a field output), then each variable over all cells

The text and each array are padded to a multiple of 8 bytes. A last record that is not whole was being written when the
run stopped; readers leave it out.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import ArrayLike

from eisfv.result.cells import ARRAYS, Cells
from eisfv.result.errors import ResultError, clear_errors
from eisfv.result.streams import ByteStream

MAGIC = b"EISFVPJ2"
_DOUBLE = np.dtype("<f8")


@dataclass(frozen=True)
class ProfileVariable:
    """A quantity with one value per cell. `concentration_Mg` in mol/m3; dimensionless: unit "1"."""

    name: str
    unit: str
    long_name: str = ""


class ProfileJournal:
    """The journal open for appending."""

    def __init__(self, path: Path, cells: Cells, variables: Sequence[ProfileVariable], offset: int = 0) -> None:
        """Start the journal, or continue it from `offset` bytes. Raises ResultError."""
        self.cells = cells
        self.variables = tuple(variables)
        self._bytes = ByteStream(path, _heading(cells, self.variables), offset)

    def append(self, time: float, values: Mapping[str, ArrayLike], *, field: bool = False) -> None:
        """Add the profiles at one time (s): for every variable one value per cell, NaN where it means nothing.

        field marks a time whose VTU files are wanted. Raises ResultError, ValueError on a wrong shape.
        """
        record = np.empty(2 + len(self.variables) * self.cells.y.size, dtype=_DOUBLE)
        record[:2] = time, field
        block = record[2:].reshape(len(self.variables), -1)
        for row, variable in zip(block, self.variables, strict=True):
            row[:] = values[variable.name]
        self._bytes.write(record.tobytes())

    def flush(self) -> int:
        """Put all records on the disk and return the length of the file in bytes."""
        return self._bytes.flush()

    def close(self) -> None:
        """Write what is pending and close the file."""
        self._bytes.close()


def _heading(cells: Cells, variables: Sequence[ProfileVariable]) -> bytes:
    arrays = {name: array for name, dtype in ARRAYS.items() if (array := cells.array(name, dtype)) is not None}
    heading = {
        "regions": cells.regions,
        "variables": [asdict(variable) for variable in variables],
        "arrays": [[name, array.dtype.str, array.shape] for name, array in arrays.items()],
    }
    text = _padded(json.dumps(heading).encode())
    return MAGIC + len(text).to_bytes(8, "little") + text + b"".join(_padded(a.tobytes()) for a in arrays.values())


def _padded(data: bytes) -> bytes:
    return data + b" " * (-len(data) % _DOUBLE.itemsize)


@dataclass(frozen=True)
class Profiles:
    """Profiles read back, still on disk. time in s and field: one per record.

    read  values (record, variable, cell) of a slice of the records and a slice of the variables
    """

    cells: Cells
    variables: tuple[ProfileVariable, ...]
    time: np.ndarray
    field: np.ndarray
    read: Callable[[slice, slice], np.ndarray]


def read_journal(path: Path) -> Profiles:
    """Return the whole records of a journal, memory-mapped; a cut-off last record is left out. Raises ResultError."""
    with clear_errors(path, "read"), path.open("rb") as file:
        try:
            cells, variables = _read_heading(file)
        except (ValueError, KeyError, TypeError) as error:
            raise ResultError(f"{path}: is not a journal of profiles of this version") from error
        start = file.tell()
        size = path.stat().st_size - start
    length = 2 + len(variables) * cells.y.size
    count = size // (length * _DOUBLE.itemsize)
    if count == 0:
        records = np.empty((0, length))
    else:
        records = np.memmap(path, _DOUBLE, "r", offset=start, shape=(count, length))
    values = records[:, 2:].reshape(count, len(variables), cells.y.size)
    return Profiles(
        cells, variables, np.array(records[:, 0]), np.array(records[:, 1] != 0.0), lambda r, v: values[r, v]
    )


def _read_heading(file: IO[bytes]) -> tuple[Cells, tuple[ProfileVariable, ...]]:
    if file.read(8) != MAGIC:
        raise ValueError("another magic")
    entries = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    arrays = {}
    for name, code, shape in entries["arrays"]:
        dtype = np.dtype(code)
        size = int(np.prod(shape)) * dtype.itemsize
        arrays[name] = np.frombuffer(file.read(size + -size % _DOUBLE.itemsize)[:size], dtype).reshape(shape)
    cells = Cells(regions=tuple(entries["regions"]), **arrays)
    return cells, tuple(ProfileVariable(**variable) for variable in entries["variables"])
