"""Draw maps.png, change by a pulse and retention over thickness and exchange current: `python draw.py`."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.last_run import last_sweep_or_end
from eisfv.postprocess.pictures.style import STYLE
from eisfv.postprocess.sweeps.coordinates import axis_named, coordinate, plotted_quantity, quantity_named
from eisfv.postprocess.sweeps.map import draw_map

HERE = Path(__file__).parent
SIGMA_E, SIGMA_I = 1e-6, 2.8e-5  # S/cm, of the electrolyte
SLOPE = 0.0128463  # V, RT/2F

sweep = last_sweep_or_end(HERE)
thickness, exchange = (coordinate(sweep, axis_named(sweep, name)) for name in ("thickness", "exchange_current"))
rows, failed = np.ones(thickness.at.size, bool), ~sweep.finished
leak = thickness.levels * 1e-4 * (1.0 / SIGMA_E + 1.0 / SIGMA_I)  # ohm cm^2
equal = 2.0 * SLOPE / leak * 1e6  # uA/cm^2: both interfaces resist as much as the electrolyte, ions and electrons

with mpl.rc_context(STYLE):
    figure = Figure(figsize=(9.2, 3.8), layout="constrained")
    panels = (("dG", "change by the first pulse"), ("retention", "retention at open circuit"))
    for axes, (name, title) in zip(figure.subplots(1, 2), panels, strict=True):
        draw_map(axes, thickness, exchange, plotted_quantity(sweep, quantity_named(sweep, name)), rows, failed)
        limits = axes.get_ylim()
        axes.plot(thickness.levels, equal, "--", color="orangered", linewidth=1.6)
        axes.set_ylim(limits)
        axes.set_title(title, loc="left", fontsize=9)
    figure.savefig(HERE / "maps.png", dpi=130, metadata={"Software": None})
