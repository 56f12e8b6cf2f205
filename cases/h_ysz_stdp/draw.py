"""Draw stdp.png from the last run, `python draw.py`: waveforms, rates of change against voltage, spike pairs.

The dashed line is the paper's Eq. 1: the rates of the 10 ms pulses, interpolated over the voltage and integrated along
the waveform of a pair, times the one factor that fits the pairs. What 20 s at 0 V add without a pulse is taken off for
it: of the pairs the mean over the spikes that fire alone (thin line), of the single pulses that over the lowest two of
each width.
"""

import runpy
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.last_run import last_run_or_end
from eisfv.postprocess.pictures.style import DARK, LIGHT, STYLE

HERE = Path(__file__).parent
CASE = runpy.run_path(str(HERE / "waveforms.py"))
INTERVALS = np.array([dt * sign for dt in CASE["INTERVALS"] for sign in (1, -1)], dtype=float)  # ms
SINGLE, WIDTHS = np.array(CASE["SINGLE"]), np.array(CASE["WIDTHS"], dtype=float)
EQUATION = 10.0  # ms, the pulses whose rates go into Eq. 1

Rates = tuple[np.ndarray, np.ndarray]  # nS/ms of pulses up and down, against SINGLE


def changes() -> tuple[np.ndarray, float, np.ndarray]:
    """Return the changes (nS) by pairs, and what the rest adds to them; by single pulses (width, height, sign)."""
    change = last_run_or_end(HERE).pulses["dG_S"] * 1e9
    pairs, alone, single = np.split(change, [INTERVALS.size, INTERVALS.size + 2])
    single = single.reshape(WIDTHS.size, SINGLE.size, 2)
    return pairs, float(alone.mean()), single - single[:, :1].mean(axis=2, keepdims=True)


def rate(volts: np.ndarray, rates: Rates) -> np.ndarray:
    """Return the rate of change (nS/ms) at voltages: straight in its logarithm, to zero below the lowest pulse."""
    found = np.zeros(volts.size)
    for sign, values in zip((1, -1), rates, strict=True):
        here = sign * volts
        inside = np.exp(np.interp(here, SINGLE, np.log(values)))
        found += sign * np.where(here >= SINGLE[0], inside, values[0] * np.clip(here / SINGLE[0], 0.0, None))
    return found


def integral(dt: float, rates: Rates) -> float:
    """Return the change (nS) by a pair as Eq. 1 has it."""
    fires = CASE["FIRES"]
    times, levels = CASE["at_gate"]([(CASE["PRE"], fires), (CASE["POST"], fires + dt)])
    fine = np.linspace(times[0], times[-1], 20_001)
    return float(np.trapezoid(rate(np.interp(fine, times, levels), rates), fine))


def draw(figure: Figure) -> float:
    """Draw the three panels and return the factor of Eq. 1."""
    pairs, drift, single = changes()
    upper, middle, lower = figure.subplots(1, 3, width_ratios=(1.0, 1.0, 1.5))
    fires = CASE["FIRES"]
    for row, dt in enumerate((-60.0, -20.0, 20.0, 60.0)):
        times, levels = CASE["at_gate"]([(CASE["PRE"], fires), (CASE["POST"], fires + dt)])
        upper.plot(np.array(times) - fires, np.array(levels) + 14.0 * row, color=DARK, linewidth=1.0)
        upper.annotate(f"{dt:+.0f} ms".replace("-", "\N{MINUS SIGN}"), (-150.0, 14.0 * row + 2.5), fontsize=8)
    upper.set(
        xlim=(-155.0, 150.0), xlabel="time from the pre-spike (ms)", ylabel="gate voltage (14 V a row)", yticks=[]
    )
    for k, (width, marker) in enumerate(zip(WIDTHS, ("v", "o", "^"), strict=True)):
        for sign, face in ((0, DARK), (1, "white")):
            size = np.abs(single[k, :, sign]) / width * 1e3
            label = f"{width:g} ms" if sign == 0 else None
            middle.plot(SINGLE, size, marker, color=DARK, markerfacecolor=face, markersize=4.5, label=label)
    middle.set(yscale="log", xlabel="height |V| (V)", ylabel="|ΔG| over width (nS/s)")
    middle.legend(title="filled up, open down", title_fontsize=8, fontsize=8)
    chosen = single[WIDTHS.tolist().index(EQUATION)]
    rates = (chosen[:, 0] / EQUATION, -chosen[:, 1] / EQUATION)
    made = np.array([integral(dt, rates) for dt in INTERVALS])
    factor = float(made @ (pairs - drift) / (made @ made))
    line = np.linspace(-170.0, 170.0, 341)
    lower.plot(line, [factor * integral(dt, rates) + drift for dt in line], "--", color=LIGHT, label="Eq. 1")
    lower.plot(INTERVALS, pairs, "o", color=DARK, markersize=4.5, label="spike pairs")
    lower.axhline(drift, color="0.6", linewidth=0.8)
    lower.axvline(0.0, color="0.6", linewidth=0.8)
    lower.set(xlabel="interval, t_post \N{MINUS SIGN} t_pre (ms)", ylabel="change of conductance, ΔG (nS)")
    lower.legend(title=f"factor {factor:.2f}", title_fontsize=8, fontsize=8)
    return factor


if __name__ == "__main__":
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(10.0, 3.6), layout="constrained")
        draw(figure)
        figure.savefig(HERE / "stdp.png", metadata={"Software": None})
