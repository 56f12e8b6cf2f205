"""profiles: ions and potential through the whole stack on one axis of depth, and each double layer beside it, enlarged.

A row for each ion, where hosts hold it as site fraction on the left scale, elsewhere as concentration, on the right one
when both are there; a row for the potential. The scales of the whole leave out the double layers, which would flatten
the rest. Of a section the lines are means over x at each depth, the shades reach from the smallest to the largest
value there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.quantities.prefixes import scale
from eisfv.result import Run

from .depth_levels import Levels, levels_of
from .double_layers import DoubleLayer, double_layers
from .moments import moments
from .section_quantities import ELECTRONS, holders, over_decades
from .stack_axis import StackAxis
from .style import STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TIMES = len(STYLES)  # curves of one panel that can still be told apart
MARGIN = 0.08  # of the span of the values
Place = Callable[[str, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Values:
    """A variable in the regions that show it, times a factor; short: its label beside an enlarged part."""

    variable: str
    label: str
    short: str
    regions: tuple[str, ...]
    factor: float = 1.0


def draw_profiles(run: Run, figure: "Figure") -> bool:
    """Draw the profiles at a few times; False when there is nothing to draw."""
    if not run.has_profiles:
        return False
    records = chosen_records(run)
    profiles = list(run.profiles_of(records))
    rows = rows_of(run, profiles[-1])
    if not rows:
        return False
    levels = {region: levels_of(run.cells, region) for region in run.regions}
    layers = double_layers(levels, [at["potential"] for at in profiles]) if "potential" in profiles[-1] else []
    figure.set_size_inches(5.0 + 2.3 * len(layers), 1.2 + 1.9 * len(rows))
    widths = [4.0, *(1.6 for _ in layers)]
    grid = figure.subplots(len(rows), 1 + len(layers), squeeze=False, width_ratios=widths)
    whole = StackAxis(levels)
    curves = Curves(run, levels, profiles)
    for number, (row, line) in enumerate(zip(rows, grid, strict=True)):
        first, last = number == 0, number == len(rows) - 1
        for axes, values in shared(line[0], row):
            curves.draw(axes, values, whole.place, lambda region: away(levels[region], region, layers))
            axes.set_ylabel(values.label if len(row) == 1 else f"{values.label}\n{', '.join(values.regions)}")
        whole.label(line[0], named=first, numbered=last)
        for axes, layer in zip(line[1:], layers, strict=True):
            enlarge(axes, layer, row, curves, levels, first=first, last=last)
    grid[-1, 0].set_xlabel("depth in each region")
    figure.align_ylabels(list(grid[:, 0]))
    handles = grid[0, 0].lines[: len(records)]
    figure.legend(handles, moments(run, records), loc="outside lower center", ncols=len(records), fontsize=8)
    return True


def chosen_records(run: Run) -> list[int]:
    """Return the numbers of the profiles to draw: some of the fields, else of all."""
    wanted = np.flatnonzero(run.profile_is_field)
    if wanted.size < 2:
        wanted = np.arange(run.profile_times.size)
    spread = np.linspace(0, wanted.size - 1, min(TIMES, wanted.size)).round().astype(int)
    return [int(record) for record in wanted[spread]]


def rows_of(run: Run, profiles: dict[str, np.ndarray]) -> list[list[Values]]:
    """Return what each row shows: one or two variables, each in regions of its own."""
    rows: dict[str, list[Values]] = {}
    held = holders(run, profiles)
    for name, regions in held.items():
        ion = name.removeprefix("site_fraction_")
        if ion != name and regions:
            rows.setdefault(ion, []).insert(0, Values(name, f"site fraction {ion}", "site fraction", regions))
        ion = name.removeprefix("concentration_")
        elsewhere = tuple(region for region in regions if region not in held.get(f"site_fraction_{ion}", ()))
        if ion != name and ion not in ELECTRONS and elsewhere:
            rows.setdefault(ion, []).append(Values(name, f"{ion} (mol/L)", "mol/L", elsewhere, 1e-3))
    found = list(rows.values())
    if held.get("potential"):
        found.append([Values("potential", "potential (V)", "V", held["potential"])])
    return found


def shared(axes: "Axes", row: list[Values]) -> "list[tuple[Axes, Values]]":
    """Return a pair of axes for each variable of a row, the second one on the right side of the first."""
    if len(row) == 1:
        return [(axes, row[0])]
    right = axes.twinx()
    right.grid(visible=False)
    right.spines["right"].set_visible(True)
    return [(axes, row[0]), (right, row[1])]


def away(own: Levels, region: str, layers: list[DoubleLayer]) -> np.ndarray:
    """Return which levels of a region lie in no double layer; all where none would be left."""
    near = [np.abs(own.y - layer.place) < layer.reach for layer in layers if region in (layer.before, layer.after)]
    outside = ~np.any(near, axis=0) if near else np.ones(own.y.size, bool)
    return outside if outside.any() else np.ones(own.y.size, bool)


def enlarge(
    axes: "Axes",
    layer: DoubleLayer,
    row: list[Values],
    curves: "Curves",
    levels: dict[str, Levels],
    first: bool,
    last: bool,
) -> None:
    """Draw what lies within reach of an interface."""
    factor, unit = scale([layer.reach], "m")
    sides = [region for region in (layer.before, layer.after) if region]

    def within(region: str) -> np.ndarray:
        return np.asarray(np.abs(levels[region].y - layer.place) <= layer.reach)

    sides = [region for region in sides if within(region).sum() > 1]

    def drawn(region: str) -> np.ndarray:
        """Return the levels within reach and one more: the lines run to the edge."""
        inside = within(region)
        return np.asarray(inside | np.append(inside[1:], False) | np.append(False, inside[:-1]))

    there = [part for values in row if (part := parted(values, sides)) is not None]
    if not there:
        axes.set_axis_off()
        return
    for own, values in shared(axes, there):
        curves.draw(own, values, lambda region, y: (y - layer.place) * factor, within, drawn)
        own.set_ylabel(values.short, fontsize=8, labelpad=1.0)
        own.tick_params(labelsize=8)
    reach = layer.reach * factor
    axes.set_xlim(-reach if layer.before in sides else 0.0, reach if layer.after in sides else 0.0)
    axes.axvline(0.0, color="0.35", linewidth=0.8)
    axes.tick_params(labelbottom=last)
    if first:
        axes.set_title(" | ".join(region or "wall" for region in (layer.before, layer.after)), fontsize=8)
    if last:
        axes.set_xlabel(f"from the interface ({unit})")


def parted(values: Values, sides: list[str]) -> Values | None:
    """Return a variable in those of its regions that are among some; None without any."""
    regions = tuple(region for region in values.regions if region in sides)
    return Values(values.variable, values.label, values.short, regions, values.factor) if regions else None


@dataclass(frozen=True)
class Curves:
    """The profiles at the drawn times, as lines of regions."""

    run: Run
    levels: dict[str, Levels]
    profiles: list[dict[str, np.ndarray]]

    def draw(
        self,
        axes: "Axes",
        values: Values,
        place: Place,
        counts: Callable[[str], np.ndarray],
        shown: Callable[[str], np.ndarray] | None = None,
    ) -> None:
        """Draw a variable.

        place   of depths of a region on the axis
        counts  levels of a region whose values the scale must hold
        shown   levels of a region that are drawn; all without it
        """
        from matplotlib import colormaps

        colours = colormaps["viridis"](np.linspace(0.0, 0.82, len(self.profiles)))
        reached = []
        for region in values.regions:
            own = self.levels[region]
            drawn = np.ones(own.y.size, bool) if shown is None else shown(region)
            along = place(region, own.y)[drawn]
            for at, colour, style in zip(self.profiles, colours, STYLES, strict=False):
                mean, low, high = (v * values.factor for v in own.reduced(at[values.variable][own.cells]))
                if self.run.cells.x is not None:
                    axes.fill_between(along, low[drawn], high[drawn], color=colour, alpha=0.2, linewidth=0.0)
                axes.plot(along, mean[drawn], color=colour, linestyle=style)
                chosen = counts(region)
                reached += [low[chosen], high[chosen]]
        fit(axes, np.concatenate(reached), values.variable.startswith("concentration_"))


def fit(axes: "Axes", values: np.ndarray, concentration: bool) -> None:
    """Give a scale of values the span of some, a logarithmic one to concentrations over decades."""
    known = values[np.isfinite(values)]
    if not known.size:
        return
    low, high = float(known.min()), float(known.max())
    if concentration and over_decades(low, high):
        axes.set_yscale("log")
        axes.set_ylim(low / 1.5, high * 1.5)
        return
    room = max(MARGIN * (high - low), 1e-4 * max(abs(low), abs(high)))
    axes.set_ylim(low - room, high + room) if room > 0.0 else None
