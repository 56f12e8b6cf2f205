"""sensitivity: what the parameters of a case do to a quantity, as bars with their sign."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .style import DARK, LIGHT, STYLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 20  # bars
LEAST = 1e-6  # of the largest: less is rounding to the eye


def draw_sensitivity(names: Sequence[str], values: np.ndarray, title: str, label: str) -> "Figure":
    """Return a figure of the values of each name, the largest first; label: what they are."""
    import matplotlib as mpl

    from .figure import ShownFigure

    shown = [k for k in range(min(MOST, len(names))) if abs(values[k]) > LEAST * abs(values[0])]
    with mpl.rc_context(STYLE):
        figure = ShownFigure(figsize=(7.6, 1.3 + 0.24 * max(len(shown), 3)), layout="constrained")
        axes = bars(figure, [names[k] for k in shown], values[shown])
        axes.set_xlabel(label)
        axes.set_title(title, fontsize=9.0, loc="left")
    return figure


def bars(figure: "Figure", names: Sequence[str], values: np.ndarray) -> "Axes":
    """Draw a bar for each name, the first on top; return the axes."""
    axes = figure.subplots()
    places, rises = np.arange(len(names)), values > 0.0
    axes.barh(places[rises], values[rises], color=DARK, label="rises")
    axes.barh(places[~rises], values[~rises], color=LIGHT, hatch="///", edgecolor="0.3", label="falls")
    for place, value in zip(places, values, strict=True):
        text = f"{value:+.2g}".replace("-", "\N{MINUS SIGN}")
        axes.annotate(
            text,
            (value, place),
            xytext=(3 if value > 0 else -3, 0),
            textcoords="offset points",
            ha="left" if value > 0 else "right",
            va="center",
            fontsize=7.0,
        )
    axes.axvline(0.0, color="0.2", linewidth=0.8)
    axes.set_yticks(places, names, fontsize=7.0)
    axes.invert_yaxis()
    axes.margins(x=0.14)
    axes.grid(False, axis="y")
    axes.legend(loc="best")
    return axes
