"""Runs against the expected.toml of their cases."""

from collections.abc import Callable, Mapping
from math import nan
from pathlib import Path

import numpy as np

from eisfv.postprocess.regression import straight_line
from eisfv.result import Run

from .curves import CURVES
from .ensembles import FEWEST, devices_of
from .expected import ExpectedError, Quantity, read_curves, read_denominators, read_expected, read_set
from .expressions import Expression, ExpressionError
from .fitted_rows import check_predictions
from .measured import Measured, against
from .numerical import numerical_error
from .reductions import FALL, NTH, PERCENTILES, REDUCE, SHARES, ReductionError, ratio_nth_first, time_to_share
from .rows import Row
from .run_tables import table_named
from .selection import SelectionError, at_time, chosen
from .standard_errors import standard_error

SWEEP = "sweep"  # a table of `from`


def compare(path: Path, run_of: Callable[[Path], Run]) -> list[Row]:
    """Return every quantity and every measured curve of an expected.toml with the model's value.

    run_of  the run of a case directory
    Raises ExpectedError, ResultError.
    """
    entries, curves, values_of = read_expected(path), read_curves(path), read_set(path)
    check_predictions(path, [*entries, *(curve.quantity for curve in curves)])
    values: dict[str, float] = {}
    errors: dict[str, float] = {}
    standard: dict[str, float] = {}
    for entry in (*read_denominators(path), *entries):
        if entry.table == SWEEP:
            values[entry.name], errors[entry.name] = of_devices(path, entry), nan
            continue
        run = run_of(case_of(path, entry))
        values[entry.name] = reduced(path, entry, run)
        errors[entry.name] = numerical_error(entry, run, values[entry.name])
        standard[entry.name] = standard_error(entry, run)

    def row(entry: Quantity) -> Row:
        ratio, error = with_ratio(entry, values), error_with_ratio(entry, values, errors)
        return Row(entry, ratio, path.parent.name, error, standard.get(entry.name, nan), set=values_of)

    def row_of_curve(curve: Measured) -> Row:
        run = run_of(case_of(path, curve.quantity))
        found = against(path, curve, run)
        return Row(curve.quantity, found.rms, path.parent.name, curve=found, run=run.path, set=values_of)

    return [*map(row, entries), *map(row_of_curve, curves)]


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
    table = table_named(run, entry.table)
    if entry.table == "measures" and not table:
        raise ExpectedError(f"{path}: {entry.name}: the run has no measures; give the case [[measure]] tables, run it")
    if entry.table == "impedance" and not table:
        step = 'a step with drive = "impedance"'
        raise ExpectedError(f"{path}: {entry.name}: the run has no spectra; give the protocol {step}, run it")
    return of_table(path, entry, table)


def of_devices(path: Path, entry: Quantity) -> float:
    """Return what an entry makes of the devices of a sweep that give it. Raises ExpectedError, ResultError."""
    table = devices_of(case_of(path, entry))
    known = np.isfinite(column(path, entry, entry.column, table))
    if known.sum() < FEWEST and entry.reduce in PERCENTILES:
        raise ExpectedError(f"{path}: {entry.name}: {known.sum()} devices give it; a {entry.reduce} needs {FEWEST}")
    return of_table(path, entry, {name: values[known] for name, values in table.items()})


def of_table(path: Path, entry: Quantity, table: Mapping[str, np.ndarray]) -> float:
    """Return what an entry makes of the rows of a table. Raises ExpectedError."""
    values = column(path, entry, entry.column, table)
    try:
        if entry.select.at is not None:
            return REDUCE[entry.reduce](at_time(entry.select.at, table.get("time_s", np.empty(0)), values))
        rows = chosen(entry.select, table, values.size)
    except SelectionError as error:
        raise selection_error(path, entry, error) from None
    if entry.table == "measures" and not (table["state"][rows] == "finished").all():
        raise ExpectedError(f'{path}: {entry.name}: select = "{entry.select.text}" has measures that did not finish')
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
