"""Draw filament.png, the filling over the section and the conductance, from the last run: `python draw.py`."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.last_run import last_run_or_end
from eisfv.postprocess.pictures.style import DARK, STYLE

HERE = Path(__file__).parent
SHOWN = ((60.0, "prepared"), (180.0, "after −12 mV"), (240.0, "after 60 mV"))  # s, each at rest

with mpl.rc_context(STYLE):
    run = last_run_or_end(HERE)
    x, y = run.cells.x * 1e9, run.cells.y * 1e9
    columns, rows = np.unique(np.round(x, 6)), np.unique(np.round(y, 6))
    place = np.searchsorted(rows, np.round(y, 6)), np.searchsorted(columns, np.round(x, 6))
    figure = Figure(figsize=(7.2, 3.2), layout="constrained")
    *maps, last = figure.subplots(1, 4, width_ratios=[1, 1, 1, 2.6])
    records = run.profiles("site_fraction_Li")
    for axes, (time, label) in zip(maps, SHOWN, strict=True):
        image = np.full((len(rows), len(columns)), np.nan)
        image[place] = records[int(np.argmin(np.abs(run.profile_times - time)))]
        drawn = axes.imshow(image, extent=(0.0, 20.0, 60.0, 0.0), vmin=0.0, vmax=1.0, cmap="viridis")
        axes.set(title=label, xlabel="x (nm)", xticks=[0, 20])
        axes.set_yticks([0, 20, 40, 60] if axes is maps[0] else [])
        axes.grid(False)
    maps[0].set_ylabel("y (nm)")
    figure.colorbar(drawn, ax=maps, location="left", label="filling", shrink=0.8)
    last.plot(run.terminals["time_s"], 1e6 * run.terminals["conductance_S"], color=DARK)
    last.set(xlabel="time (s)", ylabel="conductance (µS)", xlim=(0.0, 240.0), ylim=(0.0, None))
    figure.savefig(HERE / "filament.png", metadata={"Software": None})
