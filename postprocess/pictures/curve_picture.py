"""A measured curve of a host: its points, and the curve of the model through them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .style import DARK, STYLE, WARM

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """x, y of the model's curve; points of the table it goes through, None where a formula gives it; labels of both
    axes; log: the values on a logarithmic axis; note: how the table was read."""

    title: str
    x: Floats
    y: Floats
    labels: tuple[str, str]
    log: bool = False
    points: tuple[Floats, Floats] | None = None
    note: str = ""


def draw_curves(file: Path, curves: Sequence[Curve]) -> None:
    """Draw curves side by side into a PNG. OSError where it cannot be written."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        # Margins in inches that hold every label and two lines of title: a layout that measures them draws twice more.
        width, height = 4.6, 3.4
        figure = Figure(figsize=(width * len(curves), height))
        left, right, below, above = 0.75, 0.15, 0.5, 0.5
        for number, curve in enumerate(curves):
            box = (number * width + left, below, width - left - right, height - below - above)
            whole = (width * len(curves), height) * 2
            _draw(figure.add_axes(tuple(np.divide(box, whole))), curve)
        file.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(file, format="png", metadata={"Software": None})


def _draw(axes: "Axes", curve: Curve) -> None:
    axes.plot(curve.x, curve.y, color=DARK, lw=1.4, label="curve of the model", zorder=2)
    if curve.points is not None:
        axes.plot(*curve.points, "o", color=WARM, mfc="none", ms=4.0, mew=0.9, label="points of the table", zorder=3)
        axes.legend()
    if curve.log:
        axes.set_yscale("log")
    axes.set_xlabel(curve.labels[0])
    axes.set_ylabel(curve.labels[1])
    axes.set_title(curve.title + (f"\n{curve.note}" if curve.note else ""), fontsize=9.0)
