"""The picture of a measured curve: the measurement with its error bars, the model, and what is between them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eisfv.postprocess.quantities.measured import Against
from eisfv.result.file_names import PLOTS

from .columns import named
from .line_panels import Axis, factor_of, with_unit
from .style import LIGHT, STYLE, WARM, file_word, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BAND = 1.96  # error bars that hold 95 of 100 points


def draw_measured(found: Against, run: Path, title: str) -> Path:
    """Draw a curve into the plots of a run's directory and return the path. Raises ResultError."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.4, 5.0), layout="constrained")
        upper, lower = figure.subplots(2, sharex=True, height_ratios=(3, 1))
        draw_curve(upper, lower, found)
        figure.suptitle(title, fontsize=10)
        return save(figure, run / PLOTS / f"{file_word(found.curve.name)}.png")


def draw_curve(upper: "Axes", lower: "Axes", found: Against) -> None:
    """Draw measurement and model above, their residuals below."""
    curve = found.curve
    along, up = axes_of(found)
    fx, unit_x = factor_of(along, [curve.x])
    fy, unit_y = factor_of(up, [curve.y])
    if along.log:
        upper.set_xscale("log")
    if curve.log:
        upper.set_yscale("log" if (curve.y > 0.0).all() else "symlog")
    counted = curve.weight > 0.0
    marks: dict[str, Any] = {"color": WARM, "linestyle": "none", "marker": "o", "markerfacecolor": "white", "zorder": 3}
    upper.errorbar(
        curve.x * fx, curve.y * fy, bars(curve.y, found) * fy, capsize=2, label=curve.quantity.source, **marks
    )
    near = window(found)
    upper.plot(found.x[near] * fx, found.y[near] * fy, label="model")
    upper.legend()
    upper.set_ylabel(with_unit(up.label, unit_y))
    lower.axhspan(-BAND, BAND, color=LIGHT, alpha=0.25, linewidth=0)
    lower.axhline(0.0, color="0.55", linewidth=0.8)
    lower.plot(curve.x[counted] * fx, found.residuals[counted], **marks)
    reach = 1.1 * float(np.nanmax(np.abs(found.residuals), initial=BAND))
    lower.set_ylim(-reach, reach)
    lower.set_ylabel("(model \N{MINUS SIGN} data)\n/ error bar")
    lower.set_xlabel(with_unit(along.label, unit_x))


def axes_of(found: Against) -> tuple[Axis, Axis]:
    """Return the axes along and up: the units of the data, which arithmetic has none of."""
    entry = found.curve.quantity
    assert entry.against is not None
    labels = [named(entry.against)[0], named(entry.column)[0]]
    (unit_x, unit_y), log = found.curve.units, found.curve.log
    over_frequency = entry.against.text == "frequency_Hz"
    return Axis(labels[0], "Hz" if over_frequency else unit_x, over_frequency), Axis(labels[1], unit_y, log)


def bars(y: np.ndarray, found: Against) -> np.ndarray:
    """Return the error bars (2, n) down and up; on a logarithmic axis none reaches zero."""
    error = found.curve.error
    down = np.minimum(error, 0.95 * np.abs(y)) if found.curve.log else error
    return np.stack([down, error])


def window(found: Against) -> np.ndarray:
    """Return the rows of the model from a twentieth before the points to one behind them."""
    low, high = found.curve.x.min(), found.curve.x.max()
    margin = 0.05 * (high - low)
    if axes_of(found)[0].log:
        return np.asarray((found.x >= low / 1.5) & (found.x <= high * 1.5))
    return np.asarray((found.x >= low - margin) & (found.x <= high + margin))
