"""Draw scaling.png from the last run, `python draw.py`, and print the scatter of a state against the size of a device.

The spectrum of the device at rest, S_G of 100 nm x 100 nm, gives the standard deviation of the difference of two reads

    var = integral of S_G 4 sin^2(pi f tau) sinc^2(f T) df,    T: length of a read, tau: from one to the other

and of the conductance as such without the sine. At the same thickness S_G of a square film goes as one over its area,
while the change by a state, 5202 electrons on 100 nm x 100 nm and a pulse of 5 uC on 0.6 cm2, stays what it is.
"""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from eisfv.constants import ELEMENTARY_CHARGE, FARADAY, GAS_CONSTANT
from eisfv.postprocess.pictures.last_run import last_run_or_end
from eisfv.postprocess.pictures.style import DARK, LIGHT, STYLE, WARM

HERE = Path(__file__).parent
SIDE, STATE_CHARGE = 100e-9, 5202 * ELEMENTARY_CHARGE  # m, C: of the run
READ = 5.0  # s, as the paper's pulses are read
SIDES = np.array([1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 5e-8, 3e-8])  # m
JOHNSON = (1e-3, 0.1)  # s, V of a fast read
BOLTZMANN = GAS_CONSTANT * ELEMENTARY_CHARGE / FARADAY

table = last_run_or_end(HERE).table("impedance")
own = table["spectrum"] == 1
by_charge = (table["dG_dV_real_S_per_V"] / table["capacitance_F"])[own]
STATE = float(by_charge[np.isfinite(by_charge)][0]) * STATE_CHARGE  # S
known = np.log(table["frequency_Hz"][own])
f = np.logspace(-9.0, 6.0, 150_001)  # the sine of two reads an hour apart is resolved where S_G is not small


def deviation(column: str, apart: float | None) -> float:
    """Return the standard deviation (S) of a read, or of the difference of two that are so far apart (s)."""
    density = np.exp(np.interp(np.log(f), known, np.log(table[column][own])))
    window = np.sinc(f * READ) ** 2
    if apart is not None:
        window *= 4.0 * np.sin(np.pi * f * apart) ** 2
    below = density[0] * f[0] if apart is None else 0.0
    return float(np.sqrt(np.trapezoid(density * window * f, np.log(f)) + below))


GIVEN, OPEN = "S_G_closed_S2_per_Hz", "S_G_open_S2_per_Hz"
ROWS = {
    "tied to its gate for hours": deviation(GIVEN, None),
    "reads 1 h apart, gate held": deviation(GIVEN, 3600.0),
    "reads 1 h apart, open circuit": deviation(OPEN, 3600.0),
    "reads 10 s apart, gate held": deviation(GIVEN, 10.0),
    "reads 10 s apart, open circuit": deviation(OPEN, 10.0),
}
conductance = float(table["conductance_S"][own][0])
heat = np.sqrt(4.0 * BOLTZMANN * 298.15 * conductance * 0.5 / JOHNSON[0]) / JOHNSON[1]

for words, value in ROWS.items():
    shares = "  ".join(f"{100.0 * value / STATE * SIDE / side:9.2g}" for side in SIDES)
    print(f"{words:32s} {1e9 * value:7.3f} nS; % of a state at {SIDES[0]:g} to {SIDES[-1]:g} m: {shares}")
print(f"Johnson noise of a read of {JOHNSON[0]:g} s at {JOHNSON[1]:g} V: {1e12 * heat:.1f} pS at every size")

with mpl.rc_context(STYLE):
    figure = Figure(figsize=(6.4, 4.4), layout="constrained")
    axes = figure.subplots()
    colours = (DARK, DARK, LIGHT, DARK, LIGHT)
    for (words, value), colour, line in zip(ROWS.items(), colours, ("-", "--", "--", ":", ":"), strict=True):
        axes.loglog(SIDES, 100.0 * value / STATE * SIDE / SIDES, color=colour, linestyle=line, marker="o", label=words)
    axes.loglog(SIDES, 0 * SIDES + 100.0 * heat / STATE, color=WARM, label="Johnson noise, 1 ms at 0.1 V")
    axes.axhline(100.0 / 6.0, color="0.55", linewidth=0.8)
    axes.annotate("six deviations are a state", (1e-2, 100.0 / 6.0), (0, 2), textcoords="offset points", ha="right")
    axes.set(xlabel="side of the device (m)", ylabel="standard deviation (% of a state)")
    axes.legend()
    figure.savefig(HERE / "scaling.png", metadata={"Software": None})
