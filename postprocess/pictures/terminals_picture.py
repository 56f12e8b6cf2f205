"""terminals: conductance, gate voltage and current against time, a long rest on a logarithmic axis of its own."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.quantities.prefixes import duration_text, scale, time_scale
from eisfv.postprocess.step_rows import lasted
from eisfv.result import Run
from eisfv.result.table_reading import Table

from .cut_spikes import cut, limits
from .plain_ticks import plain_ticks
from .section_quantities import over_decades
from .style import DARK
from .what_was_driven import LongRest, long_rest, steps_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FEW_STEPS = 8  # before a long rest that can be seen beside one another
SHORT = 0.05  # of the time before it: a step this short is lost on an axis of time
ROUND_OFF = 1e-9  # of the largest current: what is below has no meaning, nor a sign
SHADED_PULSES = 200  # more than these merge into one grey area
PANELS = (
    ("conductance_S", "S", "channel\nconductance"),
    ("voltage_V", "V", "gate voltage"),
    ("current_A", "A", "current"),
)


@dataclass(frozen=True)
class Along:
    """A column of panels: rows of the table, their places on its axis along, in seconds and by a factor."""

    rows: np.ndarray
    place: np.ndarray
    factor: float
    label: str
    log: bool = False
    origin: float = 0.0  # s of the run where the axis begins
    ticks: tuple[tuple[float, str], ...] = ()  # the middles of steps and how long they last, where it is no time


def draw_terminals(run: Run, figure: "Figure") -> bool:
    """Draw what the terminals saw; False when there is nothing to draw."""
    table = run.terminals
    panels = [panel for panel in PANELS if panel[0] in table and np.isfinite(table[panel[0]]).any()]
    if not panels or table["time_s"].size < 2:
        return False
    rest = long_rest(run, steps_of(run))
    parts = [whole(table["time_s"])] if rest is None else parts_of(table, rest)
    figure.set_size_inches(7.0, 0.8 + 1.7 * len(panels))
    ratios = [1.0] if len(parts) == 1 else [1.0, 3.0]
    grid = figure.subplots(len(panels), len(parts), sharex="col", squeeze=False, width_ratios=ratios)
    for row, (column, unit, label) in zip(grid, panels, strict=True):
        for number, (axes, part) in enumerate(zip(row, parts, strict=True)):
            words = draw_panel(axes, run, part, column, unit, label)
            axes.set_ylabel(words if number == 0 or rest is not None else "")
    for axes, part in zip(grid[-1], parts, strict=True):
        axes.set_xlabel(part.label)
        axes.set_xlim(part.place[0] * part.factor, part.place[-1] * part.factor)
        if part.ticks:
            axes.set_xticks(*zip(*part.ticks, strict=True))
            for one in grid[:, 0]:
                one.grid(visible=False, axis="x")
                for end in range(1, len(part.ticks)):
                    one.axvline(end, color="0.8", linewidth=0.8, zorder=0)
    for side in range(len(parts)):
        figure.align_ylabels(list(grid[:, side]))
    return True


def whole(time: np.ndarray) -> Along:
    """Return the axis of a run from its start to its end."""
    factor, unit = time_scale(float(time[-1]))
    return Along(np.arange(time.size), time, factor, f"time ({unit})")


def parts_of(table: Table, rest: LongRest) -> list[Along]:
    """Return the axes of what comes before a long rest, where there is something, and of the rest."""
    after = np.flatnonzero(rest.since > 0.0)
    where = f"step {rest.step} of the protocol began" if rest.step > 1 else "the start"
    own = Along(after, rest.since[after], 1.0, f"time since {where} (s)", True, rest.start)
    before = np.arange(after[0])
    return [own] if before.size < 2 or rest.start <= 0.0 else [stretched(table, before), own]


def stretched(table: Table, rows: np.ndarray) -> Along:
    """Return the axis of what comes before a long rest: where steps differ much in length each as wide as another."""
    step, within = table["step"][rows].astype(int), table["step_time_s"][rows]
    numbers, durations = lasted({"step": step, "step_time_s": within})
    if numbers.size > FEW_STEPS or not durations.min() < SHORT * durations.sum():
        factor, unit = time_scale(float(table["time_s"][rows[-1]]))
        return Along(rows, table["time_s"][rows], factor, f"time ({unit})")
    ticks = tuple((k + 0.5, duration_text(float(duration), 3)) for k, duration in enumerate(durations))
    order = np.searchsorted(numbers, step)
    share = within / np.maximum(durations, np.finfo(float).tiny)[order]
    return Along(rows, order + share, 1.0, "steps before, each as wide", ticks=ticks)


def draw_panel(axes: "Axes", run: Run, part: Along, column: str, unit: str, label: str) -> str:
    """Draw a column along an axis; return the label of the values."""
    values = run.terminals[column][part.rows]
    place = part.place * part.factor
    if part.log:
        axes.set_xscale("log")
    if column == "current_A" and part.log and spans_decades(np.abs(values)):
        return draw_decay(axes, place, values, label, unit)
    ends = None if part.log else limits({name: run.terminals[name][part.rows] for name in run.terminals}, column)
    if column == "conductance_S" and spans_decades(values):
        axes.set_yscale("log")
        ends = None
    factor, name = scale(values if ends is None else ends, unit)
    axes.plot(place, values * factor, color=DARK)
    if axes.get_yscale() == "log":
        plain_ticks(axes.yaxis, values * factor)
    shade_pulses(run, axes, part)
    if ends is not None:
        cut(axes, place, values, ends, factor, unit)
    return f"{label} ({name})"


def spans_decades(values: np.ndarray) -> bool:
    """Return whether values are best told by their decades; zeros and what is not known do not count."""
    known = values[np.isfinite(values) & (values != 0.0)]
    return known.size > 0 and over_decades(float(known.min()), float(known.max()))


def draw_decay(axes: "Axes", place: np.ndarray, values: np.ndarray, label: str, unit: str) -> str:
    """Draw the size of a value over its decades, a line for each sign, down to the round-off of the largest."""
    size = np.abs(values)
    factor, name = scale(size, unit)
    for sign, line, word in ((1.0, "-", "positive"), (-1.0, "--", "negative")):
        shown = np.where((sign * values > 0.0) & (size > ROUND_OFF * size.max()), size * factor, np.nan)
        if np.isfinite(shown).any():
            axes.plot(place, shown, line, color=DARK, label=word)
    axes.set_yscale("log")
    axes.legend()
    return f"|{label}| ({name})"


def shade_pulses(run: Run, axes: "Axes", part: Along) -> None:
    """Shade the pulses that are few enough to be seen."""
    pulses = run.pulses
    if part.ticks or "t_start_s" not in pulses or pulses["t_start_s"].size > SHADED_PULSES:
        return
    for start, end in zip(pulses["t_start_s"] - part.origin, pulses["t_end_s"] - part.origin, strict=True):
        if end > part.place[0] and start < part.place[-1]:
            axes.axvspan(start * part.factor, end * part.factor, color="0.87", linewidth=0, zorder=0)
