"""Draw phases.png, x across the film before and after the current flips it, from the last run: `python draw.py`."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.last_run import last_run_or_end
from eisfv.postprocess.pictures.style import DARK, STYLE

HERE = Path(__file__).parent
SHOWN = ((10, ":", "2 mV"), (20, "-", "−78 mV"), (30, "--", "−88 mV"))  # records: one every 100 s

with mpl.rc_context(STYLE):
    run = last_run_or_end(HERE)
    depth, x = run.cells.y * 1e9, run.profiles("site_fraction_Li")
    figure = Figure(figsize=(5.0, 3.4), layout="constrained")
    axes = figure.subplots()
    for record, line, label in SHOWN:
        axes.plot(depth, x[record], line, color=DARK, label=label)
    axes.set(xlabel="depth below the gate's metal (nm)", ylabel="x in the film", xlim=(0.0, 40.0), ylim=(-0.03, 1.03))
    axes.legend(title="after 1000 s at", loc="center right")
    figure.savefig(HERE / "phases.png", metadata={"Software": None})
