"""Draw maps.png, what a pulse overshoots and how long it settles, over thickness and diffusivity: `python draw.py`."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.last_run import last_sweep_or_end
from eisfv.postprocess.pictures.style import STYLE
from eisfv.postprocess.sweeps.coordinates import PlottedQuantity, axis_named, coordinate
from eisfv.postprocess.sweeps.map import draw_map

HERE = Path(__file__).parent
FACTOR = 3.19  # of thermodynamics at x = 0.005: chemical over self-diffusivity
PULSE = 0.1  # s
SEEN = 0.01  # of the change: a smaller overshoot is that of the double layer, and settles with it

sweep = last_sweep_or_end(HERE)
table = sweep.table
thickness, diffusivity = (coordinate(sweep, axis_named(sweep, name)) for name in ("thickness", "diffusivity"))
rows, failed = np.ones(thickness.at.size, bool), ~sweep.finished
over = (table["G_at_end_S"] - table["G_before_S"]) / table["dG_S"] - 1.0
settling = np.where(over > SEEN, table["settling_s"], np.nan)
line = (thickness.levels * 1e-7) ** 2 / (np.pi**2 * FACTOR * PULSE)  # cm^2/s: t^2 / (pi^2 D) is the pulse's length

with mpl.rc_context(STYLE):
    figure = Figure(figsize=(9.2, 3.8), layout="constrained")
    shown = (
        PlottedQuantity("over", "overshoot at the end of the pulse (%)", 100.0 * over, log=False),
        PlottedQuantity("settling", "time until a twentieth of it is left (s)", settling, log=True),
    )
    for axes, quantity in zip(figure.subplots(1, 2), shown, strict=True):
        draw_map(axes, thickness, diffusivity, quantity, rows, failed)
        limits = axes.get_ylim()
        axes.plot(thickness.levels, line, "--", color="orangered", linewidth=1.6)
        axes.set_ylim(limits)
    axes.set_title("dotted: overshoot below 1 %", loc="right", fontsize=8)
    figure.savefig(HERE / "maps.png", dpi=130, metadata={"Software": None})
