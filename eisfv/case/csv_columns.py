"""A table of numbers in a csv file, its header with names and units: "time (ms),V_gate (V)"."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from eisfv.case.file_tree import there
from eisfv.case.problems import display
from eisfv.errors import EisfvError
from eisfv.text_files import UnreadableError, read_text
from eisfv.units import UnitError, parse

COLUMN = re.compile(r"\s*([^()]*[^()\s])\s*\(([^()]+)\)\s*")
LARGEST_ROWS = 20_000
EXAMPLE = 'its first line must name columns and units, for example "time (ms),V_gate (V)"'


class CsvError(EisfvError):
    """A file that is not what it should be. The text reads on after the key that names it, or another one (key)."""

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True)
class Columns:
    """units of the columns by name; cells of every row; numbers of the rows' lines in the file."""

    units: dict[str, str]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def quantities(self, name: str, dimension: str) -> list[str]:
        """Return a column as texts with units. Raises CsvError."""
        place, unit = list(self.units).index(name), self.units[name]
        found = [f"{row[place].strip()} {unit}" for row in self.rows]
        for text, line in zip(found, self.lines, strict=True):
            try:
                parse(text, dimension)
            except UnitError as error:
                raise CsvError(f'has "{text}" in line {line}, which {error.reason}') from None
        return found


def read_columns(file: Path) -> Columns:
    """Return the table of a file. Raises CsvError."""
    if not there(file):
        raise CsvError(f"does not exist: there is no file {display(file)}")
    try:
        content = list(csv.reader(read_text(file).splitlines()))
    except (UnreadableError, csv.Error) as error:
        raise CsvError(f"{error}; write it with columns of numbers and commas between") from None
    table = [(number, tuple(cells)) for number, cells in enumerate(content, 1) if any(cells)]
    head = [COLUMN.fullmatch(cell) for cell in table[0][1]] if table else []
    named = [match for match in head if match is not None]
    if len(named) < 2 or len(named) < len(head):
        raise CsvError(f"has no header: {EXAMPLE}")
    units = {match[1]: match[2] for match in named}
    if len(units) < len(named):
        raise CsvError("names two columns alike; give each its own name")
    if not 3 <= len(table) <= LARGEST_ROWS + 1:
        raise CsvError(f"has {len(table) - 1} rows; it needs 2 at least and {LARGEST_ROWS} at most")
    for number, cells in table[1:]:
        if len(cells) != len(units):
            raise CsvError(f"has {len(cells)} columns in line {number} and {len(units)} in its header")
    return Columns(units, tuple(cells for _, cells in table[1:]), tuple(number for number, _ in table[1:]))
