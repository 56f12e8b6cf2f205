"""A run that leaves no files: takes what a run directory takes, and is read as one on disk is.

directory = MemoryDirectory()
run_case(case, directory, ...)
directory.results.terminals["voltage_V"]
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from eisfv.result.cells import Cells
from eisfv.result.checkpoint import Entry, write_checkpoint
from eisfv.result.errors import ResultError
from eisfv.result.file_names import MEASURES, PREPARED
from eisfv.result.journal import Profiles, ProfileVariable
from eisfv.result.reader import Run
from eisfv.result.status import State, Status, state_left
from eisfv.result.streams import Column, Value, log_line
from eisfv.result.table_reading import Table

NOWHERE = Path("run in memory")
LARGEST = 2_000_000_000  # bytes of profiles, and of a table: beyond, a machine slows down or ends the process
ENTRY = 32  # bytes of a number in a row


def too_large(what: str, key: str) -> ResultError:
    """Return what to raise for a run that does not fit."""
    size = f"{LARGEST / 1e9:g} GB"
    return ResultError(f"{NOWHERE}: {what} are {size}; give it a directory with out, or write less: output.{key}")


class MemoryTable:
    """The rows of a table."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        self.rows: list[tuple[Value, ...]] = []
        self.most = LARGEST // (ENTRY * len(self.columns))

    def append(self, row: Sequence[Value]) -> None:
        """Add one row, values in the order of the columns. Raises ResultError; ValueError on a wrong length."""
        if len(row) != len(self.columns):
            raise ValueError(f"{len(row)} values for {len(self.columns)} columns")
        if len(self.rows) >= self.most:
            raise too_large(f"{self.most} rows", "terminals")
        self.rows.append(tuple(row))

    def table(self) -> Table:
        """Return the columns by their header."""
        parts = list(zip(*self.rows, strict=True)) or [()] * len(self.columns)
        kinds = [str if column.kind == "text" else float for column in self.columns]
        named = zip(self.columns, parts, kinds, strict=True)
        return {column.header: np.array(part, kind) for column, part, kind in named}


class MemoryJournal:
    """The records of the cell profiles."""

    def __init__(self, cells: Cells, variables: Sequence[ProfileVariable]) -> None:
        self.cells, self.variables = cells, tuple(variables)
        self.leads: list[tuple[float, bool, int, float]] = []
        self.records: list[np.ndarray] = []
        self.most = LARGEST // (np.dtype(float).itemsize * max(1, len(self.variables) * cells.y.size))

    def append(
        self, time: float, step: int, step_time: float, values: Mapping[str, ArrayLike], *, field: bool = False
    ) -> None:
        """Add the profiles at one time (s), as a `ProfileJournal` does. Raises ResultError."""
        if len(self.records) >= self.most:
            raise too_large(f"{self.most} profiles", "profiles")
        self.leads.append((time, field, step, step_time))
        self.records.append(np.array([values[variable.name] for variable in self.variables], float))

    def profiles(self) -> Profiles:
        """Return the records that there are."""
        kinds: tuple[Any, ...] = (float, bool, int, float)
        columns = zip(*self.leads, strict=True) if self.leads else ((),) * len(kinds)
        times, fields, steps, since = (np.array(part, kind) for part, kind in zip(columns, kinds, strict=True))
        shape = (-1, len(self.variables), self.cells.y.size)
        values = np.array(self.records).reshape(shape) if self.records else np.empty((0, *shape[1:]))
        return Profiles(self.cells, self.variables, times, fields, steps, since, lambda r, v: values[r, v])


@dataclass
class Kept:
    """What a run has handed over."""

    tables: dict[str, MemoryTable] = field(default_factory=dict)
    journal: MemoryJournal | None = None
    case: str = ""
    title: str = ""
    statistics: Mapping[str, Any] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class MemoryRun(Run):
    """A run that was kept in memory; `path` is a word for messages."""

    kept: Kept

    def __reduce__(self) -> tuple[Any, ...]:
        """Let another process have the run: what was made of it is made again there."""
        return MemoryRun, (self.path, self.status, self.kept)

    @property
    def title(self) -> str:
        """The case's title."""
        return self.kept.title

    @property
    def case_text(self) -> str:
        """The resolved case."""
        return self.kept.case

    @property
    def log(self) -> str:
        """What happened when, a line each."""
        return "".join(f"{line}\n" for line in self.kept.log)

    @cached_property
    def measures(self) -> Table:
        """Columns of the pulses of the [[measure]] of the case; empty where it has none."""
        return self.table(MEASURES)

    @property
    def numerical_error(self) -> Mapping[str, Any]:
        """What the run tells of its numerical error: "mesh" and "time", each by quantity."""
        return dict(self.kept.statistics.get("numerical_error", {}))

    @cached_property
    def _profiles(self) -> Profiles | None:
        return None if self.kept.journal is None else self.kept.journal.profiles()

    def table(self, name: str) -> Table:
        """Return a table, its columns by their header; empty where the run has none."""
        return self.kept.tables[name].table() if name in self.kept.tables else {}

    def columns(self, name: str) -> tuple[Column, ...]:
        """Return the columns of a table."""
        return self.kept.tables[name].columns if name in self.kept.tables else ()


class MemoryDirectory:
    """Stands where a run writes, as a `RunDirectory` does, and keeps it; there is nothing to go on from."""

    saved = None

    def __init__(self) -> None:
        self.kept = Kept()
        self.status = Status("running")
        self.files: TemporaryDirectory[str] | None = None

    @property
    def results(self) -> MemoryRun:
        """Return the run as far as it is."""
        return MemoryRun(NOWHERE, self.status, self.kept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self.files is not None:
            self.files.cleanup()
        if error is not None and self.status.state == "running":
            self.status = Status(state_left(error), self.status.simulated_time, str(error))

    def write_case(self, text: str, attachments: Mapping[str, Path] | None = None) -> None:
        """Keep the resolved case."""
        self.kept.case = text

    def write_mesh(self, chosen: Mapping[str, Any]) -> None:
        """What pilots have chosen is for a run that is resumed."""

    def table(self, name: str, columns: Sequence[Column]) -> MemoryTable:
        """Open a table."""
        self.kept.tables[name] = MemoryTable(columns)
        return self.kept.tables[name]

    def widen(
        self, name: str, columns: Sequence[Column], rows_of: Callable[[Table], Sequence[Sequence[Value]]]
    ) -> None:
        """Add columns to a table that is complete: what gives their rows from the table."""
        table = self.kept.tables[name]
        more = rows_of(table.table())
        table.rows = [(*row, *new) for row, new in zip(table.rows, more, strict=True)]
        table.columns += tuple(columns)

    def profiles(self, cells: Cells, variables: Sequence[ProfileVariable]) -> MemoryJournal:
        """Open the journal of cell profiles."""
        self.kept.journal = MemoryJournal(cells, variables)
        return self.kept.journal

    def log(self, line: str) -> None:
        """Append a line with the local time to the log."""
        self.kept.log.append(log_line(line))

    @property
    def path(self) -> Path:
        """Return where the measures of a case run; it is removed at the end."""
        if self.files is None:
            self.files = TemporaryDirectory(prefix="eisfv-")
        return Path(self.files.name)

    def prepared(self, entries: Mapping[str, Entry]) -> Path:
        """Return the file of the state from which the measures of a case start. Raises ResultError."""
        path = self.path / PREPARED
        write_checkpoint(path, entries)
        return path

    def write_measures(self, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> None:
        """Keep the table of the measures. Raises ResultError."""
        table = self.table(MEASURES, columns)
        for row in rows:
            table.append(row)

    def checkpoint(self, entries: Mapping[str, Any], simulated_time: float) -> None:
        """Nothing goes on from here; note how far the run is (s)."""
        self.status = Status("running", simulated_time)

    def write_provenance(self, command: Sequence[str], statistics: Mapping[str, Any], wall_time: float) -> None:
        """Keep the statistics of the solver."""
        self.kept.statistics = statistics

    def end(
        self,
        state: State,
        simulated_time: float,
        message: str = "",
        *,
        title: str = "",
        after: Callable[[], None] | None = None,
        **of_files: object,
    ) -> None:
        """Note how the run ended, and do what follows it. of_files: what else a `RunDirectory` takes, for its files."""
        self.kept.title = title
        self.status = Status(state, simulated_time, message)
        if after is not None:
            after()
