"""Draw scaling.png, energy and change by a pulse against size and series resistance: `python draw.py`."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.last_run import last_sweep_or_end
from eisfv.postprocess.pictures.style import DARK, STYLE
from eisfv.postprocess.sweeps.coordinates import axis_named, coordinate, plotted_quantity, quantity_named
from eisfv.postprocess.sweeps.lines import draw_lines

HERE = Path(__file__).parent
LENGTH, VOLTAGE = 0.05, 0.5  # s, V: of the pulse

sweep = last_sweep_or_end(HERE)
table = sweep.table
size, resistance = (coordinate(sweep, axis_named(sweep, name)) for name in ("size", "series_resistance"))
rows, failed = np.ones(size.at.size, bool), ~sweep.finished

with mpl.rc_context(STYLE):
    figure = Figure(figsize=(9.2, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    draw_lines(left, size, resistance, plotted_quantity(sweep, quantity_named(sweep, "energy")), rows, failed)
    for level in resistance.levels[-4:]:
        left.axhline(VOLTAGE**2 * LENGTH / level * 1e6, color="0.6", linestyle="--", linewidth=0.9, zorder=1)
    product = table["area_um2"] * 1e-8 * table["series_resistance_ohm"]  # ohm cm^2
    order = np.argsort(product)
    right.loglog(product[order], table["dG_up_S"][order] * 1e9, "o", color=DARK, markersize=3.5)
    right.set(xlabel="series resistance x area (Ω cm²)", ylabel="change by a pulse (nS)")
    figure.savefig(HERE / "scaling.png", dpi=130, metadata={"Software": None})
