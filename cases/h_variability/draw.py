"""Draw variability.png, the change by a pair against what scatters and by how many protons: `python draw.py`."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from eisfv.constants import ELEMENTARY_CHARGE, FARADAY
from eisfv.postprocess.pictures.last_run import last_run_or_end, last_sweep_or_end
from eisfv.postprocess.pictures.style import DARK, LIGHT, STYLE

HERE = Path(__file__).parent
SITES = 30883.0  # mol/m3, of h_wo3
DEPTH, WIDE, SMALL = 10e-9, 3e-6, 100e-9  # m: the film, and the sides of two squares of it
SCALES = {"100 ms": "h_stdp_a", "100 µs": "h_stdp_us", "100 ns": "h_stdp_ns"}
PAPER = 5.0  # %


def protons(case: str) -> float:
    """Return how many protons the pair at +20 units puts into 3 um by 3 um of the channel."""
    table = last_run_or_end(HERE.parent / case).measures
    interval, x = table["steps_0_intervals_s"], table["x_channel"]
    unit = np.nanmax(interval) / 160.0
    after, before = (x[np.nanargmin(np.abs(interval - at * unit))] for at in (20.0, 0.0))
    return float(after - before) * SITES * FARADAY / ELEMENTARY_CHARGE * DEPTH * WIDE**2


table = last_sweep_or_end(HERE).table
thickness, change = np.asarray(table["electrolyte_nm"]), 1e9 * np.asarray(table["dG_after_S"])
power, level = np.polyfit(np.log(thickness / 14.0), np.log(change), 1)
spread = change.std(ddof=1) / change.mean()
print(f"{change.size} devices: {spread:.1%} of {change.mean():.1f} nS; thickness to the power {power:.1f}")

with mpl.rc_context(STYLE):
    figure = Figure(figsize=(9.2, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.plot(thickness, change, "o", color=DARK, markersize=4, label="40 devices")
    x = np.linspace(thickness.min(), thickness.max(), 50)
    label = f"thickness to the power {power:.1f}".replace("-", "\N{MINUS SIGN}")
    left.plot(x, np.exp(level) * (x / 14.0) ** power, color=LIGHT, label=label)
    left.set(xlabel="thickness of the electrolyte (nm)", ylabel="change by a pair at +20 ms (nS)")
    left.legend()
    for side, marker, words in ((WIDE, "o", "3 µm by 3 µm"), (SMALL, "s", "100 nm by 100 nm")):
        numbers = np.array([protons(case) for case in SCALES.values()]) * (side / WIDE) ** 2
        print(words, *(f"{n:.3g} protons, {100.0 / n**0.5:.2g} %;" for n in numbers))
        right.plot(range(3), 100.0 / np.sqrt(numbers), marker, color=DARK if marker == "o" else LIGHT, label=words)
    right.axhline(PAPER, color="0.4", linestyle="--", linewidth=0.9)
    right.annotate("source: below 5 %", (0.02, PAPER), (0, 3), textcoords="offset points", fontsize=8)
    right.set_yscale("log")
    right.set_xticks(range(3), list(SCALES))
    right.set(xlim=(-0.4, 2.4), ylim=(0.05, 40), xlabel="time scale of the pair", ylabel="1/√protons of the change (%)")
    right.yaxis.set_minor_formatter(NullFormatter())
    right.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
    right.legend(loc="upper left")
    figure.savefig(HERE / "variability.png", dpi=130, metadata={"Software": None})
