"""The picture of a device's card: a panel for each shipped protocol file, all of D(t) = G(t) - G_rest(t)."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from eisfv.postprocess.pictures.png import png
from eisfv.postprocess.pictures.style import DARK, LIGHT, STYLES
from eisfv.postprocess.quantities.prefixes import scale, time_scale

from .card_figures import Answers, index_of, level_text, named
from .over_rest import Answer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 10.0, 8.4  # inches
MINUS = "\N{MINUS SIGN}"


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
    """Draw D(t) of one weak pulse."""
    courses(axes, answers, "STP: one weak pulse")


def courses(axes: Any, answers: Sequence[Answer], title: str) -> None:
    """Draw D(t), and in grey what is not resolved."""
    along, along_unit = time_scale(max(float(one.t[-1]) for one in answers))
    factor, unit = scale(np.concatenate([one.D for one in answers]), "S")
    for one, color, line in zip(answers, (DARK, LIGHT), STYLES, strict=False):
        axes.plot(one.t * along, one.D * factor, line, color=color, label=level_text(one))
    one = answers[0]
    least = one.floor * one.G * factor
    axes.fill_between(one.t * along, -least, least, color="0.88", linewidth=0.0)
    named_axes(axes, title, f"time ({along_unit})", f"D ({unit})")
    axes.legend(loc="lower right", bbox_to_anchor=(1.02, 0.98), ncols=2, handlelength=1.4)


def trains(axes: Any, answers: Sequence[Answer]) -> None:
    """Draw D at the read after every pulse of the train up and down."""
    one = named(answers, "up and down")
    d = np.array([one.at(time) for time in one.reads])
    least = np.array([one.least(time) for time in one.reads])
    marks(axes, np.arange(1.0, d.size + 1.0), d, least, "S")
    named_axes(axes, "LTP and LTD", "pulse", axes.get_ylabel())


def facilitation(axes: Any, answers: Sequence[Answer]) -> None:
    """Draw the PPF index against the interval, of the pairs that have one."""
    intervals = np.array([one.pulses.start[1] - one.ends[0] for one in answers])
    index = np.array([np.nan if (v := index_of(one).value) is None else v for one in answers])
    along, unit = time_scale(float(intervals.max()))
    axes.axhline(1.0, color="0.6", linewidth=0.8)
    axes.semilogx(intervals * along, index, "o-", color=DARK)
    number_log(axes, intervals * along)
    nothing(axes, np.isfinite(index).any())
    named_axes(axes, "PPF", f"interval ({unit})", "D second / D first")


def at_last(title: str, words: str, unit: str, of: Callable[[Answer], float], log: bool = False) -> Callable[..., None]:
    """Return what draws D at the end of each measure against a number of the measure."""

    def draw(axes: Any, answers: Sequence[Answer]) -> None:
        x = np.array([of(one) for one in answers])
        own = str(answers[0].pulses.unit[0]) if unit == "amplitude" else unit
        along, along_unit = time_scale(float(np.abs(x).max())) if own == "s" else scale(x, own)
        d = np.array([one.at(float(one.t[-1])) for one in answers])
        least = np.array([one.least(float(one.t[-1])) for one in answers])
        marks(axes, x * along, d, least, "S")
        if log:
            axes.set_xscale("log")
            number_log(axes, x * along)
        named_axes(axes, title, f"{words} ({along_unit})" if along_unit else words, axes.get_ylabel())

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
        axes.text(0.5, 0.5, "below what the run resolves", ha="center", va="center", transform=axes.transAxes)


def named_axes(axes: Any, title: str, along: str, up: str) -> None:
    """Name a panel and its axes."""
    axes.set_title(title, fontsize=9.0, loc="left")
    axes.set_xlabel(along)
    axes.set_ylabel(up)


def rate(one: Answer) -> float:
    """Return the rate of a train, 1/s."""
    return float(1.0 / (one.pulses.start[1] - one.pulses.start[0]))


PANELS: dict[str, Callable[[Any, Sequence[Answer]], None]] = {
    "epsc": epsc,
    "stp": stp,
    "ltp_ltd": trains,
    "ppf": facilitation,
    "srdp": at_last("SRDP: ten pulses", "rate", "Hz", rate, log=True),
    "svdp": at_last("SVDP: one pulse", "height", "amplitude", lambda one: float(one.pulses.amplitude[0])),
    "swdp": at_last("SWDP: one pulse", "width", "s", lambda one: float(one.pulses.width[0]), log=True),
    "sndp": at_last("SNDP", "number of pulses", "", lambda one: float(len(one.pulses))),
    "stdp": at_last("STDP: one pair", f"t_post {MINUS} t_pre", "s", lambda one: float(one.pulses.pair[0])),
}
