"""Ion profiles through the stack: one column of panels per region, each on its own scale of length.

A 100 um electrolyte between 80 nm films leaves no common axis on which anything can be seen. Of a section the lines are
means over x at each depth, the shades reach from the smallest to the largest value there.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.quantities.prefixes import scale
from eisfv.result import Run

from .depth_levels import levels_of
from .moments import moments
from .section_quantities import ELECTRONS, LOG_FROM

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TIMES = 6  # curves of one panel that can still be told apart
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 2)))


@dataclass(frozen=True)
class Row:
    """A row of panels: variables of which each region shows the first it has values of."""

    label: str
    variables: tuple[str, ...]


def draw_profiles(run: Run, figure: "Figure") -> bool:
    """Ions and potential across every region at a few times; False when there is nothing to draw."""
    if not run.has_profiles:
        return False
    rows = _rows([variable.name for variable in run.profile_variables])
    if not rows:
        return False
    records = _records(run)
    profiles = [run.profiles_at(record) for record in records]
    figure.set_size_inches(max(6.0, 1.6 + 2.6 * len(run.regions)), 1.2 + 2.0 * len(rows))
    panels = figure.subplots(len(rows), len(run.regions), squeeze=False)
    for axes_row, row in zip(panels, rows, strict=True):
        for axes, region in zip(axes_row, run.regions, strict=True):
            _draw_panel(run, axes, region, row, profiles)
    for axes, region in zip(panels[0], run.regions, strict=True):
        axes.set_title(region, fontsize=9)
    handles = next(axes for axes in panels.flat if axes.lines).lines
    figure.legend(handles, moments(run, records), loc="outside lower center", ncols=len(records), fontsize=8)
    return True


def _rows(names: list[str]) -> list[Row]:
    ions = []
    for name in names:
        ion = name.removeprefix("site_fraction_").removeprefix("concentration_")
        if ion != name and ion not in ELECTRONS and ion not in ions:
            ions.append(ion)
    rows = [
        Row(ion, tuple(name for name in (f"site_fraction_{ion}", f"concentration_{ion}") if name in names))
        for ion in ions
    ]
    return rows + ([Row("potential", ("potential",))] if "potential" in names else [])


def _records(run: Run) -> list[int]:
    wanted = np.flatnonzero(run.profile_is_field)
    if wanted.size < 2:
        wanted = np.arange(run.profile_times.size)
    spread = np.linspace(0, wanted.size - 1, min(TIMES, wanted.size)).round().astype(int)
    return [int(record) for record in wanted[spread]]


def _draw_panel(run: Run, axes: "Axes", region: str, row: Row, profiles_now: list[dict[str, np.ndarray]]) -> None:
    from matplotlib import colormaps

    levels = levels_of(run.cells, region)
    profiles = {name: np.array([at[name] for at in profiles_now])[:, levels.cells] for name in row.variables}
    name = next((name for name, values in profiles.items() if np.isfinite(values).any()), None)
    if name is None:
        axes.set_axis_off()
        return
    length, length_unit = scale([levels.end - levels.start], "m")
    values, label = _in_words(name, row.label, profiles[name])
    colours = colormaps["viridis"](np.linspace(0.0, 0.9, len(profiles_now)))
    depth = (levels.y - levels.start) * length
    for values_now, colour, style in zip(values, colours, STYLES, strict=False):
        mean, low, high = levels.reduced(values_now)
        if run.cells.x is not None:
            axes.fill_between(depth, low, high, color=colour, alpha=0.2, linewidth=0.0)
        axes.plot(depth, mean, color=colour, linestyle=style, linewidth=1.3)
    finite = values[np.isfinite(values)]
    if name.startswith("concentration_") and finite.min() > 0.0 and finite.max() > LOG_FROM * finite.min():
        axes.set_yscale("log")
    axes.margins(x=0.02)
    axes.set_xlabel(f"depth ({length_unit})")
    axes.set_ylabel(label)


def _in_words(name: str, ion: str, values: np.ndarray) -> tuple[np.ndarray, str]:
    if name.startswith("site_fraction_"):
        return values, f"site fraction {ion}"
    if name.startswith("concentration_"):
        return values * 1e-3, f"{ion} (mol/L)"
    return values, "potential (V)"
