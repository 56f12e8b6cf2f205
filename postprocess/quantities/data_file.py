"""Measured numbers from a csv file whose header names columns and units: "time (s),G (uS)"."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eisfv.errors import EisfvError
from eisfv.text_files import UnreadableError, read_text
from eisfv.units import DIMENSIONS, UnitError, parse

COLUMN = re.compile(r"\s*(.*?)\s*\(([^()]*)\)\s*")
PLAIN = ("", "-", "1")  # units of a number without one
DIMENSION_OF = {dimension.si: name for name, dimension in DIMENSIONS.items()}  # by the SI unit
EXAMPLE = 'write names and units in its first line, as "time (s),G (uS)"'


class DataError(EisfvError):
    """A file of data that cannot be used; the message is one line for the user."""


@dataclass(frozen=True)
class DataColumn:
    """A column as it is written; values not in SI."""

    name: str
    unit: str
    values: np.ndarray

    def measures(self, dimension: str) -> bool:
        """Return whether it can be read as a dimension of `eisfv.units`, "" of plain numbers."""
        if not dimension or self.unit in PLAIN:
            return not dimension and self.unit in PLAIN
        try:
            parse(f"1 {self.unit}", dimension)
        except UnitError:
            return False
        return True

    def si(self, dimension: str) -> np.ndarray:
        """Return the values in SI of a dimension that it measures."""
        return self.values * parse(f"1 {self.unit}", dimension) if dimension else self.values


def read_data(path: Path) -> list[DataColumn]:
    """Return the columns of a file. Raises DataError."""
    try:
        lines = [(number, cells) for number, cells in enumerate(csv.reader(read_text(path).splitlines()), 1) if cells]
    except (UnreadableError, csv.Error) as error:
        raise DataError(f"{path}: {error}") from None
    heads = [COLUMN.fullmatch(cell) for cell in lines[0][1]] if lines else []
    if len(heads) < 2 or None in heads:
        raise DataError(f"{path}: has no header; {EXAMPLE}")
    if len(lines) < 2:
        raise DataError(f"{path}: has a header and no numbers")
    table = np.empty((len(lines) - 1, len(heads)))
    for row, (number, cells) in enumerate(lines[1:]):
        if len(cells) != len(heads):
            raise DataError(f"{path}: has {len(cells)} columns in line {number} and {len(heads)} in its header")
        for k, cell in enumerate(cells):
            try:
                table[row, k] = float(cell)
            except ValueError:
                raise DataError(f'{path}: has "{cell}" in line {number}, which is no number') from None
    return [DataColumn(head[1], head[2].strip(), table[:, k]) for k, head in enumerate(heads) if head is not None]
