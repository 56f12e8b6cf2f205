"""The rows of a comparison, and the table that they make."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite, isinf, isnan, nan
from pathlib import Path

from .expected import KINDS, Quantity
from .measured import Against
from .prefixes import quantity

HEADINGS = ("case", "quantity", "expected", "model", "numerical", "ratio", "tolerance", "kind", "verdict")


@dataclass(frozen=True)
class Row:
    """A quantity of a case with what the model gives; `within` its tolerance.

    numerical  error of the model's value by mesh and time steps, in its unit; NaN where it is not known
    standard   standard error of a value that is fitted to the model's curve, in its unit; NaN of others
    curve      of a measured curve: with its run, whose root mean square of residuals the model's value is
    run        directory of that run
    set        of the values that the case is run with, "" where it has no name
    """

    quantity: Quantity
    model: float
    case: str = ""
    numerical: float = nan
    standard: float = nan
    curve: Against | None = None
    run: Path | None = None
    set: str = ""

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
        if isfinite(self.standard):
            model += f" ± {quantity(self.standard, q.unit, 2)}"
        ratio = f"{self.ratio:.3g}" if isfinite(self.ratio) else "-"
        verdict = f"{self.verdict} (repeats)" if q.repeats else self.verdict
        return (self.case, q.name, expected, model, self.error_text, ratio, tolerance, q.kind, verdict)


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
