"""The picture of a device's card: a panel for each shipped protocol file, all of D(t) = G(t) - G_rest(t)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from eisfv.postprocess.pictures.png import png
from eisfv.postprocess.pictures.style import DARK, LIGHT, STYLES
from eisfv.postprocess.quantities.prefixes import scale, time_scale

from .card_figures import Answers, index_of, level_text, named, of_index
from .card_series import SERIES, Series
from .over_rest import Answer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 10.0, 8.4  # inches
EARLIEST = 1e-5  # of a pulse: the first time since its end that is drawn
SPIKE = 0.05  # of a pulse: the charging spike of a current is over after it
Panel = Callable[[Any, Sequence[Answer]], None]


def card_picture(answers: Answers) -> bytes:
    """Return the nine panels as PNG."""

    def draw(figure: "Figure") -> None:
        panels = figure.subplots(3, 3).flat
        for axes, (name, panel) in zip(panels, PANELS.items(), strict=True):
            panel(axes, answers[name])

    return png(draw, WIDTH, HEIGHT)


def epsc(axes: Any, answers: Sequence[Answer]) -> None:
    """Draw D(t) of one pulse up and of one down."""
    courses(axes, answers, "EPSC and IPSC")


def stp(axes: Any, answers: Sequence[Answer]) -> None:
    """Draw D of one weak pulse against the time since it ended: what comes back does so over decades."""
    courses(axes, [since_end(one) for one in answers], "STP: one weak pulse")
    axes.set_xscale("log")
    axes.set_xlabel(axes.get_xlabel().replace("time", "time since the pulse"))


def since_end(one: Answer) -> Answer:
    """Return the rows of an answer after its last pulse, their time from its end."""
    after = one.t - one.ends[-1]
    rows = after >= EARLIEST * one.pulses.width[-1]
    pulses = replace(one.pulses, start=one.pulses.start - one.ends[-1])
    return replace(one, t=after[rows], G=one.G[rows], rest=one.rest[rows], pulses=pulses)


def courses(axes: Any, answers: Sequence[Answer], title: str) -> None:
    """Draw D(t), and in grey what is not resolved."""
    along, along_unit = time_scale(max(float(one.t[-1]) for one in answers))
    largest = without_spikes(answers)
    factor, unit = scale([largest], answers[0].unit)
    for one, color, line in zip(answers, (DARK, LIGHT), STYLES, strict=False):
        axes.plot(one.t * along, one.D * factor, line, color=color, label=level_text(one))
    one = answers[0]
    least = one.floor * one.size * factor
    axes.fill_between(one.t * along, -least, least, color="0.88", linewidth=0.0)
    if one.unit == "A":
        axes.set_ylim(-1.2 * largest * factor, 1.2 * largest * factor)
        axes.text(0.98, 0.03, "charging spikes cut", ha="right", fontsize=7.5, transform=axes.transAxes)
    named_axes(axes, title, f"time ({along_unit})", f"D ({unit})")
    axes.legend(loc="lower right", bbox_to_anchor=(1.02, 0.98), ncols=2, handlelength=1.4)


def without_spikes(answers: Sequence[Answer]) -> float:
    """Return the largest |D|, of a current that after the charging spike of each edge."""
    parts = [one.D[one.since > SPIKE * one.pulses.width[0]] if one.unit == "A" else one.D for one in answers]
    return float(np.abs(np.concatenate(parts)).max())


def trains(axes: Any, answers: Sequence[Answer]) -> None:
    """Draw D at the read after every pulse of the train up and down."""
    one = named(answers, "up and down")
    d = np.array([one.at(time) for time in one.reads])
    least = np.array([one.least(time) for time in one.reads])
    marks(axes, np.arange(1.0, d.size + 1.0), d, least, one.unit)
    named_axes(axes, "LTP and LTD", "pulse", axes.get_ylabel())


def facilitation(axes: Any, answers: Sequence[Answer]) -> None:
    """Draw the PPF index against the interval, of the pairs that have one, and in grey what is not told from 1."""
    intervals = np.array([one.pulses.start[1] - one.ends[0] for one in answers])
    index = np.array([np.nan if (v := index_of(one).value) is None else v for one in answers])
    along, unit = time_scale(float(intervals.max()))
    axes.axhline(1.0, color="0.6", linewidth=0.8)
    if np.isfinite(least := of_index(answers)):
        axes.axhspan(1.0 - least, 1.0 + least, color="0.88", linewidth=0.0)
    axes.semilogx(intervals * along, index, "o-", color=DARK)
    number_log(axes, intervals * along)
    nothing(axes, np.isfinite(index).any())
    named_axes(axes, "PPF", f"interval ({unit})", "D second / D first")


def at_last(series: Series) -> Panel:
    """Return what draws D at the end of each measure of a series."""

    def draw(axes: Any, answers: Sequence[Answer]) -> None:
        x = np.array([series.of(one) for one in answers])
        own = series.unit_in(answers)
        along, along_unit = time_scale(float(np.abs(x).max())) if own == "s" else scale(x, own)
        d = np.array([one.at(float(one.t[-1])) for one in answers])
        least = np.array([one.least(float(one.t[-1])) for one in answers])
        marks(axes, x * along, d, least, answers[0].unit)
        if series.log:
            axes.set_xscale("log")
            number_log(axes, x * along)
        words = f"{series.words} ({along_unit})" if along_unit else series.words
        named_axes(axes, series.title, words, axes.get_ylabel())

    return draw


def marks(axes: Any, x: np.ndarray, d: np.ndarray, least: np.ndarray, unit: str) -> None:
    """Draw D at x: filled where it is read, empty where it is below what the run resolves."""
    factor, own = scale(d, unit)
    order = np.argsort(x)
    axes.axhline(0.0, color="0.6", linewidth=0.8)
    axes.plot(x[order], d[order] * factor, color="0.6", linewidth=0.9)
    seen = np.abs(d) >= least
    axes.plot(x[seen], d[seen] * factor, "o", color=DARK)
    axes.plot(x[~seen], d[~seen] * factor, "o", color=DARK, fillstyle="none")
    axes.set_ylabel(f"D ({own})")


def number_log(axes: Any, x: np.ndarray) -> None:
    """Number a logarithmic axis at the values themselves, which are few, and at nothing between them."""
    from matplotlib.ticker import NullFormatter

    axes.set_xticks(x)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.3g}")
    axes.xaxis.set_minor_formatter(NullFormatter())


def nothing(axes: Any, there: Any) -> None:
    """Say where no mark could be drawn."""
    if not there:
        clear = {"facecolor": "white", "edgecolor": "none"}
        words = "below what the run resolves"
        axes.text(0.5, 0.5, words, ha="center", va="center", transform=axes.transAxes, bbox=clear)


def named_axes(axes: Any, title: str, along: str, up: str) -> None:
    """Name a panel and its axes."""
    axes.set_title(title, fontsize=9.0, loc="left")
    axes.set_xlabel(along)
    axes.set_ylabel(up)


PANELS: dict[str, Panel] = {
    "epsc": epsc,
    "stp": stp,
    "ltp_ltd": trains,
    "ppf": facilitation,
    **{name: at_last(series) for name, series in SERIES.items()},
}
