"""Print the factors of the paper's Eq. 1 on the model's spike pairs, `python factors.py`, from the last runs.

Eq. 1 adds up rates of change along a waveform as if no stretch knew of the others: dG = f int R(V_G(t)) dt. A rate R is
read off the pulses of one height in this directory in three ways:

    R1   where the straight line of log|dG| against log(width) is at 1 s, as the paper does
    R50  50 nS over the width at which that line is at 50 nS
    Rs   the change by the shortest pulse over its width

straight in ln R between heights, and proportional to V below 2 V. Two factors: of least squares over all intervals, and
the ratio of the largest changes.
"""

from pathlib import Path

import numpy as np

from eisfv.case import load
from eisfv.case.case import Case
from eisfv.model.measure import Measure
from eisfv.postprocess.pictures.last_run import last_run_or_end

HERE = Path(__file__).parent
HEIGHTS = np.array([2.0, 3.0, 4.0, 5.0, 6.0, 6.5])  # V, each with five widths up and five down
FORMS = ("a", "b", "c", "d")
READINGS = ("R1", "R50", "Rs")
SAMPLES = 20001  # of a waveform


def readings() -> np.ndarray:
    """Return the rates (readings, signs, heights) in S/s."""
    table = last_run_or_end(HERE).measures
    found = np.empty((len(READINGS), 2, HEIGHTS.size))
    for k in range(HEIGHTS.size):
        for sign in range(2):
            rows = slice(10 * k + 5 * sign, 10 * k + 5 * sign + 5)
            width, change = table["width_s"][rows], np.abs(table["dG_S"][rows])
            slope, level = np.polyfit(np.log(width), np.log(change), 1)
            found[:, sign, k] = np.exp(level), 50e-9 / np.exp((np.log(50e-9) - level) / slope), change[0] / width[0]
    return found


def rate(volts: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Return the rate (S/s) at voltages (V); rates (signs, heights)."""
    found = np.zeros(volts.size)
    for sign, values in zip((1.0, -1.0), rates, strict=True):
        here = sign * volts
        above = np.exp(np.interp(here, HEIGHTS, np.log(values)))
        found += sign * np.where(here >= HEIGHTS[0], above, values[0] * np.clip(here / HEIGHTS[0], 0.0, None))
    return found


def summed(measure: Measure, rates: np.ndarray) -> float:
    """Return what Eq. 1 gives for a pair, with a factor of 1, in S."""
    pulse = next(step for step in measure.protocol.steps if step.pulse)
    times = np.linspace(0.0, float(pulse.duration), SAMPLES)
    volts = np.array([pulse.waveform.value(t) for t in times])
    return float(np.trapezoid(rate(volts, rates), times))


def pairs_of(case: Case) -> list[Measure]:
    """Return the measures of a case that are pairs."""
    return [measure for measure in case.file.measure if measure.keys]


def main() -> None:
    """Print a row for each form of the rule."""
    rates = readings()
    print(f"{'form':6}" + "".join(f"{name + ' fit':>10}{name + ' peak':>10}" for name in READINGS))
    for form in FORMS:
        directory = HERE.parent / f"h_stdp_{form}"
        pairs = pairs_of(load(directory))
        change = last_run_or_end(directory).measures["dG_S"][: len(pairs)]
        cells = []
        for reading in rates:
            sums = np.array([summed(pair, reading) for pair in pairs])
            cells += [change @ sums / (sums @ sums), np.abs(change).max() / np.abs(sums).max()]
        print(f"{form:6}" + "".join(f"{cell:10.2f}" for cell in cells))


if __name__ == "__main__":
    main()
