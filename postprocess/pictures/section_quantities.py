"""What is drawn of a section: the quantities, the regions that hold them, their colours and scales."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.fields.vectors import VECTOR
from eisfv.postprocess.quantities.prefixes import scale
from eisfv.result import Run

if TYPE_CHECKING:
    from matplotlib.colors import Normalize

ELECTRONS = ("e", "e-", "electron", "electrons")
LOG_FROM = 30.0  # ratio of values beyond which a linear scale shows only the double layer
FLAT = 0.04, 1e-4  # shares of the whole span: a region between them shows nothing on the scale of all, and varies
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
    """The colours of one or more regions: values times factor, in `unit`, between low and high of the factored."""

    regions: tuple[str, ...]
    factor: float
    unit: str
    low: float
    high: float
    log: bool

    def norm(self) -> "Normalize":
        """Return what turns factored values into colours."""
        from matplotlib.colors import LogNorm, Normalize

        return (LogNorm if self.log else Normalize)(self.low, self.high)


CURRENT = SectionQuantity(VECTOR, "current density", "A/m2", "viridis", ())


def profile_of(profiles: Mapping[str, np.ndarray], variable: str) -> np.ndarray:
    """Return a variable (cells) of the profiles at a time; of the current its size."""
    if variable != VECTOR:
        return profiles[variable]
    return np.hypot(profiles[f"{VECTOR}_x"], profiles[f"{VECTOR}_y"])


def with_current(run: Run) -> list[SectionQuantity]:
    """Return what a section's pictures show, the current first where the run tells it."""
    known = {variable.name for variable in run.profile_variables}
    current = [replace(CURRENT, regions=run.regions)] if f"{VECTOR}_x" in known else []
    return [*current, *section_quantities(run)]


def section_quantities(run: Run) -> list[SectionQuantity]:
    """Return what a section's pictures show: potential, filling of the hosts, ions elsewhere, conductivity."""
    values = run.profiles_at(run.profile_times.size - 1)
    held = {
        name: tuple(r for r in run.regions if np.isfinite(row[run.cells.volumes_of(r)]).any())
        for name, row in values.items()
    }
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


def scales_of(run: Run, quantity: SectionQuantity, records: Sequence[int]) -> list[Scale]:
    """Return the colour scales that suit a quantity at all of some profile times."""
    cells = [run.cells.volumes_of(region) for region in quantity.regions]
    ends = np.array(
        [
            [(np.nanmin(row[chosen]), np.nanmax(row[chosen])) for chosen in cells]
            for row in (profile_of(run.profiles_at(record), quantity.variable) for record in records)
        ]
    )
    lows, highs = ends[..., 0].min(axis=0), ends[..., 1].max(axis=0)
    if quantity.shared and not hides(lows, highs):
        return [_scale(quantity.regions, quantity.unit, lows.min(), highs.max())]
    named = zip(quantity.regions, lows, highs, strict=True)
    return [_scale((region,), quantity.unit, low, high) for region, low, high in named]


def hides(lows: np.ndarray, highs: np.ndarray) -> bool:
    """Return whether one scale from the lowest to the highest would show a region that varies as a flat block."""
    share = (highs - lows) / max(float(highs.max() - lows.min()), 1e-300)
    return bool(((share < FLAT[0]) & (share > FLAT[1])).any())


def _scale(regions: tuple[str, ...], si_unit: str, low: float, high: float) -> Scale:
    if si_unit == "mol/m3":
        factor, unit = 1e-3, "mol/L"
    else:
        factor, unit = scale([low, high], si_unit)
    low, high = float(low) * factor, float(high) * factor
    # A filling has its own natural scale.
    log = si_unit != "" and low > 0.0 and high > LOG_FROM * low
    size = max(abs(low), abs(high)) or 1.0
    if high - low < LEVEL * size:
        low, high = low - 0.01 * size, high + 0.01 * size
    return Scale(regions, factor, unit, low, high, log)
