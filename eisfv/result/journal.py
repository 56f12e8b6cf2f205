"""Cell profiles as the run goes: fixed-size records appended to one file, readable after any stop.

    8 bytes   magic
    8 bytes   length of the heading
    8 bytes   CRC-32 of the heading
    heading   8 bytes length of the text; text (JSON): regions, variables, name, type and shape of each array of the
              cells; these arrays, one after the other
    records   float64: CRC-32 of the rest, time, 1 or 0 (also a field output), step of the protocol, time since it
              began, then each variable over all cells

All numbers are little-endian; the text and each array are padded to a multiple of 8 bytes. A last record that is not
whole was being written when the run stopped; readers leave it out. Journals of the version before have no checksums
and no steps.
"""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike

from eisfv.result.cells import ARRAYS, Cells
from eisfv.result.checksums import Mark, damaged, differs
from eisfv.result.errors import ResultError, clear_errors
from eisfv.result.streams import START, ByteStream

MAGIC, BEFORE = b"EISFVPJ3", b"EISFVPJ2"
LEAD = {MAGIC: 5, BEFORE: 2}  # values of a record ahead of the variables
_DOUBLE = np.dtype("<f8")


@dataclass(frozen=True)
class ProfileVariable:
    """A quantity with one value per cell. `concentration_Mg` in mol/m3; dimensionless: unit "1"."""

    name: str
    unit: str
    long_name: str = ""


class ProfileJournal:
    """The journal open for appending."""

    def __init__(self, path: Path, cells: Cells, variables: Sequence[ProfileVariable], start: Mark = START) -> None:
        """Start the journal, or continue it from a mark. Raises ResultError."""
        self.cells = cells
        self.variables = tuple(variables)
        self._bytes = ByteStream(path, _heading(cells, self.variables), start)

    def append(
        self, time: float, step: int, step_time: float, values: Mapping[str, ArrayLike], *, field: bool = False
    ) -> None:
        """Add the profiles at one time (s): for every variable one value per cell, NaN where it means nothing.

        step is that of the protocol, from 1, and step_time (s) since it began; field marks a time whose VTU files are
        wanted. Raises ResultError, ValueError on a wrong shape.
        """
        lead = LEAD[MAGIC]
        record = np.empty(lead + len(self.variables) * self.cells.y.size, dtype=_DOUBLE)
        record[1:lead] = time, field, step, step_time
        block = record[lead:].reshape(len(self.variables), -1)
        for row, variable in zip(block, self.variables, strict=True):
            row[:] = values[variable.name]
        record[0] = crc32(record[1:].data)
        self._bytes.write(record.tobytes())

    @property
    def mark(self) -> Mark:
        """Length and checksum of what is in the file."""
        return self._bytes.mark

    def flush(self) -> Mark:
        """Put all records on the disk and return the mark of the file."""
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
    body = len(text).to_bytes(8, "little") + text + b"".join(_padded(a.tobytes()) for a in arrays.values())
    return MAGIC + len(body).to_bytes(8, "little") + crc32(body).to_bytes(8, "little") + body


def _padded(data: bytes) -> bytes:
    return data + b" " * (-len(data) % _DOUBLE.itemsize)


Records = slice | Sequence[int]
"""Which of the records, by number."""


@dataclass(frozen=True)
class Profiles:
    """Profiles read back, still on disk. time in s and field: one per record.

    step  of the protocol, from 1, and step_time since it began, s, one per record; None: of a version without them
    read  values (record, variable, cell) of some of the records and a slice of the variables
    """

    cells: Cells
    variables: tuple[ProfileVariable, ...]
    time: np.ndarray
    field: np.ndarray
    step: np.ndarray | None
    step_time: np.ndarray | None
    read: Callable[[Records, slice], np.ndarray]


def read_journal(path: Path) -> Profiles:
    """Return the whole records of a journal, memory-mapped; a cut-off last record is left out. Raises ResultError."""
    with clear_errors(path, "read"), path.open("rb") as file:
        try:
            magic = file.read(8)
            cells, variables = _parsed(_checked_heading(file, path) if magic == MAGIC else file, magic)
        except (ValueError, KeyError, TypeError, OverflowError, MemoryError) as error:
            raise ResultError(f"{path}: is damaged or not a journal of profiles of this version") from error
        start = file.tell()
        size = path.stat().st_size - start
    lead = LEAD[magic]
    length = lead + len(variables) * cells.y.size
    count = size // (length * _DOUBLE.itemsize)
    if count == 0:
        records = np.empty((0, length))
    else:
        records = np.memmap(path, _DOUBLE, "r", offset=start, shape=(count, length))
    if magic == MAGIC:
        for number, record in enumerate(records, start=1):
            if differs(crc32(record[1:].data), record[0]):
                raise damaged(path, f"the checksum of record {number} of {count} differs")
    values = records[:, lead:].reshape(count, len(variables), cells.y.size)
    first = 1 if magic == MAGIC else 0  # behind the checksum
    time, field = np.array(records[:, first]), np.array(records[:, first + 1] != 0.0)
    step, step_time = (records[:, 3].astype(int), np.array(records[:, 4])) if magic == MAGIC else (None, None)
    return Profiles(cells, variables, time, field, step, step_time, lambda r, v: values[r, v])


def _checked_heading(file: IO[bytes], path: Path) -> IO[bytes]:
    length, checksum = (int.from_bytes(file.read(8), "little") for _ in range(2))
    if length > path.stat().st_size:
        raise damaged(path, "it ends inside its heading")
    body = file.read(length)
    if differs(crc32(body), checksum):
        raise damaged(path, "the checksum of its heading differs")
    return io.BytesIO(body)


def _parsed(file: IO[bytes], magic: bytes) -> tuple[Cells, tuple[ProfileVariable, ...]]:
    if magic not in (MAGIC, BEFORE):
        raise ValueError("another magic")
    entries = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    arrays = {}
    for name, code, shape in entries["arrays"]:
        dtype = np.dtype(code)
        size = int(np.prod(shape)) * dtype.itemsize
        arrays[name] = np.frombuffer(file.read(size + -size % _DOUBLE.itemsize)[:size], dtype).reshape(shape)
    cells = Cells(regions=tuple(entries["regions"]), **arrays)
    return cells, tuple(ProfileVariable(**variable) for variable in entries["variables"])
