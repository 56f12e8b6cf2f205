"""A run read back, finished or not: `read(path)`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from eisfv.result import file_names
from eisfv.result.cells import Cells
from eisfv.result.checksums import Mark, damaged, unsealed
from eisfv.result.errors import ResultError, clear_errors
from eisfv.result.journal import Profiles, ProfileVariable, Records, read_journal
from eisfv.result.netcdf import read_columns, read_profiles, read_tables
from eisfv.result.status import Status, read_status
from eisfv.result.streams import Column, column_of
from eisfv.result.table_reading import Table, read_table
from eisfv.result.verifying import marks_of_run, verify_of_run
from eisfv.text_files import UnreadableError, read_toml

T = TypeVar("T")
AT_ONCE = 8  # profiles: opening result.nc takes longer than reading one of a stack


@dataclass(frozen=True)
class Run:
    """A run directory; each part is read when first asked for.

    A finished run is read from result.nc, any other from the csv tables and the journal. Raises ResultError.
    """

    path: Path
    status: Status

    def __reduce__(self) -> tuple[Any, ...]:
        """Let another process have the run, which reads it again."""
        return Run, (self.path, self.status)

    @cached_property
    def title(self) -> str:
        """The case's title, empty when it has none."""
        path = self.checked(file_names.CASE)
        if not path.is_file():
            return ""
        try:
            case = read_toml(path).get("case")
        except UnreadableError as error:
            raise ResultError(f"{path}: {error}") from error
        return str(case.get("title", "")) if isinstance(case, dict) else ""

    @property
    def case_text(self) -> str:
        """The resolved case: the text of a case file."""
        return self._text(file_names.CASE)

    @property
    def log(self) -> str:
        """What happened when, a line each."""
        return self._text(file_names.LOG)

    def _text(self, name: str) -> str:
        path = self.checked(name)
        with clear_errors(path, "read"):
            return path.read_text()

    @cached_property
    def terminals(self) -> Table:
        """Columns of terminals.csv by their header, such as "voltage_V"."""
        return self.table("terminals")

    @cached_property
    def pulses(self) -> Table:
        """Columns of pulses.csv by their header, such as "dG_S"; `amplitude_unit` is text, all else float."""
        return self.table("pulses")

    @cached_property
    def measures(self) -> Table:
        """Columns of measures.csv, the pulses of the case's [[measure]], by their header; empty where it has none."""
        path = self.checked(file_names.MEASURE_TABLE)
        return read_table(path) if path.is_file() else {}

    @cached_property
    def numerical_error(self) -> Mapping[str, Any]:
        """What the run tells of its numerical error: "mesh" and "time", each by quantity; empty where it does not."""
        path = self.checked(file_names.PROVENANCE)
        try:
            return dict(unsealed(path).get("solver", {}).get("numerical_error", {})) if path.is_file() else {}
        except (TypeError, ValueError, AttributeError) as error:
            raise damaged(path, f"it is not the provenance of a run: {error}") from error

    @cached_property
    def _profiles(self) -> Profiles | None:
        if self._complete:
            return self._from_result(read_profiles)
        journal = self.path / file_names.JOURNAL
        return read_journal(journal) if journal.is_file() else None

    @property
    def has_profiles(self) -> bool:
        """Tell whether there is at least one profile."""
        return self._profiles is not None and self._profiles.time.size > 0

    def _recorded(self) -> Profiles:
        if self._profiles is None:
            raise ResultError(f"{self.path}: the run recorded no profiles")
        return self._profiles

    @property
    def cells(self) -> Cells:
        """The cells the profiles are given on."""
        return self._recorded().cells

    @property
    def regions(self) -> tuple[str, ...]:
        """Names of the regions from gate to channel."""
        return self._recorded().cells.regions

    @property
    def profile_times(self) -> np.ndarray:
        """Times of the profiles, s."""
        return self._recorded().time

    @property
    def profile_steps(self) -> np.ndarray | None:
        """Protocol steps of the profiles, from 1; None of a run of a version that did not tell them."""
        return self._recorded().step

    @property
    def profile_step_times(self) -> np.ndarray | None:
        """Times of the profiles since their step began, s; None of a run of a version that did not tell them."""
        return self._recorded().step_time

    @property
    def profile_is_field(self) -> np.ndarray:
        """True for a profile that is also wanted as VTU."""
        return self._recorded().field

    @property
    def profile_variables(self) -> tuple[ProfileVariable, ...]:
        """Names and units of the profiles."""
        return self._recorded().variables

    def profiles(self, name: str) -> np.ndarray:
        """Return one variable as (profile_time, cell); NaN where it means nothing. Raises ResultError."""
        if name not in self._by_name:
            names = [variable.name for variable in self.profile_variables]
            if name not in names:
                raise ResultError(f'{self.path}: no profile "{name}"; there are {", ".join(names)}')
            number = names.index(name)
            self._by_name[name] = self._values(slice(None), slice(number, number + 1))[:, 0]
        return self._by_name[name]

    def profiles_at(self, record: int) -> dict[str, np.ndarray]:
        """Return every variable as (cell) at one profile time, by name; nothing else is read."""
        (found,) = self.profiles_of([record])
        return found

    def profiles_of(self, records: Sequence[int]) -> Iterator[dict[str, np.ndarray]]:
        """Give for each of some profile times every variable as (cell), by name; a few of them are read at once."""
        names = [variable.name for variable in self.profile_variables]
        for first in range(0, len(records), AT_ONCE):
            for values in self._values(records[first : first + AT_ONCE], slice(None)):
                yield dict(zip(names, values, strict=True))

    @cached_property
    def _by_name(self) -> dict[str, np.ndarray]:
        return {}

    def _values(self, records: Records, variables: slice) -> np.ndarray:
        with clear_errors(self.path, "read"):
            return self._recorded().read(records, variables)

    @property
    def _complete(self) -> bool:
        return self.status.state == "finished" and (self.path / file_names.RESULT).is_file()

    def table(self, name: str) -> Table:
        """Return one of `file_names.TABLES`, its columns by their header; empty where the run has none."""
        if self._complete:
            return self._from_result(lambda path: read_tables(path, file_names.TABLES[name]))
        path = self.checked(file_names.table_file(name))
        return read_table(path) if path.is_file() else {}

    def columns(self, name: str) -> tuple[Column, ...]:
        """Return the columns of one of `file_names.TABLES`; their meaning is known once the run has finished."""
        if self._complete:
            return self._from_result(lambda path: read_columns(path, file_names.TABLES[name]))
        return tuple(map(column_of, self.table(name)))

    def _from_result(self, reader: Callable[[Path], T]) -> T:
        path = self.checked(file_names.RESULT)
        try:
            with clear_errors(path, "read"):
                return reader(path)
        except (KeyError, ValueError, TypeError, RuntimeError, AttributeError) as error:
            raise damaged(path, f"it cannot be read: {error}") from error

    def checked(self, name: str) -> Path:
        """Return the path of a file, compared with its checksum where there is one. Raises ResultError."""
        if name not in self._found_whole:
            verify_of_run(self.path, name, self.status, self._marks)
            self._found_whole.add(name)
        return self.path / name

    @cached_property
    def _marks(self) -> dict[str, Mark]:
        return marks_of_run(self.path, self.status)

    @cached_property
    def _found_whole(self) -> set[str]:
        return set()


def read(path: Path) -> Run:
    """Return the run in a directory. Raises ResultError when there is none."""
    status = read_status(path)
    if status is None:
        raise ResultError(f"{path}: is not a run directory (it has no {file_names.STATUS})")
    return Run(path, status)
