"""Draw variability.png, how the change by a pulse scatters and by what: `python draw.py`, after the sweep."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.last_run import last_sweep_or_end
from eisfv.postprocess.pictures.style import DARK, LIGHT, STYLE

HERE = Path(__file__).parent
AXES = {
    "lithium": "lithium, x of both films",
    "film": "thickness of the films",
    "width": "width",
    "resistance": "resistance beside",
    "electrolyte": "thickness of the electrolyte",
    "diffusivity": "diffusivity",
    "exchange_current": "exchange current",
}
PAPER = 6.5  # %

table = last_sweep_or_end(HERE).table
columns = {name: next(column for column in table if column == name or column.startswith(f"{name}_")) for name in AXES}
logs = np.array([np.log(np.asarray(table[column], dtype=float)) for column in columns.values()]).T
design = np.column_stack([np.ones(len(logs)), logs - logs.mean(axis=0)])
powers = {}
for what in ("dG", "dG_first", "G"):
    values = np.asarray(table[f"{what}_S"], dtype=float)
    fit, *_ = np.linalg.lstsq(design, np.log(values), rcond=None)
    powers[what] = fit[1:]
    spread = np.log(values).std(ddof=1)
    rest = (np.log(values) - design @ fit).std(ddof=1)
    print(f"{what}: {values.mean():.4g} S, scatter {values.std(ddof=1) / values.mean():.2%}")
    print(f"  of {spread:.2%} in the logarithm the powers leave {rest:.2%}")
    print("  powers: " + ", ".join(f"{name} {power:.2f}" for name, power in zip(AXES, fit[1:], strict=True)))
print("6.5 % alone by: " + ", ".join(f"{n} {PAPER / abs(p):.2g} %" for n, p in zip(AXES, powers["dG"], strict=True)))

with mpl.rc_context(STYLE):
    figure = Figure(figsize=(9.2, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    lithium = np.asarray(table[columns["lithium"]], dtype=float)
    left.plot(lithium, 1e6 * np.asarray(table["dG_S"], dtype=float), "o", color=DARK, markersize=4)
    left.set(xlabel="x of both films", ylabel="change a pulse, mean of 50 (µS)")
    left.locator_params(axis="x", nbins=5)
    place = np.arange(len(AXES))
    right.barh(place - 0.18, powers["dG"], 0.36, color=DARK, label="change by a pulse, mean of 50")
    right.barh(place + 0.18, powers["dG_first"], 0.36, color=LIGHT, label="change by the first pulse")
    right.set_yticks(place, list(AXES.values()))
    right.invert_yaxis()
    right.set(xlabel="power")
    right.legend()
    figure.savefig(HERE / "variability.png", dpi=130, metadata={"Software": None})
