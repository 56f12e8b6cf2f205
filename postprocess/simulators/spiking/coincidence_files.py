"""The table and the picture of the benchmark of coincidence detection."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.pictures.png import png
from eisfv.postprocess.pictures.style import DARK, LIGHT
from eisfv.postprocess.quantities.prefixes import quantity, scale

from .coincidence import LEARNT, NETWORKS, SHIFTED, TOGETHER, Coincidence, Learnt

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURES = ("told_apart", "ratio", "heard", "spikes")
COLUMNS = ("network", *(name for one in FIGURES for name in (one, f"{one}_standard_error")), "seeds")
HEAD = ("network", "G told apart", "G ratio", "events heard", "spikes")


def mean_and_error(networks: Sequence[Learnt], name: str) -> tuple[float, float]:
    """Return the mean of a figure over the seeds and its standard error; NaN where no seed has it."""
    values = np.array([getattr(one, name) for one in networks], dtype=float)
    values = values[np.isfinite(values)]
    if values.size < 2:
        return float("nan"), float("nan")
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))


def rows(found: Coincidence) -> list[tuple[float | int | str, ...]]:
    """Return a row a network, as COLUMNS."""
    return [
        (name, *(x for one in FIGURES for x in mean_and_error(networks, one)), len(networks))
        for name, networks in found.networks.items()
    ]


def csv_text(found: Coincidence) -> str:
    """Return coincidence.csv."""
    lines = [",".join(f"{x:.6g}" if isinstance(x, float) else str(x) for x in row) for row in rows(found)]
    return "\n".join([",".join(COLUMNS), *lines]) + "\n"


def table_text(found: Coincidence) -> str:
    """Return the table of the screen."""
    lines = [f"{HEAD[0]:8}" + "".join(f"{word:>17}" for word in HEAD[1:])]
    for name in NETWORKS:
        pairs = (mean_and_error(found.networks[name], one) for one in FIGURES)
        cells = (f"{mean:.3g} \N{PLUS-MINUS SIGN} {error:.2g}" for mean, error in pairs)
        lines.append(f"{name:8}" + "".join(f"{cell:>17}" for cell in cells))
    start, t0 = quantity(found.start, "S"), quantity(found.t0, "s")
    lines.append(f"mean \N{PLUS-MINUS SIGN} standard error; from {start} on; times of the network in t0 = {t0}")
    return "\n".join(lines)


def picture(found: Coincidence) -> bytes:
    """Return the picture: G of every input after learning, and after learning what does not belong together."""

    def draw(figure: "Figure") -> None:
        figure.set_size_inches(7.2, 3.6)
        panels = figure.subplots(1, 2, sharey=True)
        factor, unit = scale(np.concatenate([one.G for one in found.networks[LEARNT]]), "S")
        shown = ((LEARNT, "spikes as they are"), (SHIFTED, "control: shifted spikes"))
        for axes, (name, words) in zip(panels, shown, strict=True):
            draw_inputs(axes, found.networks[name], factor)
            axes.axhline(found.start * factor, color="0.4", linewidth=0.8, linestyle="--", label="before")
            axes.set_title(words, fontsize=9)
            axes.set_xlabel("number of the input")
        panels[0].set_ylabel(f"conductance after learning ({unit})")
        panels[1].legend(loc="upper right")

    return png(draw)


def draw_inputs(axes: "Axes", networks: Sequence[Learnt], factor: float) -> None:
    """Draw mean and standard deviation over the seeds of the conductance of every input."""
    G = factor * np.array([one.G for one in networks])
    place = np.arange(1, G.shape[1] + 1)
    for chosen, marker, color, words in (
        (slice(None, TOGETHER), "s", DARK, "fires in the events"),
        (slice(TOGETHER, None), "o", LIGHT, "fires on its own"),
    ):
        mean, spread = G[:, chosen].mean(axis=0), G[:, chosen].std(axis=0)
        axes.errorbar(place[chosen], mean, spread, fmt=marker, color=color, markersize=3.5, linewidth=0.8, label=words)
