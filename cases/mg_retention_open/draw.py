"""Draw fig8a.png from the last runs of the three retention cases: `python draw.py`."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.last_run import last_run
from eisfv.postprocess.pictures.style import DARK, LIGHT, STYLE

HERE = Path(__file__).parent
CASES = {
    "mg_retention": ("0 V", DARK, "-"),
    "mg_retention_open": ("open circuit, 1e-6 S/cm", LIGHT, "-"),
    "mg_retention_tight": ("open circuit, tight", "0.4", "--"),
}

with mpl.rc_context(STYLE):
    figure = Figure(figsize=(7.0, 3.4), layout="constrained")
    axes = figure.subplots()
    for case, (label, colour, line) in CASES.items():
        table = last_run(HERE.parent / case).terminals
        axes.semilogy(table["time_s"] / 3600.0, table["conductance_S"] * 1e6, line, color=colour, label=label)
    axes.axhline(40.0, color="0.6", linewidth=0.8)
    axes.text(2.9, 42.0, "about 40 uS, the paper's end", fontsize=8)
    axes.axhline(240.0, color="0.6", linewidth=0.8, linestyle=":")
    axes.text(2.0, 190.0, "240 uS, the least that mass balance allows", fontsize=8)
    axes.set(xlim=(0.0, 4.0), ylim=(30.0, 1300.0), xlabel="time (h)", ylabel="channel conductance (uS)")
    axes.legend(loc="upper right", bbox_to_anchor=(1.0, 0.93))
    figure.savefig(HERE / "fig8a.png", metadata={"Software": None})
