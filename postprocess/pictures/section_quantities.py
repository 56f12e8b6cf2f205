"""What is drawn of a section: the quantities, the regions that hold them, their colours and scales."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Literal

import numpy as np

from eisfv.postprocess.fields.vectors import VECTOR
from eisfv.postprocess.quantities.prefixes import scale
from eisfv.result import Run

if TYPE_CHECKING:
    from matplotlib.colors import Normalize

ELECTRONS = ("e", "e-", "electron", "electrons")
LOG_FROM = 30.0  # ratio of values beyond which a linear scale shows only the double layer
FLAT = 0.04, 1e-4  # shares of the whole span: a region between them shows nothing on the scale of all, and varies
SLIVER = 0.02  # of a region's area: layers along its edges
LAYERS = 0.25  # of the whole span: where most of a region has less, its layers alone would be seen
FAINTEST = 1e-5  # of the strongest current of a region; below lies round-off, which has a direction too
LEVEL = 1e-6  # values closer together than this share of their size are drawn as one


@dataclass(frozen=True)
class SectionQuantity:
    """A variable as it is drawn.

    unit     SI; label in words, without the unit
    regions  that hold it
    shared   one colour scale for all of them where it shows each, else one each
    """

    variable: str
    label: str
    unit: str
    colours: str
    regions: tuple[str, ...]
    shared: bool = False


@dataclass(frozen=True)
class Scale:
    """The colours of one or more regions: values times factor, in `unit`, between low and high of the factored.

    extend  "min", "max" or "both" where values lie beyond, "neither" without any
    """

    regions: tuple[str, ...]
    factor: float
    unit: str
    low: float
    high: float
    log: bool
    extend: Literal["neither", "min", "max", "both"] = "neither"

    def norm(self) -> "Normalize":
        """Return what turns factored values into colours."""
        from matplotlib.colors import LogNorm, Normalize

        return (LogNorm if self.log else Normalize)(self.low, self.high)


CURRENT = SectionQuantity(VECTOR, "current density", "A/m2", "viridis", ())


def is_section(run: Run) -> bool:
    """Return whether a run has profiles of a section."""
    return run.has_profiles and run.cells.x is not None


def profile_of(profiles: Mapping[str, np.ndarray], variable: str) -> np.ndarray:
    """Return a variable (cells) of the profiles at a time; of the current its size."""
    if variable != VECTOR:
        return profiles[variable]
    return np.asarray(np.hypot(profiles[f"{VECTOR}_x"], profiles[f"{VECTOR}_y"]))


def with_current(run: Run) -> list[SectionQuantity]:
    """Return what a section's pictures show, the current first where the run tells it."""
    known = {variable.name for variable in run.profile_variables}
    current = [replace(CURRENT, regions=run.regions)] if f"{VECTOR}_x" in known else []
    return [*current, *section_quantities(run)]


def section_quantities(run: Run) -> list[SectionQuantity]:
    """Return what a section's pictures show: potential, filling of the hosts, ions elsewhere, conductivity."""
    held = holders(run, run.profiles_at(run.profile_times.size - 1))
    found = [SectionQuantity("potential", "potential", "V", "cividis", held.get("potential", ()), shared=True)]
    for name, regions in held.items():
        ion = name.removeprefix("site_fraction_")
        if ion != name:
            found.append(SectionQuantity(name, f"site fraction of {ion}", "", "viridis", regions))
        ion = name.removeprefix("concentration_")
        if ion != name and ion not in ELECTRONS:
            elsewhere = tuple(r for r in regions if r not in held.get(f"site_fraction_{ion}", ()))
            found.append(SectionQuantity(name, f"concentration of {ion}", "mol/m3", "viridis", elsewhere))
    found.append(SectionQuantity("conductivity", "conductivity", "S/m", "cividis", held.get("conductivity", ())))
    return [quantity for quantity in found if quantity.regions]


def holders(run: Run, profiles: Mapping[str, np.ndarray]) -> dict[str, tuple[str, ...]]:
    """Return the regions that hold each variable of the profiles at a time."""
    own = {region: run.cells.volumes_of(region) for region in run.regions}
    return {
        name: tuple(region for region, cells in own.items() if np.isfinite(row[cells]).any())
        for name, row in profiles.items()
    }


def over_decades(low: float, high: float) -> bool:
    """Return whether values from low to high want a logarithmic scale."""
    return low > 0.0 and high > LOG_FROM * low


@dataclass(frozen=True)
class Span:
    """From the lowest to the highest value of a region, and from where to where all but SLIVER of its area reaches."""

    low: float
    high: float
    most_low: float
    most_high: float

    def with_other(self, other: "Span") -> "Span":
        """Return the span of both."""
        return Span(
            min(self.low, other.low),
            max(self.high, other.high),
            min(self.most_low, other.most_low),
            max(self.most_high, other.most_high),
        )

    @property
    def shown(self) -> tuple[float, float]:
        """Return what a scale of colours spans: all, or most where thin layers alone would be seen on that."""
        most = self.most_high - self.most_low
        if LEVEL * max(abs(self.low), abs(self.high)) < most < LAYERS * (self.high - self.low):
            return self.most_low, self.most_high
        return self.low, self.high


def scales_of(run: Run, quantity: SectionQuantity, records: Sequence[int]) -> list[Scale]:
    """Return the colour scales that suit a quantity at all of some profile times."""
    rows = [profile_of(run.profiles_at(record), quantity.variable) for record in records]
    spans = {}
    for region in quantity.regions:
        own = run.cells.volumes_of(region)
        spans[region] = reduce(Span.with_other, (span_of(row[own], run.cells.size[own]) for row in rows))
    if quantity.shared:
        whole = reduce(Span.with_other, spans.values())
        if not any(hidden(span, whole.high - whole.low) for span in spans.values()):
            return [_scale(quantity, quantity.regions, Span(whole.low, whole.high, whole.low, whole.high))]
    return [_scale(quantity, (region,), span) for region, span in spans.items()]


def span_of(values: np.ndarray, area: np.ndarray) -> Span:
    """Return the span of values (n) of cells, each with its area."""
    order = np.argsort(values)
    share = np.cumsum(area[order]) / area.sum()
    first, last = np.searchsorted(share, (SLIVER, 1.0 - SLIVER))
    ordered = values[order]
    return Span(
        float(ordered[0]), float(ordered[-1]), float(ordered[first]), float(ordered[min(last, values.size - 1)])
    )


def hidden(span: Span, whole: float) -> bool:
    """Return whether a region that varies would be a flat block on a scale of a width."""
    return FLAT[1] * whole < span.most_high - span.most_low < FLAT[0] * whole


def _scale(quantity: SectionQuantity, regions: tuple[str, ...], span: Span) -> Scale:
    # A logarithmic scale holds the layers and the rest.
    decades = quantity.unit != "" and over_decades(span.low, span.high)
    low, high = (span.low, span.high) if decades else span.shown
    if quantity.variable == VECTOR:
        low = max(low, FAINTEST * high)
        decades = over_decades(low, high)
    factor, unit = (1e-3, "mol/L") if quantity.unit == "mol/m3" else scale([low, high], quantity.unit)
    below, above = low > span.low, high < span.high
    extend: Literal["neither", "min", "max", "both"] = (
        "both" if below and above else "min" if below else "max" if above else "neither"
    )
    low, high = low * factor, high * factor
    size = max(abs(low), abs(high)) or 1.0
    if high - low < LEVEL * size:
        low, high = low - 0.01 * size, high + 0.01 * size
    return Scale(regions, factor, unit, low, high, decades, extend)
