"""Runs against the expected.toml of their cases."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, isinf, isnan, nan
from pathlib import Path

import numpy as np

from eisfv.postprocess.regression import straight_line
from eisfv.result import Run

from .curves import CURVES
from .expected import KINDS, ExpectedError, Quantity, read_expected
from .expressions import Expression, ExpressionError
from .fitted_rows import check_predictions
from .numerical import numerical_error
from .prefixes import quantity
from .reductions import FALL, NTH, REDUCE, SHARES, ReductionError, ratio_nth_first, time_to_share
from .selection import SelectionError, at_time, chosen

HEADINGS = ("case", "quantity", "expected", "model", "numerical", "ratio", "tolerance", "kind", "verdict")


@dataclass(frozen=True)
class Row:
    """A quantity of a case with what the model gives; `within` its tolerance.

    numerical  error of the model's value by mesh and time steps, in its unit; NaN where it is not known
    """

    quantity: Quantity
    model: float
    case: str = ""
    numerical: float = nan

    @property
    def ratio(self) -> float:
        """Return model over expected."""
        return self.model / self.quantity.value if self.quantity.value else float("nan")

    @property
    def within(self) -> bool:
        """Return whether the model lies inside the tolerance."""
        expected, tolerance = self.quantity.value, self.quantity.tolerance
        if self.quantity.bound:
            return self.model <= expected if self.quantity.bound == "at most" else self.model >= expected
        if self.quantity.factor:
            return self.ratio > 0.0 and 1.0 / tolerance <= self.ratio <= tolerance
        return abs(self.model - expected) <= tolerance * abs(expected)

    @property
    def fails(self) -> bool:
        """Return whether the comparison fails by this row: a calibrated value outside does not."""
        return not self.within and self.quantity.kind != "calibrated"

    @property
    def decided(self) -> bool:
        """Return whether a deviation is more than the numerical error of the model's value."""
        return not abs(self.model - self.quantity.value) < self.numerical

    @property
    def verdict(self) -> str:
        """Return what the comparison says; a deviation smaller than the numerical error is no result."""
        return "within" if self.within else "OUTSIDE" if self.decided else "UNDECIDED"

    @property
    def error_text(self) -> str:
        """Return the numerical error in words."""
        if isnan(self.numerical) or self.numerical == 0.0:  # not known, or set by the drive
            return "-"
        return "not resolved" if isinf(self.numerical) else f"{quantity(self.numerical, self.quantity.unit, 1)}"

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the row as the texts under HEADINGS."""
        q = self.quantity
        tolerance = q.bound or (f"factor {q.tolerance:g}" if q.factor else f"{q.tolerance:g}")
        expected, model = (f"{quantity(v, q.unit)} {q.label}".rstrip() for v in (q.value, self.model))
        ratio = f"{self.ratio:.3g}" if isfinite(self.ratio) else "-"
        verdict = f"{self.verdict} (repeats)" if q.repeats else self.verdict
        return (self.case, q.name, expected, model, self.error_text, ratio, tolerance, q.kind, verdict)


def compare(path: Path, run_of: Callable[[Path], Run]) -> list[Row]:
    """Return every quantity of an expected.toml with the model's value.

    run_of  the run of a case directory
    Raises ExpectedError, ResultError.
    """
    entries = read_expected(path)
    check_predictions(path, entries)
    runs = {entry.name: run_of(case_of(path, entry)) for entry in entries}
    values = {entry.name: reduced(path, entry, runs[entry.name]) for entry in entries}
    errors = {entry.name: numerical_error(entry, runs[entry.name], values[entry.name]) for entry in entries}
    return [
        Row(entry, with_ratio(entry, values), path.parent.name, error_with_ratio(entry, values, errors))
        for entry in entries
    ]


def error_with_ratio(entry: Quantity, values: Mapping[str, float], errors: Mapping[str, float]) -> float:
    """Return the numerical error of an entry: of a ratio to another the relative errors of both add up."""
    if not entry.ratio_to:
        return errors[entry.name]
    ratio = with_ratio(entry, values)
    parts = [errors[name] / abs(values[name]) if values[name] else nan for name in (entry.name, entry.ratio_to)]
    return abs(ratio) * sum(parts)


def case_of(path: Path, entry: Quantity) -> Path:
    """Return the directory of the case whose run an entry is about."""
    return path.parent / entry.case


def with_ratio(entry: Quantity, values: Mapping[str, float]) -> float:
    """Return the model's value of an entry, from the values of all by name: the ratio to another where it asks."""
    value = values[entry.name]
    if not entry.ratio_to:
        return value
    return value / values[entry.ratio_to] if values[entry.ratio_to] else float("nan")


def clock(table: Mapping[str, np.ndarray], rows: np.ndarray) -> np.ndarray:
    """Return times of rows, s: since their step began where all are of one, as that holds its digits late in a run."""
    step = table.get("step", np.empty(0))
    one = step.size > 0 and np.unique(step[rows]).size == 1
    return np.asarray(table["step_time_s" if one else "time_s"][rows])


def reduced(path: Path, entry: Quantity, run: Run) -> float:
    """Return what an entry makes of a run, before any `ratio_to`. Raises ExpectedError, ResultError."""
    if entry.table == "profiles":
        return reduced_profiles(path, entry, run)
    table = run.pulses if entry.table == "pulses" else run.terminals
    values = column(path, entry, entry.column, table)
    try:
        if entry.select.at is not None:
            return REDUCE[entry.reduce](at_time(entry.select.at, table.get("time_s", np.empty(0)), values))
        rows = chosen(entry.select, table, values.size)
    except SelectionError as error:
        raise selection_error(path, entry, error) from None
    try:
        if entry.reduce == FALL:
            return time_to_share(clock(table, rows), values[rows], entry.share, entry.toward)
        if entry.reduce == NTH:
            return ratio_nth_first(values[rows], entry.nth)
        if entry.reduce in CURVES and entry.against is not None:
            x = column(path, entry, entry.against, table)[rows]
            if not np.isfinite([x, values[rows]]).all():
                raise ReductionError("is no number in some of the rows; select others")
            return CURVES[entry.reduce].find(x, values[rows], entry.at)
    except ReductionError as error:
        raise ExpectedError(f'{path}: {entry.name}: "{entry.column.text}" {error}') from None
    if entry.against is None:
        return REDUCE[entry.reduce](values[rows])
    return slope_or_r2(path, entry, column(path, entry, entry.against, table)[rows], values[rows])


def selection_error(path: Path, entry: Quantity, error: SelectionError) -> ExpectedError:
    """Return the error of a selection with its place."""
    return ExpectedError(f'{path}: {entry.name}: select = "{entry.select.text}" {error}')


def column(path: Path, entry: Quantity, expression: Expression, table: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return an expression over the columns of a table, for every row. Raises ExpectedError."""
    try:
        return expression.values(table)
    except ExpressionError as error:
        what = f'{entry.table}: "{expression.text}"'
        raise ExpectedError(f"{path}: {entry.name}: {what} {error}") from None


def slope_or_r2(path: Path, entry: Quantity, x: np.ndarray, y: np.ndarray) -> float:
    """Return the slope or the r2 of the straight line of least squares. Raises ExpectedError."""
    found = straight_line(x, y)
    if found is None or not (np.ptp(y) > 0.0 or entry.reduce == "slope"):
        flat = entry.against.text if entry.against is not None and found is None else entry.column.text
        raise ExpectedError(f'{path}: {entry.name}: "{flat}" is the same in all the rows; a {entry.reduce} needs two')
    return found.slope if entry.reduce == "slope" else found.r2


def reduced_profiles(path: Path, entry: Quantity, run: Run) -> float:
    """Return the model's value of an entry from the cells of a region that have a volume. Raises ExpectedError,
    ResultError."""
    if entry.region not in run.regions:
        raise ExpectedError(f'{path}: {entry.name}: no region "{entry.region}"; there are {", ".join(run.regions)}')
    name, names = entry.column.text, [variable.name for variable in run.profile_variables]
    if name not in names:
        raise ExpectedError(f'{path}: {entry.name}: no profile "{name}"; there are {", ".join(names)}')
    cells = run.cells.volumes_of(entry.region)
    try:
        records = chosen(entry.select, {}, run.profile_times.size)
    except SelectionError as error:
        raise selection_error(path, entry, error) from None
    values = np.asarray(run.profiles(name)[records][:, cells])
    if not np.isfinite(values).all():
        raise ExpectedError(f'{path}: {entry.name}: "{entry.region}" has no {name}')
    if entry.reduce in SHARES:
        values = SHARES[entry.reduce](values, entry.at)
    if entry.reduce in ("mean", *SHARES):
        return float(np.average(values, axis=1, weights=run.cells.size[cells]).mean())
    return REDUCE[entry.reduce](values)


def comparison_lines(rows: Sequence[Row]) -> Iterator[str]:
    """Give one table; calibrated, predicted and exact quantities apart; the case where there are several."""
    several = len({row.case for row in rows}) > 1
    kept = range(0 if several else 1, len(HEADINGS))
    groups = [[row.cells for row in rows if row.quantity.kind == kind] for kind in KINDS]
    texts = [HEADINGS, *(cells for group in groups for cells in group)]
    widths = [max(len(cells[k]) for cells in texts) for k in range(len(HEADINGS))]
    yield table_line(HEADINGS, widths, kept)
    for group in filter(None, groups):
        yield ""
        for cells in group:
            yield table_line(cells, widths, kept)


def table_line(cells: Sequence[str], widths: Sequence[int], kept: Iterable[int]) -> str:
    """Return cells side by side, numbers to the right."""
    numbers = [HEADINGS.index(name) for name in ("expected", "model", "numerical", "ratio", "tolerance")]
    return "  ".join(f"{cells[k]:{'>' if k in numbers else '<'}{widths[k]}}" for k in kept).rstrip()
