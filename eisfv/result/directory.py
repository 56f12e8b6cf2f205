"""The run directory while the solver writes to it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from eisfv.remedies import way
from eisfv.result import file_names
from eisfv.result.atomic import write_atomic
from eisfv.result.cells import Cells
from eisfv.result.checkpoint import Entry, marks_in, read_checkpoint, with_marks, write_checkpoint
from eisfv.result.checksums import Mark, file_mark, sealed, unsealed, verify
from eisfv.result.claim import claim, claim_unfinished, release, remove_own_files
from eisfv.result.errors import ResultError, clear_errors
from eisfv.result.inputs import same_case, verify_inputs
from eisfv.result.journal import ProfileJournal, ProfileVariable, read_journal
from eisfv.result.netcdf import write_netcdf
from eisfv.result.provenance import digest, provenance
from eisfv.result.status import State, Status, state_left, write_status
from eisfv.result.streams import Column, TableStream, Value, log_line
from eisfv.result.table_reading import Table
from eisfv.versions import package_version


class RunDirectory:
    """Opened with `open_new` or `open_resume`; a context manager that closes its files.

    Leaving the context by an exception without `end` records the run as failed or interrupted.
    """

    def __init__(self, path: Path, lock: int, saved: dict[str, Entry] | None) -> None:
        self.path = path
        self._lock = lock
        self._case = ""
        self._ended = False
        self._time = 0.0
        self._streams: dict[str, TableStream | ProfileJournal] = {}
        self._inputs: dict[str, Mark] = {}
        entries, self._marks = marks_in(saved or {})
        self.saved = entries or None
        """What the last checkpoint holds; None for a run that starts at its beginning."""

    @classmethod
    def open_new(cls, path: Path, *, force: bool = False) -> Self:
        """Make the directory; `force` removes an earlier run's files, and no others. Raises ResultError."""
        lock = claim(path, force=force)
        directory = cls(path, lock, None)
        write_status(path, Status("running"))
        return directory

    @classmethod
    def open_resume(cls, path: Path, case: str) -> Self:
        """Take up an unfinished run where its checkpoint left it, or at its beginning when there is none yet.

        case  text of the resolved case, which must be the one the run was started from: anything else is refused
              before a file is touched
        Raises ResultError.
        """
        lock = claim_unfinished(path)
        try:
            verify_inputs(path)
            same_case(path / file_names.CASE, case)
            checkpoint = path / file_names.CHECKPOINT
            saved = read_checkpoint(checkpoint) if checkpoint.is_file() else None
            if saved is None:
                # What pilots have chosen holds before the first checkpoint, too.
                remove_own_files(path, keep=(*file_names.GIVEN, file_names.LOG, file_names.CHOSEN_MESH))
            directory = cls(path, lock, saved)
            if directory.saved is not None:
                directory._time = float(directory.saved.get("time", 0.0))
            write_status(path, Status("running", directory._time))
        except BaseException:
            release(lock)
            raise
        return directory

    def write_case(self, text: str, attachments: Mapping[str, Path] | None = None) -> None:
        """Keep the resolved case and the files it names (name here: file); a resumed run must be given the same.

        Raises ResultError.
        """
        for name, file in (attachments or {}).items():
            with clear_errors(file, "read"):
                content = file.read_bytes()
            if file.resolve() != (self.path / name).resolve():
                write_atomic(self.path / name, content)
        path = self.path / file_names.CASE
        if not same_case(path, text):
            write_atomic(path, text.encode())
        self._case = text
        self._inputs = {name: file_mark(self.path / name) for name in (file_names.CASE, *(attachments or {}))}
        write_status(self.path, Status("running", self._time, checksums=self._inputs))

    def write_mesh(self, chosen: Mapping[str, Any]) -> None:
        """Keep what pilot runs have chosen; a resumed run takes it from there. Raises ResultError."""
        write_atomic(self.path / file_names.CHOSEN_MESH, sealed(chosen, indent=None))

    def prepared(self, entries: Mapping[str, Entry]) -> Path:
        """Return the file of the state from which the measures of a case start; one that is there already stays, as
        measures may have started from it. Raises ResultError."""
        path = self.path / file_names.PREPARED
        if not path.is_file():
            write_checkpoint(path, entries)
        return path

    def write_measures(self, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> None:
        """Write the table of the measures. Raises ResultError."""
        table = TableStream(self.path / file_names.MEASURE_TABLE, columns)
        for row in rows:
            table.append(row)
        table.flush()
        table.close()

    @property
    def has_mesh(self) -> bool:
        """Return whether pilots have chosen a mesh before this run was taken up."""
        return self.saved is not None or (self.path / file_names.CHOSEN_MESH).is_file()

    def mesh(self) -> dict[str, Any]:
        """Return what `write_mesh` has kept. Raises ResultError."""
        return unsealed(self.path / file_names.CHOSEN_MESH)

    def table(self, name: str, columns: Sequence[Column]) -> TableStream:
        """Open one of `file_names.TABLES`; the first column of terminals is the time. Raises ResultError."""
        if name not in file_names.TABLES:
            raise ValueError(f'"{name}" is not one of {", ".join(file_names.TABLES)}: add it to file_names.TABLES')
        file = file_names.table_file(name)
        stream = TableStream(self.path / file, columns, self._marks.get(file, Mark()))
        self._streams[file] = stream
        return stream

    def widen(
        self, name: str, columns: Sequence[Column], rows_of: Callable[[Table], Sequence[Sequence[Value]]]
    ) -> None:
        """Add columns to a table that is complete: what gives their rows from the table. Raises ResultError."""
        file = file_names.table_file(name)
        stream = self._streams[file]
        assert isinstance(stream, TableStream)

        def announce(mark: Mark) -> None:
            write_status(self.path, Status("running", self._time, checksums={**self._inputs, file: mark}))

        stream.widen(columns, rows_of, announce)

    def profiles(self, cells: Cells, variables: Sequence[ProfileVariable]) -> ProfileJournal:
        """Open the journal of cell profiles. Raises ResultError."""
        path = self.path / file_names.JOURNAL
        stream = ProfileJournal(path, cells, variables, self._marks.get(file_names.JOURNAL, Mark()))
        self._streams[file_names.JOURNAL] = stream
        return stream

    def log(self, line: str) -> None:
        """Append a line with the local time to run.log. Raises ResultError."""
        path = self.path / file_names.LOG
        with clear_errors(path), path.open("a") as file:
            file.write(f"{log_line(line)}\n")

    def checkpoint(self, entries: Mapping[str, Entry], simulated_time: float) -> None:
        """Save where to go on (s), together with the streams' marks at this moment. Raises ResultError."""
        marks = {name: stream.flush() for name, stream in self._streams.items()}
        write_checkpoint(self.path / file_names.CHECKPOINT, with_marks(entries, marks))
        write_status(self.path, Status("running", simulated_time, checksums=self._inputs))
        self._time = simulated_time

    def write_provenance(self, command: Sequence[str], statistics: Mapping[str, Any], wall_time: float) -> None:
        """Write provenance.json; statistics of the solver, wall time in s. Raises ResultError."""
        entries = provenance(digest(self._case), command, statistics, wall_time)
        write_atomic(self.path / file_names.PROVENANCE, sealed(entries))

    def end(
        self,
        state: State,
        simulated_time: float,
        message: str = "",
        *,
        title: str = "",
        source: str = "",
        merge: bool = True,
        after: Callable[[], None] | None = None,
    ) -> None:
        """Close the streams, build result.nc from them and record how the run ended. Raises ResultError.

        The journal of a run that is not finished stays, for --resume. merge=False: result.nc is left out, the journal
        stays, and the run can be read all the same. `after` is done before the end is recorded: where that is
        interrupted, the run is.
        """
        self._ended, self._time = True, simulated_time
        try:
            self._close_streams()
            for name, stream in self._streams.items():
                verify(self.path / name, stream.mark)
            if merge:
                self._build_result({"title": title, "source": source})
            checksums = self._checksums(journal=state != "finished" or not merge)
        except ResultError as error:
            with suppress(ResultError):  # the first error is the one to tell
                write_status(self.path, Status("failed", simulated_time, message or str(error)))
            raise
        try:
            if after is not None:
                after()
        except KeyboardInterrupt:
            if state == "finished":
                state, message = "interrupted", f"while what follows it was made; go on with {way('resume')}"
            raise
        finally:
            write_status(self.path, Status(state, simulated_time, message, checksums=checksums))
        if state == "finished" and merge:
            with clear_errors(self.path):
                (self.path / file_names.JOURNAL).unlink(missing_ok=True)

    def _checksums(self, *, journal: bool) -> dict[str, Mark]:
        """Return the marks of all files that stay as they are."""
        left_out = {file_names.STATUS} | (set() if journal else {file_names.JOURNAL})
        written = {name: stream.mark for name, stream in self._streams.items()}
        names = [name for name in file_names.FILES if name not in left_out and (self.path / name).is_file()]
        return {name: written.get(name) or file_mark(self.path / name) for name in names}

    def _build_result(self, attributes: Mapping[str, str]) -> None:
        tables = {
            dimension: (self.path / file, stream.columns)
            for name, dimension in file_names.TABLES.items()
            if isinstance(stream := self._streams.get(file := file_names.table_file(name)), TableStream)
        }
        profiles = read_journal(self.path / file_names.JOURNAL) if file_names.JOURNAL in self._streams else None
        made_by = {"eisfv_version": package_version("eisfv"), "case_digest": digest(self._case)}
        write_netcdf(self.path / file_names.RESULT, tables, profiles, {**attributes, **made_by})

    def _close_streams(self) -> None:
        with ExitStack() as stack:  # all of them, whichever fails
            for stream in self._streams.values():
                stack.callback(stream.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        with suppress(ResultError):
            self._close_streams()
        if error is not None and not self._ended:
            with suppress(ResultError):
                write_status(self.path, Status(state_left(error), self._time, str(error)))
        release(self._lock)
