"""The pictures of the report: data as points, fits as lines."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from eisfv.postprocess.pictures.png import png
from eisfv.postprocess.pictures.style import DARK, LIGHT
from eisfv.postprocess.quantities.prefixes import quantity, scale, time_scale

from .measured import Branch, Extraction, Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 6.4, 3.4
MANY = 400  # points that are drawn large

DECAYS = {
    "retention": "Retention: the rest from its tenth on, where the short-term decay is over, and the three laws.",
    "short_term": "Short-term decay after a pulse: one and two exponentials.",
}

Table = Mapping[str, np.ndarray]
Draw = Callable[["Axes"], None]


def figure(caption: str, draw: Draw, height: float = HEIGHT) -> Picture:
    """Return a picture that a function draws into one pair of axes."""
    return Picture(caption, png(lambda canvas: draw(canvas.subplots()), WIDTH, height))


def pictures(extraction: Extraction) -> list[Picture]:
    """Return the pictures that the extraction has data for."""
    found = []
    tables = extraction.tables
    if extraction.pulses.before.size and (extraction.pulses.before > 0.0).any():
        found.append(figure("Conductance after every pulse.", lambda axes: draw_pulses(axes, extraction)))
    if extraction.up is not None or extraction.down is not None:
        words = "Change by each pulse against the conductance it starts from, with the courses."
        point = extraction.quantities["symmetry_point"].value
        words += " The vertical line is the symmetry point." if point is not None else ""
        found.append(figure(words, lambda axes: draw_steps(axes, extraction)))
    trains = [tables[name] for name in ("train_up", "train_down") if name in tables]
    if trains:
        words = "The longest train of each branch, and the saturating law through its two ends."
        found.append(figure(words, lambda axes: draw_trains(axes, trains)))
    for topic, words in DECAYS.items():
        if topic in tables:
            draw = partial(draw_decay, table=tables[topic], fits=tables[f"{topic}_laws"])
            found.append(figure(words, draw))
    if "paired_pulses" in tables:
        words = "Paired pulses: the second answer over the first."
        found.append(figure(words, lambda axes: draw_pairs(axes, tables["paired_pulses"])))
    if "open_circuit" in tables and tables["open_circuit"]["conductance_S"].size > 1:
        words = "Open-circuit voltage at the ends of the rests, less what electrons leak through the electrolyte."
        found.append(figure(words, lambda axes: draw_open_circuit(axes, tables["open_circuit"])))
    return found


def draw_pulses(axes: "Axes", extraction: Extraction) -> None:
    """Conductance after each pulse; the pulses of the branches marked."""
    from matplotlib.ticker import MaxNLocator

    pulses = extraction.pulses
    factor, unit = scale(pulses.after, "S")
    number = np.arange(1, len(pulses) + 1)
    axes.plot(number, pulses.after * factor, color="0.75", linewidth=0.8)
    for branch, colour, word in branches(extraction):
        axes.plot(
            number[branch.chosen], pulses.after[branch.chosen] * factor, color=colour, label=word, **dots(branch.chosen)
        )
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("pulse")
    axes.set_ylabel(f"conductance ({unit})")
    if branches(extraction):
        axes.legend(**ABOVE)


def draw_steps(axes: "Axes", extraction: Extraction) -> None:
    """Change of each pulse of the branches against the conductance before it, and the courses."""
    pulses = extraction.pulses
    parts = branches(extraction)
    chosen = np.concatenate([branch.chosen for branch, _, _ in parts])
    factor, unit = scale(pulses.change[chosen], "S")
    across, x_unit = scale(pulses.before[chosen], "S")
    for branch, colour, word in parts:
        x, y = pulses.before[branch.chosen] * across, pulses.change[branch.chosen] * factor
        axes.plot(x, y, color=colour, label=f"{word}: {quantity(branch.amplitude, branch.unit)}", alpha=0.6, **dots(x))
        axes.plot(branch.nodes * across, branch.steps * factor, color="black", linewidth=1.1)
    point = extraction.quantities["symmetry_point"].value
    if point is not None:
        axes.axvline(point * across, color="0.4", linestyle=":", linewidth=1.0)
    axes.axhline(0.0, color="0.4", linewidth=0.8)
    axes.set_xlabel(f"conductance before the pulse ({x_unit})")
    axes.set_ylabel(f"change ({unit})")
    axes.legend(**ABOVE)


def draw_trains(axes: "Axes", trains: list[Table]) -> None:
    """Conductance along the trains and the fits."""
    from matplotlib.ticker import MaxNLocator

    factor, unit = scale(np.concatenate([train["conductance_S"] for train in trains]), "S")
    for train in trains:
        rising = train["conductance_S"][-1] > train["conductance_S"][0]
        colour, word = (DARK, "up") if rising else (LIGHT, "down")
        axes.plot(train["pulse"], train["conductance_S"] * factor, color=colour, label=word, **dots(train["pulse"]))
        axes.plot(train["pulse"], train["saturating_S"] * factor, color="black", linewidth=1.0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("pulse of the train")
    axes.set_ylabel(f"conductance ({unit})")
    axes.legend(**ABOVE)


def draw_decay(axes: "Axes", table: Table, fits: Table) -> None:
    """Conductance against the time since the pulse, logarithmic, with every fit."""
    time, g = table["time_s"], table["conductance_S"]
    factor, unit = scale(g, "S")
    later = time > 0.0
    axes.plot(time[later], g[later] * factor, color=DARK, label="run", **dots(g))
    for (column, values), style in zip(list(fits.items())[1:], ("-", "--", ":"), strict=False):
        word = column.removesuffix("_S")
        axes.plot(fits["time_s"], values * factor, color="black", linestyle=style, linewidth=1.1, label=word)
    axes.set_xscale("log")
    axes.set_xlabel("time (s)")
    axes.set_ylabel(f"conductance ({unit})")
    axes.ticklabel_format(axis="y", useOffset=False)
    axes.legend(**ABOVE)


def draw_pairs(axes: "Axes", table: Table) -> None:
    """Ratio of the answers against the interval."""
    stretch, unit = time_scale(float(table["interval_s"].max()))
    axes.plot(table["interval_s"] * stretch, table["ratio"], color=DARK, **dots(table["ratio"]))
    axes.set_xscale("log")
    axes.set_xlabel(f"interval ({unit})")
    axes.set_ylabel("A\N{SUBSCRIPT TWO}/A\N{SUBSCRIPT ONE}")


def draw_open_circuit(axes: "Axes", table: Table) -> None:
    """Open-circuit voltage against the conductance, logarithmic where it spans a decade."""
    across, x_unit = scale(table["conductance_S"], "S")
    factor, unit = scale(table["voltage_V"], "V")
    axes.plot(table["conductance_S"] * across, table["voltage_V"] * factor, color=DARK, **dots(table["voltage_V"]))
    if table["conductance_S"].max() > 10.0 * table["conductance_S"].min():
        axes.set_xscale("log")
    axes.set_xlabel(f"conductance ({x_unit})")
    axes.set_ylabel(f"open-circuit voltage ({unit})")


ABOVE: Any = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "ncols": 4, "borderaxespad": 0.2, "markerscale": 1.8}


def branches(extraction: Extraction) -> list[tuple[Branch, str, str]]:
    """Return the branches there are with their colour and name."""
    both = ((extraction.up, DARK, "up"), (extraction.down, LIGHT, "down"))
    return [(branch, colour, word) for branch, colour, word in both if branch is not None]


def dots(values: np.ndarray) -> dict[str, Any]:
    """Return the look of data."""
    size = 3.5 if values.size <= MANY else 1.5
    return {"marker": "o", "linestyle": "none", "markersize": size, "markeredgewidth": 0.0}
