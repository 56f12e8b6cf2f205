"""Draw fig3.png, conductivity, voltage and d sigma/dx against x from the last run: `python draw.py`."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.last_run import last_run
from eisfv.postprocess.pictures.style import DARK, LIGHT, STYLE

HERE = Path(__file__).parent
SIEMENS = 7.5e-6  # S for 1 S/cm: 15 nm over 100 um x 500 um

with mpl.rc_context(STYLE):
    table = last_run(HERE).terminals
    x, sigma = table["x_channel"], table["conductance_S"] / SIEMENS
    figure = Figure(figsize=(7.0, 3.4), layout="constrained")
    figure.get_layout_engine().set(wspace=0.1)
    left, right = figure.subplots(1, 2)
    left.semilogy(x, sigma, color=DARK, label="conductivity")
    left.plot([0.0, 0.21], [0.015, 230.0], "o", color=DARK, markerfacecolor="white", label="conductivity, paper")
    left.set(xlim=(-0.005, 0.215), xlabel="x in the channel", ylabel="conductivity (S/cm)")
    voltage = left.twinx()
    voltage.plot(x, table["voltage_V"], "--", color=LIGHT, label="voltage")
    voltage.plot([0.0, 0.21], [-0.13, 0.23], "s", color=LIGHT, markerfacecolor="white", label="voltage, paper")
    voltage.set(ylabel="gate voltage (V)", ylim=(-0.15, 0.25))
    voltage.grid(visible=False)
    voltage.spines["right"].set_visible(True)
    handles = [*left.get_legend_handles_labels()[0], *voltage.get_legend_handles_labels()[0]]
    voltage.legend(handles=handles, loc="lower right")
    right.plot(x, np.gradient(sigma, x) / 1e3, color=DARK)
    right.set(xlim=(0.0, 0.21), ylim=(0.0, None), xlabel="x in the channel", ylabel="dσ/dx (kS/cm)")
    figure.savefig(HERE / "fig3.png", metadata={"Software": None})
