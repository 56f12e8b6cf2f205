"""`eisfv.compare`: runs against their cases' expected.toml."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from eisfv.api.given import path_of, place_or_none, several
from eisfv.api.run import Run
from eisfv.case.case import LATEST
from eisfv.errors import EisfvError
from eisfv.postprocess.quantities.compare import compare as rows_of
from eisfv.postprocess.quantities.ensembles import SWEEP
from eisfv.postprocess.quantities.paper_report import head_of, write_report
from eisfv.postprocess.quantities.rows import Row, comparison_lines
from eisfv.remedies import way
from eisfv.result import ResultError, StorageError, read
from eisfv.result import Run as Results

if TYPE_CHECKING:
    import pandas as pd

EXPECTED = "expected.toml"


@dataclass(frozen=True)
class Comparison:
    """What was expected and what the model gives.

    rows      a quantity each
    left_out  cases that could not be compared, and why
    notices   runs that have not finished, figures that cannot be drawn
    figures   files of the [[figure]] tables, drawn of the last runs
    """

    rows: tuple[Row, ...]
    left_out: Mapping[Path, str]
    notices: tuple[str, ...] = ()
    figures: tuple[Path, ...] = ()

    @property
    def fails(self) -> bool:
        """Whether a predicted or an exact quantity lies outside its tolerance."""
        return any(row.fails for row in self.rows)

    def draw(self) -> list[Path]:
        """Draw measured curves with the model into the plots of their runs; return the pictures. Raises ResultError."""
        from eisfv.postprocess.pictures.measured_picture import draw_measured

        return [
            draw_measured(row.curve, row.run, f"{row.case}: {row.quantity.name}")
            for row in self.rows
            if row.curve is not None and row.run is not None and row.run.is_dir()
        ]

    @property
    def table(self) -> "pd.DataFrame":
        """A row a quantity: case, expected and model (SI), ratio, tolerance, kind, numerical (the model's error, SI),
        standard (error of a fitted value, SI), within, verdict."""
        import pandas as pd

        entries = [
            {
                "quantity": row.quantity.name,
                "case": row.case,
                "expected": row.quantity.value,
                "model": row.model,
                "unit": row.quantity.unit,
                "ratio": row.ratio,
                "tolerance": row.quantity.tolerance,
                "kind": row.quantity.kind,
                "numerical": row.numerical,
                "standard": row.standard,
                "within": row.within,
                "verdict": row.verdict,
            }
            for row in self.rows
        ]
        return pd.DataFrame(entries).set_index("quantity") if entries else pd.DataFrame()

    def __str__(self) -> str:
        return "\n".join([*comparison_lines(self.rows), *self.left_out.values()])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def compare(
    cases: str | Path | Sequence[str | Path],
    *,
    run: Run | str | Path | None = None,
    report: str | Path | None = None,
    head: str | Path | None = None,
) -> Comparison:
    """Compare the last runs of cases with their expected.toml, and draw the figures that it describes.

    cases   directories; a case that cannot be compared is told in `left_out`, the others are compared all the same
    run     of a single case: the run, or its directory, in place of the last one; no figures are drawn then
    report  a file.md that gets the table and the pictures
    head    a file.md with the title and the first paragraphs of the report, in place of a mere title
    Raises EisfvError where a single case cannot be compared, StorageError where the report cannot be written.

    >>> import eisfv
    >>> eisfv.compare("nowhere")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    eisfv.result.errors.ResultError: nowhere: nowhere/runs/latest is not there; run it first: ...
    """
    places = [path_of(case) for case in several(cases, (str, Path), "cases")]
    target, top = place_or_none(report), place_or_none(head)
    found = compared_cases(places, run if isinstance(run, Run) else place_or_none(run))
    if len(places) == 1 and found.errors:
        raise found.errors[0]
    found.write(target, top)
    return found.comparison


@dataclass(frozen=True)
class Compared:
    """A comparison, its cases, and the errors of those that are left out."""

    comparison: Comparison
    cases: list[Path]
    errors: list[EisfvError]

    def write(self, path: Path | None, head: Path | None = None) -> bool:
        """Write the report where one is asked for and there is something to report; head: a file with its top.

        Raises StorageError; ResultError for a head of no report.
        """
        if path is None and head is not None:
            raise ResultError(f"head = {str(head)!r}: is that of a report; give --report too, or leave it out")
        if path is None or not self.comparison.rows:
            return False
        top = head_of(head)
        try:
            write_report(path, self.cases, self.comparison.rows, self.comparison.left_out, top)
        except ResultError as error:
            raise StorageError(str(error)) from error
        return True


def compared_cases(cases: Sequence[Path], run: Run | Path | None = None) -> Compared:
    """Return the comparison of cases. Raises ResultError for a run that is not told whose it is."""
    directories = compared(cases)
    if run is not None and len(directories) != 1:
        raise ResultError("run: is that of one case; name one case, or leave it out")
    rows: list[Row] = []
    left_out: dict[Path, str] = {}
    errors: list[EisfvError] = []
    notices: list[str] = []
    figures: list[Path] = []
    for directory in directories:
        try:
            rows += case_rows(directory, run, notices.append)
        except EisfvError as error:
            errors.append(error)
            left_out[directory] = str(error)
        else:
            if run is None:
                figures += figures_of_case(directory, notices.append)
    return Compared(Comparison(tuple(rows), left_out, tuple(notices), tuple(figures)), directories, errors)


def figures_of_case(directory: Path, note: Callable[[str], None]) -> list[Path]:
    """Draw the figures of a case and return their files; note: takes a line on what cannot be drawn."""
    from eisfv.postprocess.pictures.figures import draw_figures

    try:
        return draw_figures(directory)
    except EisfvError as error:
        note(str(error))
        return []


def compared(cases: Sequence[Path]) -> list[Path]:
    """Return the directories to compare: among several, as a shell's * gives them, files are not meant."""
    if len(cases) == 1:
        return [cases[0] if cases[0].is_dir() or not cases[0].exists() else cases[0].parent]
    directories = [case for case in cases if not case.is_file()]
    return list({directory.resolve(): directory for directory in directories}.values())


def case_rows(directory: Path, run: Run | Path | None, note: Callable[[str], None]) -> list[Row]:
    """Return the rows of a case. Raises ExpectedError, ResultError."""
    run_of = last_run_of(directory, run, note)
    if not (directory / SWEEP).is_dir():  # its ensemble may be all that a directory has
        run_of(directory)
    return rows_of(directory / EXPECTED, run_of)


def last_run_of(own: Path, run: Run | Path | None, note: Callable[[str], None]) -> Callable[[Path], Results]:
    """Return what gives the run of a case: `run` for the own one where it is given, else the last.

    note  takes a line on a run that has not finished
    """
    found: dict[Path, Results] = {}

    def read_once(case: Path) -> Results:
        directory = case.resolve()
        if directory not in found:
            given = run if directory == own.resolve() else None
            if isinstance(given, Run):
                found[directory] = given.results
                return found[directory]
            place = case / LATEST if given is None else given
            if given is None and not place.is_dir():
                raise ResultError(f"{own}: {normpath(place)} is not there; run it first: {way('run', normpath(case))}")
            found[directory] = read(place)
            state = found[directory].status.state
            if state != "finished":
                note(f"{normpath(place)}: the run is {state}, not finished")
        return found[directory]

    return read_once
