"""Draw stdp.png from the last run, `python draw.py`: waveforms, pulses of one height, spike pairs.

The dashed line is the paper's Eq. 1 with rates R1, times the factor of least squares; the legend tells this factor and
the ratio of the largest changes for three readings of the rates (`eisfv.postprocess.quantities.summed_rates`). What
20 s at 0 V add without a pulse (thin line) is taken off.
"""

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from eisfv.model.protocol import Protocol
from eisfv.postprocess.pictures.last_run import last_run_or_end
from eisfv.postprocess.pictures.resolved_case import case_of
from eisfv.postprocess.pictures.style import DARK, LIGHT, STYLE
from eisfv.postprocess.quantities.summed_rates import READINGS, factors, readings, summed

HERE = Path(__file__).parent
HEIGHTS = np.array([2.0, 3.0, 4.0, 5.0, 6.0, 6.5])  # V, the measures of the case
MINUS = "\N{MINUS SIGN}"


def draw(figure: Figure) -> None:
    """Draw the three panels."""
    run = last_run_or_end(HERE)
    case = case_of(run)
    assert case is not None
    steps = [step for step in Protocol(case.protocol) if step.pulse]
    intervals = np.array([step.spike_interval for step in steps if step.spike_interval is not None])
    change = run.pulses["dG_S"][: intervals.size]
    drift = float(run.pulses["dG_S"][intervals.size :].mean())  # by the spikes alone
    upper, middle, lower = figure.subplots(1, 3, width_ratios=(1.0, 1.1, 1.4))
    for row, dt in enumerate((-0.06, -0.02, 0.02, 0.06)):
        times, levels = curve_of(steps[int(np.argmin(np.abs(intervals - dt)))])
        fires = 0.08 + max(0.0, -dt)  # from the start of the step, where the earlier line leaves zero
        upper.plot(1e3 * (times - fires), levels + 14.0 * row, color=DARK, linewidth=1.0)
        upper.annotate(f"{1e3 * dt:+.0f} ms".replace("-", MINUS), (-150.0, 14.0 * row + 2.5), fontsize=8)
    upper.set(xlim=(-155.0, 150.0), xlabel="time from the pre-spike (ms)", yticks=[])
    upper.set_ylabel("gate voltage (14 V a row)")
    measures = run.measures
    rates = np.empty((len(READINGS), 2, len(HEIGHTS)))
    for k, (height, marker) in enumerate(zip(HEIGHTS, "vs^oD<", strict=True)):
        for side, sign in enumerate((1.0, -1.0)):
            rows = measures["amplitude"] == sign * height
            width, own = measures["width_s"][rows], measures["dG_S"][rows] - drift
            rates[:, side, k] = readings(width, own)
            face, label = (DARK, f"{height:g} V") if sign > 0.0 else ("white", None)
            middle.plot(width, 1e9 * np.abs(own), marker, ls="-", lw=0.6, color=DARK, mfc=face, ms=4.0, label=label)
    middle.axhline(50.0, color="0.6", linewidth=0.8)
    middle.set(xscale="log", yscale="log", xlim=(1e-3, 3e3), xlabel="pulse length (s)", ylabel="|ΔG| (nS)")
    middle.legend(title=f"filled +, open {MINUS}", title_fontsize=7, fontsize=7, handletextpad=0.2, loc="lower right")
    lines = []
    for reading, own in zip(READINGS, rates, strict=True):
        pairs = steps[: intervals.size]
        made = np.array([summed(pair.waveform.value, float(pair.duration), HEIGHTS, own) for pair in pairs])
        factor, peaks = factors(change - drift, made)
        lines.append(f"{reading} {factor:.2f}; {peaks:.2f}")
        if reading == "R1":
            order = np.argsort(intervals)
            shown = 1e9 * (factor * made + drift)[order]
            lower.plot(1e3 * intervals[order], shown, "--", color=LIGHT, label="Eq. 1 of R1")
    lower.plot(1e3 * intervals, 1e9 * change, "o", color=DARK, markersize=4.5, label="spike pairs")
    lower.axhline(1e9 * drift, color="0.6", linewidth=0.8)
    lower.axvline(0.0, color="0.6", linewidth=0.8)
    lower.set(xlabel=f"interval, t_post {MINUS} t_pre (ms)", ylabel="change of conductance, ΔG (nS)")
    title = "\n".join(["factor; ratio of the peaks", *lines])
    lower.legend(title=title, title_fontsize=7, fontsize=8)


def curve_of(step: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return times (s) and levels (V) of a pair's waveform."""
    return np.array(step.value.times, float), np.array(step.value.levels, float)


if __name__ == "__main__":
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(10.0, 3.6), layout="constrained")
        draw(figure)
        figure.savefig(HERE / "stdp.png", metadata={"Software": None})
