"""Draw hysteresis.png, the voltage of the mosaic against its filling, beside well mixed grains: `python draw.py`.

dx_k/dt = k (mean of mu - mu_k) + rate,   mu_k = 2 ln(x_k/(1 - x_k)) + 6 (1 - 2 x_k) - F d_k/(RT)
"""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from scipy.integrate import solve_ivp

from eisfv.postprocess.pictures.last_run import last_run_or_end
from eisfv.postprocess.pictures.style import DARK, LIGHT, STYLE

HERE = Path(__file__).parent
VT = 0.0256926  # RT/F at 298.15 K, V
SCATTER = np.linspace(-0.6e-3, 0.6e-3, 8)  # V
PLATEAU = 0.714  # V: 3.4 V of the gate less 2.686 V
SLOW = 1e-4  # of the rate of exchange


def mu(x: np.ndarray) -> np.ndarray:
    """Return the chemical potential of the grains, RT."""
    return 2.0 * np.log(x / (1.0 - x)) + 6.0 * (1.0 - 2.0 * x) - SCATTER / VT


def ensemble(start: float, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Return mean x and the voltage (mV) above the plateau of grains filled or emptied by 0.8."""

    def change(_: float, x: np.ndarray) -> np.ndarray:
        return mu(x).mean() - mu(x) + rate

    duration, grains = 0.8 / abs(rate), np.full(len(SCATTER), start)
    found = solve_ivp(change, (0.0, duration), grains, method="LSODA", rtol=1e-9, atol=1e-11, max_step=duration / 1e3)
    return found.y.mean(axis=0), np.array([1e3 * VT * mu(x).mean() for x in found.y.T])


with mpl.rc_context(STYLE):
    run = last_run_or_end(HERE)
    time, voltage = (run.terminals[name] for name in ("time_s", "voltage_V"))
    x = np.where(time <= 800.0, 0.1 + 1e-3 * time, 0.9 - 1e-3 * (time - 800.0))
    figure = Figure(figsize=(5.0, 3.6), layout="constrained")
    axes = figure.subplots()
    for start, rate, label in ((0.1, SLOW, "well mixed grains"), (0.9, -SLOW, None)):
        filling, above = ensemble(start, rate)
        axes.plot(filling, above, color=LIGHT, linewidth=3.0, label=label)
        inside = np.flatnonzero((filling > 0.3) & (filling < 0.7))
        span = filling[inside[-1]] - filling[inside[0]]
        print(f"{'filled' if rate > 0.0 else 'emptied'}: {np.trapezoid(above[inside], filling[inside]) / span:.2f} mV")
    axes.plot(x, 1e3 * (voltage - PLATEAU), color=DARK, linewidth=1.0, label="section of eight grains")
    axes.axhline(0.0, color=DARK, linestyle=":", linewidth=1.0, label="boundary that moves")
    axes.set(
        xlabel="mean x of the grains", ylabel="voltage above the plateau (mV)", xlim=(0.1, 0.9), ylim=(-26.0, 42.0)
    )
    axes.legend(loc="upper right", fontsize="small")
    figure.savefig(HERE / "hysteresis.png", metadata={"Software": None})
