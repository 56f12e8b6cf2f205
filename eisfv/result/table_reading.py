"""Tables of a run as they are read: csv, whole or in pieces."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import numpy as np

from eisfv.result.errors import ResultError, clear_errors

ROWS_AT_ONCE = 50_000  # rows parsed together: flat memory at some 10 MB

Table = dict[str, np.ndarray]


def table_chunks(path: Path, rows: int = ROWS_AT_ONCE) -> Iterator[Table]:
    """Give a csv table in pieces, columns by their header. A last line without its end is left out."""
    with clear_errors(path, "read"), path.open("rb") as file:
        head = file.readline()
        if not head.endswith(b"\n"):
            return
        headers = head.decode().rstrip("\n").split(",")
        while lines := _whole_lines(file, rows):
            try:
                yield _parse(headers, lines)
            except ValueError as error:
                raise ResultError(f"{path}: a damaged line ({error})") from error


def count_rows(path: Path) -> int:
    """Return how many whole rows a csv table holds. Raises ResultError."""
    with clear_errors(path, "read"), path.open("rb") as file:
        lines = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    return max(0, lines - 1)


def _whole_lines(file: IO[bytes], rows: int) -> list[bytes]:
    lines = [line for _, line in zip(range(rows), file, strict=False)]
    return lines[:-1] if lines and not lines[-1].endswith(b"\n") else lines


def _parse(headers: list[str], lines: list[bytes]) -> Table:
    cells = [line.decode().rstrip("\n").split(",") for line in lines]
    return {header: _array(values) for header, values in zip(headers, zip(*cells, strict=True), strict=True)}


def _array(values: Sequence[str]) -> np.ndarray:
    try:
        return np.array(values, dtype=float)
    except ValueError:
        return np.array(values, dtype=str)


def read_table(path: Path) -> Table:
    """Return a whole csv table; columns of equal length, empty when the file holds no row. Raises ResultError."""
    chunks = list(table_chunks(path))
    if not chunks:
        with clear_errors(path, "read"), path.open() as file:
            head = file.readline().rstrip("\n")
        return {header: np.empty(0) for header in head.split(",") if header}
    return {header: np.concatenate([chunk[header] for chunk in chunks]) for header in chunks[0]}
