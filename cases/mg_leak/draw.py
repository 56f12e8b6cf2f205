"""Draw apparent.png, the conductivity that each step of the voltage tells, from the last run: `python draw.py`."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.last_run import last_run
from eisfv.postprocess.pictures.style import STYLE

HERE = Path(__file__).parent
SHAPE = 0.01 / 0.6  # 1/cm, thickness over area

with mpl.rc_context(STYLE):
    table = last_run(HERE).terminals
    figure = Figure(figsize=(7.0, 3.2), layout="constrained")
    axes = figure.subplots()
    for begin, line, label in (
        (0.0, "-", "0 to 0.1 V"),
        (3600.0, "--", "0.1 to 0.2 V"),
        (7200.0, ":", "0.2 to -0.1 V"),
    ):
        rows = (table["time_s"] > begin) & (table["time_s"] <= begin + 3600.0)
        apparent = table["current_A"][rows] / table["voltage_V"][rows] * SHAPE
        axes.loglog(table["time_s"][rows] - begin, apparent, line, color="0.1", label=label)
    axes.set(xlim=(1e-5, 3600.0), ylim=(5e-7, 1e-4), xlabel="time after the step (s)", ylabel="I L/(A V) (S/cm)")
    axes.legend()
    figure.savefig(HERE / "apparent.png", metadata={"Software": None})
