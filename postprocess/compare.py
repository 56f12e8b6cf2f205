"""A run against the case's expected.toml."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from eisfv.postprocess.expected import KINDS, ExpectedError, Quantity, read_expected
from eisfv.postprocess.units import quantity

from eisfv.result import Run

REDUCE: Mapping[str, Callable[[np.ndarray], float]] = {
    "mean": lambda v: float(v.mean()),
    "mean_abs": lambda v: float(np.abs(v).mean()),
    "median": lambda v: float(np.median(v)),
    "first": lambda v: float(v[0]),
    "last": lambda v: float(v[-1]),
    "max": lambda v: float(v.max()),
    "min": lambda v: float(v.min()),
}


@dataclass(frozen=True)
class Row:
    """A quantity with what the model gives; `within` its tolerance."""

    quantity: Quantity
    model: float

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


def compare(path: Path, run: Run) -> list[Row]:
    """Return every quantity of an expected.toml with the model's value. Raises ExpectedError, ResultError."""
    return [Row(entry, reduced(path, entry, run)) for entry in read_expected(path)]


def reduced(path: Path, entry: Quantity, run: Run) -> float:
    """Return the model's value of an entry. Raises ExpectedError, ResultError."""
    if entry.table == "profiles":
        return reduced_profiles(path, entry, run)
    table = run.pulses if entry.table == "pulses" else run.terminals
    if entry.column not in table:
        known = ", ".join(table) or "none yet"
        raise ExpectedError(f'{path}: {entry.name}: {entry.table} has no column "{entry.column}"; there are {known}')
    values = np.asarray(table[entry.column])
    return REDUCE[entry.reduce](values[selected(path, entry, len(values))])


def selected(path: Path, entry: Quantity, count: int) -> slice:
    """Return the rows that an entry selects of `count`. Raises ExpectedError."""
    side, _, wanted = entry.select.partition(" ")
    if wanted and count < int(wanted):
        raise ExpectedError(f"{path}: {entry.name}: the run has {count} rows, {entry.select} asks for more")
    if not count:
        raise ExpectedError(f"{path}: {entry.name}: the run has no rows in {entry.table}")
    return {"first": slice(int(wanted or 0)), "last": slice(-int(wanted or 0), None), "all": slice(None)}[side]


def reduced_profiles(path: Path, entry: Quantity, run: Run) -> float:
    """Return the model's value of an entry from the cells of a region that have a volume. Raises ExpectedError,
    ResultError."""
    if entry.region not in run.regions:
        raise ExpectedError(f'{path}: {entry.name}: no region "{entry.region}"; there are {", ".join(run.regions)}')
    names = [variable.name for variable in run.profile_variables]
    if entry.column not in names:
        raise ExpectedError(f'{path}: {entry.name}: no profile "{entry.column}"; there are {", ".join(names)}')
    cells = run.cells.volumes_of(entry.region)
    records = selected(path, entry, run.profile_times.size)
    values = np.asarray(run.profiles(entry.column)[records][:, cells])
    if not np.isfinite(values).all():
        raise ExpectedError(f'{path}: {entry.name}: "{entry.region}" has no {entry.column}')
    if entry.reduce == "mean":
        return float(np.average(values, axis=1, weights=run.cells.size[cells]).mean())
    return REDUCE[entry.reduce](values)


def comparison_lines(rows: Sequence[Row]) -> Iterator[str]:
    """Give the table, calibrated, predicted and exact quantities apart."""
    width = max(len(row.quantity.name) for row in rows)
    yield f"{'quantity':{width}}  {'expected':>12}  {'model':>12}  {'ratio':>7}  {'tolerance':>10}  verdict"
    for kind in KINDS:
        chosen = [row for row in rows if row.quantity.kind == kind]
        if chosen:
            yield f"{kind}:"
        for row in chosen:
            q = row.quantity
            tolerance = q.bound or (f"factor {q.tolerance:g}" if q.factor else f"{q.tolerance:g}")
            verdict = "within" if row.within else "OUTSIDE"
            expected, model = (quantity(v, q.unit) for v in (q.value, row.model))
            yield f"{q.name:{width}}  {expected:>12}  {model:>12}  {row.ratio:7.3f}  {tolerance:>10}  {verdict}"
