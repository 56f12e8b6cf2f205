"""Tables that grow with the run: csv, one row appended at a time, cut back to a known length on resume.

Numbers are written as the shortest decimal that reads back as the same double, so equal runs give equal bytes.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Integral
from pathlib import Path
from typing import Literal
from zlib import crc32

from eisfv.remedies import way
from eisfv.result.atomic import write_atomic
from eisfv.result.checksums import Mark, damaged, differs, mark_of, verify
from eisfv.result.errors import ResultError, clear_errors
from eisfv.result.table_reading import Table, read_table

BUFFER_BYTES = 1 << 16  # a few hundred rows per system call

# Units that a header of a csv file ends with.
HEADER_UNITS = ("s", "V", "A", "S", "C", "J", "W", "K", "m", "ohm", "Hz", "F")
RATIOS = ("mol_per_m2", "S_per_V", "S_per_A", "1_per_s", "A2_per_Hz", "V2_per_Hz", "S2_per_Hz")
START = Mark()

Value = float | int | str


@dataclass(frozen=True)
class Column:
    """A column; the name carries no unit, the file's header does (`voltage` in V: `voltage_V`)."""

    name: str
    unit: str = ""
    long_name: str = ""
    kind: Literal["number", "count", "text"] = "number"

    @property
    def header(self) -> str:
        """Return the column's name in the file."""
        unit = self.unit.replace("/", "_per_").replace("^", "").replace(" ", "")
        return f"{self.name}_{unit}" if unit and unit != "1" else self.name


def column_of(header: str) -> Column:
    """Return the column of a file's header: "dG_S" is dG in S, "x_channel" has no unit."""
    for ratio in RATIOS:
        if header.endswith(f"_{ratio}"):
            return Column(header.removesuffix(f"_{ratio}"), ratio.replace("_per_", "/"))
    name, _, last = header.rpartition("_")
    return Column(name, last) if name and last in HEADER_UNITS else Column(header)


def log_line(line: str) -> str:
    """Return a line of run.log, with the local time."""
    return f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}"


class ByteStream:
    """A file open for appending whose length and checksum, `mark`, are known and can be gone back to.

    Unbuffered underneath, so that a full disk shows where it happens and not when the interpreter exits.
    """

    def __init__(self, path: Path, head: bytes, mark: Mark) -> None:
        """Start the file with `head`, or go back to a mark that is not at its beginning. Raises ResultError."""
        self.path, self.mark = path, mark
        self._pending = bytearray()
        with clear_errors(path):
            self._file = path.open("r+b" if mark.length else "wb", buffering=0)
            if mark.length:
                self._continue(head)
            else:
                self._pending += head
        try:
            self.flush()
        except ResultError:
            self._file.close()
            raise

    def _continue(self, head: bytes) -> None:
        found = mark_of(self._file, self.mark.length)
        self._file.seek(0)
        begins = self._file.read(len(head))
        try:
            if found.length < self.mark.length:
                raise ResultError(f"{self.path}: is shorter than the checkpoint says; start over with {way('force')}")
            if differs(found.checksum, self.mark.checksum):
                raise damaged(self.path)
            if begins != head:
                raise ResultError(f"{self.path}: has other columns than this run; start over with {way('force')}")
        except ResultError:
            self._file.close()
            raise
        self._file.truncate(self.mark.length)
        self._file.seek(self.mark.length)

    def write(self, data: bytes) -> None:
        """Append, at the latest at the next flush. Raises ResultError."""
        self._pending += data
        if len(self._pending) >= BUFFER_BYTES:
            self._drain()

    def _drain(self) -> None:
        with clear_errors(self.path):
            while self._pending:
                written = self._file.write(self._pending)
                self.mark = Mark(self.mark.length + written, crc32(self._pending[:written], self.mark.checksum))
                del self._pending[:written]

    def flush(self) -> Mark:
        """Put everything on the disk and return the mark of it. Raises ResultError."""
        self._drain()
        with clear_errors(self.path):
            os.fsync(self._file.fileno())
        return self.mark

    def close(self) -> None:
        """Write what is pending and close the file, also when that fails. Raises ResultError."""
        try:
            if not self._file.closed:
                self._drain()
        finally:
            self._pending.clear()
            self._file.close()


class TableStream:
    """A csv table open for appending."""

    def __init__(self, path: Path, columns: Sequence[Column], start: Mark = START) -> None:
        """Start the table, or continue it from a mark. Raises ResultError."""
        self.columns = tuple(columns)
        head = ",".join(column.header for column in columns) + "\n"
        if start.length:
            _narrow(path, head.rstrip("\n"))
        self._bytes = ByteStream(path, head.encode(), start)

    def append(self, row: Sequence[Value]) -> None:
        """Add one row, values in the order of the columns. Raises ResultError, ValueError on a wrong length."""
        if len(row) != len(self.columns):
            raise ValueError(f"{len(row)} values for {len(self.columns)} columns of {self._bytes.path.name}")
        self._bytes.write((",".join(map(_text, row)) + "\n").encode())

    def widen(
        self,
        columns: Sequence[Column],
        rows_of: Callable[[Table], Sequence[Sequence[Value]]],
        announce: Callable[[Mark], None],
    ) -> None:
        """Close a table that is complete and add columns to it, given what takes it whole. Raises ResultError.

        announce  is told the mark of the wide table before it takes the place of the other
        """
        path = self._bytes.path
        self.close()
        verify(path, self.mark)
        rows = rows_of(read_table(path))
        with clear_errors(path, "read"):
            head, *lines = path.read_text().splitlines()
        wide = [",".join((head, *(column.header for column in columns)))]
        wide += [",".join((line, *map(_text, row))) for line, row in zip(lines, rows, strict=True)]
        content = ("\n".join(wide) + "\n").encode()
        mark = Mark(len(content), crc32(content))
        announce(mark)
        write_atomic(path, content)
        self._bytes.mark = mark
        self.columns += tuple(columns)

    @property
    def mark(self) -> Mark:
        """Length and checksum of what is in the file."""
        return self._bytes.mark

    def flush(self) -> Mark:
        """Put all rows on the disk and return the mark of the file."""
        return self._bytes.flush()

    def close(self) -> None:
        """Write what is pending and close the file."""
        self._bytes.close()


def _narrow(path: Path, head: str) -> None:
    """Take the columns back that `widen` has added to a table; its own ones are `head`."""
    with clear_errors(path, "read"):
        lines = path.read_bytes().splitlines(keepends=True) if path.is_file() else []
    if lines and lines[0].startswith(f"{head},".encode()):
        count = head.count(",") + 1
        narrow = [b",".join(line.rstrip(b"\n").split(b",")[:count]) + b"\n" for line in lines]
        write_atomic(path, b"".join(narrow))


def _text(value: Value) -> str:
    if type(value) is float:  # most are
        return repr(value)
    if isinstance(value, str):
        if any(mark in value for mark in ',"\n'):
            raise ValueError(f"a cell of a table cannot hold {value!r}")
        return value
    return str(int(value)) if isinstance(value, Integral) else repr(float(value))
