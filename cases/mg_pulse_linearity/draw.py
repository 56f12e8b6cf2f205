"""Draw fig4.png, the change of conductance against the charge of a pulse, from the last run: `python draw.py`.

Points are medians over three cycles, bars reach from the 15th to the 85th percentile.
"""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.last_run import last_run_or_end
from eisfv.postprocess.pictures.style import DARK, STYLE

HERE = Path(__file__).parent
CHARGES, CYCLES, PULSES = 7, 3, 10

with mpl.rc_context(STYLE):
    table = last_run_or_end(HERE).pulses
    shape = (2, CHARGES, CYCLES, 2, PULSES)
    change, charge = (table[name].reshape(shape) * 1e6 for name in ("dG_S", "charge_C"))
    figure = Figure(figsize=(7.0, 3.4), layout="constrained")
    for way, (axes, word) in enumerate(zip(figure.subplots(1, 2, sharey=True), ("duration", "current"), strict=True)):
        for sign, marker, face in ((0, "^", DARK), (1, "v", "white")):
            values = change[way, :, :, sign].reshape(CHARGES, -1)
            low, middle, high = np.percentile(values, (15, 50, 85), axis=1)
            at, bars = charge[way, :, 0, sign, 0], (middle - low, high - middle)
            axes.errorbar(at, middle, bars, fmt=marker, color=DARK, markerfacecolor=face, capsize=2.0)
        axes.plot(charge[way, :, 0, 0, 0], change[way, :, 0, 0, 0], ":", color="0.5", label="first pulse, from 27 µS")
        axes.axhline(0.0, color="0.4", linewidth=0.8)
        axes.set(xlabel=f"charge of a pulse (µC), by {word}", ylabel="" if way else "ΔG (µS)")
    axes.legend(loc="upper left")
    figure.savefig(HERE / "fig4.png", metadata={"Software": None})
