"""Cell profiles as the run goes: fixed-size records appended to one file, readable after any stop.

    8 bytes   magic
    8 bytes   length of the heading, little-endian
    heading   JSON: the cells and the variables, padded with blanks to a multiple of 8
    records   little-endian float64: time, 1 or 0 (also a field output), then each variable over all cells

A last record that is not whole was being written when the run stopped; readers leave it out.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from eisfv.result.errors import ResultError, clear_errors
from eisfv.result.streams import ByteStream

MAGIC = b"EISFVPJ1"
_DOUBLE = np.dtype("<f8")


@dataclass(frozen=True)
class ProfileVariable:
    """A quantity with one value per cell. `concentration_Mg` in mol/m3; dimensionless: unit "1"."""

    name: str
    unit: str
    long_name: str = ""


@dataclass(frozen=True)
class Cells:
    """The cells of the stack from gate to channel.

    y        centre, m from the gate; a surface cell sits on its interface
    width    m; 0 for a surface cell, which is a node value without volume
    region   number of the region, an index of `regions`
    regions  names in the order of their numbers
    """

    y: np.ndarray
    width: np.ndarray
    region: np.ndarray
    regions: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "y", np.asarray(self.y, dtype=float))
        object.__setattr__(self, "width", np.asarray(self.width, dtype=float))
        object.__setattr__(self, "region", np.asarray(self.region, dtype=np.int32))
        object.__setattr__(self, "regions", tuple(self.regions))
        if not self.y.shape == self.width.shape == self.region.shape:
            raise ValueError("y, width and region need one value per cell each")

    def of(self, region: str) -> np.ndarray:
        """Return the indices of one region's cells, its surface cells included."""
        return np.flatnonzero(self.region == self.regions.index(region))


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
    heading = {
        "cells": {"y": cells.y.tolist(), "width": cells.width.tolist(), "region": cells.region.tolist()},
        "regions": cells.regions,
        "variables": [asdict(variable) for variable in variables],
    }
    text = json.dumps(heading).encode()
    text += b" " * (-len(text) % _DOUBLE.itemsize)
    return MAGIC + len(text).to_bytes(8, "little") + text


@dataclass(frozen=True)
class Profiles:
    """Profiles read back, still on disk. time in s and field: one per record; values: (record, variable, cell)."""

    cells: Cells
    variables: tuple[ProfileVariable, ...]
    time: np.ndarray
    field: np.ndarray
    values: np.ndarray


def read_journal(path: Path) -> Profiles:
    """Return the whole records of a journal, memory-mapped; a cut-off last record is left out. Raises ResultError."""
    with clear_errors(path, "read"):
        with path.open("rb") as file:
            start = file.read(16)
            heading = file.read(int.from_bytes(start[8:], "little")) if start[:8] == MAGIC else b""
        size = path.stat().st_size - 16 - len(heading)
    try:
        entries = json.loads(heading)
    except ValueError as error:
        raise ResultError(f"{path}: is not a journal of profiles") from error
    cells = Cells(**entries["cells"], regions=entries["regions"])
    variables = tuple(ProfileVariable(**variable) for variable in entries["variables"])
    length = 2 + len(variables) * cells.y.size
    count = size // (length * _DOUBLE.itemsize)
    if count == 0:
        records = np.empty((0, length))
    else:
        records = np.memmap(path, _DOUBLE, "r", offset=16 + len(heading), shape=(count, length))
    values = records[:, 2:].reshape(count, len(variables), cells.y.size)
    return Profiles(cells, variables, np.array(records[:, 0]), records[:, 1] != 0.0, values)
