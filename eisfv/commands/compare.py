"""`eisfv compare`."""

from collections.abc import Callable, Sequence
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from eisfv.api.places import LATEST
from eisfv.commands.common import complain
from eisfv.errors import DONE, FAILED, WRONG_INPUT, EisfvError

if TYPE_CHECKING:  # they import NumPy
    from eisfv.postprocess.quantities.compare import Row
    from eisfv.result import Run

EXPECTED = "expected.toml"


def compare_cases(cases: Sequence[Path], run: Path | None, report: Path | None) -> int:
    """Print expected against model in one table.

    Returns 1 where a predicted or an exact quantity lies outside its tolerance, 2 where a case cannot be compared; the
    others are compared all the same. Raises StorageError where the report cannot be written.
    """
    from eisfv.postprocess.quantities.paper_report import write_report
    from eisfv.result import ResultError, StorageError

    directories = compared(cases)
    if run is not None and len(directories) != 1:
        complain("--run gives the run of one case; name one case, or leave --run out")
        return WRONG_INPUT
    rows: list[Row] = []
    left_out: dict[Path, str] = {}
    for directory in directories:
        try:
            rows += case_rows(directory, run)
        except EisfvError as error:
            complain(str(error))
            left_out[directory] = str(error)
    code = WRONG_INPUT if left_out else FAILED if any(row.fails for row in rows) else DONE
    if rows:
        from eisfv.postprocess.quantities.compare import comparison_lines

        for line in comparison_lines(rows):
            print(line)
    if report is not None and rows:
        try:
            write_report(report, directories, rows, left_out)
        except ResultError as error:
            raise StorageError(str(error)) from error
        print(f"\n{report}")
    return code


def compared(cases: Sequence[Path]) -> list[Path]:
    """Return the directories to compare: among several, as a shell's * gives them, files are not meant."""
    if len(cases) == 1:
        return [cases[0] if cases[0].is_dir() or not cases[0].exists() else cases[0].parent]
    directories = [case for case in cases if not case.is_file()]
    return list({directory.resolve(): directory for directory in directories}.values())


def case_rows(directory: Path, run: Path | None) -> "list[Row]":
    """Return the rows of a case. Raises ExpectedError, ResultError."""
    from eisfv.postprocess.quantities.compare import compare

    run_of = last_run_of(directory, run)
    run_of(directory)
    return compare(directory / EXPECTED, run_of)


def last_run_of(own: Path, run: Path | None) -> "Callable[[Path], Run]":
    """Return what gives the run of a case: `run` for the own one where it is given, else the last."""
    from eisfv.result import ResultError, read

    found: dict[Path, Run] = {}

    def read_once(case: Path) -> "Run":
        directory = case.resolve()
        if directory not in found:
            place = run if run is not None and directory == own.resolve() else case / LATEST
            if place != run and not place.is_dir():
                raise ResultError(f"{own}: {normpath(place)} is not there; run it first: eisfv run {normpath(case)}")
            found[directory] = read(place)
            state = found[directory].status.state
            if state != "finished":
                complain(f"warning: {normpath(place)}: the run is {state}, not finished")
        return found[directory]

    return read_once
