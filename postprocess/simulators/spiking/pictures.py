"""The pictures of the spiking targets: the pairs with their kernel, the responses with their recursion."""

from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.extract.measured import Picture
from eisfv.postprocess.pictures.png import png
from eisfv.postprocess.pictures.style import DARK, LIGHT
from eisfv.postprocess.quantities.prefixes import scale

from .pair_table import PairTable
from .stdp import FORMS, SIDES, Kernel, Side
from .tsodyks_markram import ShortTerm, recursion

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def kernel_picture(kernel: Kernel | PairTable) -> Picture:
    """Return change against interval: the pairs as points, the kernel as lines."""

    def draw(figure: "Figure") -> None:
        axes = figure.subplots()
        pairs = kernel.pairs
        factor, unit = scale(pairs.change, "S")
        time, second = scale(pairs.interval, "s")
        x = np.linspace(0.0, np.abs(pairs.interval).max(), 200)[1:]
        for sign in SIDES.values():
            axes.plot(sign * x * time, kernel.change(sign * x) * factor, color=LIGHT, linewidth=1.6)
        axes.plot([], [], color=LIGHT, linewidth=1.6, label="kernel")
        if isinstance(kernel, Kernel):
            draw_better(kernel, x, axes, time, factor)
        axes.plot(pairs.interval * time, pairs.change * factor, "o", color=DARK, markersize=4.5, label="spike pairs")
        axes.axhline(0.0, color="0.4", linewidth=0.8)
        axes.axvline(0.0, color="0.4", linewidth=0.8)
        axes.set_xlabel(f"interval, t_post \N{MINUS SIGN} t_pre ({second})")
        axes.set_ylabel(f"change of conductance\nby a pair, ΔG ({unit})")
        axes.legend(loc="best")

    return Picture("Change of the conductance by spike pairs, and the kernel fitted to them.", png(draw))


def draw_better(kernel: Kernel, x: np.ndarray, axes: "Axes", time: float, factor: float) -> None:
    """Draw the form of each side that leaves less and that no simulator has; x: |dt|, s."""
    better = set()
    for name, sign in SIDES.items():
        side: Side = getattr(kernel, name)
        if side.better:
            better.add(side.better)
            height, tau = side.fits[side.better].values
            other = sign * np.sign(side.amplitude) * height * FORMS[side.better](x, tau)
            axes.plot(sign * x * time, other * factor, "--", color="0.5", linewidth=1.0)
    if better:
        axes.plot([], [], "--", color="0.5", linewidth=1.0, label=f"leaves less: {' and '.join(sorted(better))}")


def response_picture(short: ShortTerm) -> Picture:
    """Return the responses against the number of the spike, train by train, with the recursion."""

    def draw(figure: "Figure") -> None:
        axes = figure.subplots()
        factor, unit = scale(np.concatenate([train.response for train in short.trains]), "S")
        first = 1
        for k, train in enumerate(short.trains):
            number = np.arange(first, first + train.start.size)
            first += train.start.size
            made = short.W * recursion(train.start, short.U, short.tau_rec, short.tau_fac)
            words = ("responses", "recursion") if k == 0 else (None, None)
            axes.plot(number, train.response * factor, "o", color=DARK, markersize=4.5, label=words[0])
            axes.plot(number, made * factor, color=LIGHT, linewidth=1.6, label=words[1])
        axes.set_xlabel("spike")
        axes.set_ylabel(f"response ({unit})")
        axes.locator_params(axis="x", integer=True)
        axes.legend(loc="best")

    return Picture("Short-term response to the pulses of trains, and the recursion fitted to it.", png(draw))
