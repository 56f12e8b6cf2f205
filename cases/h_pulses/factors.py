"""Print the factors of the paper's Eq. 1 on the model's spike pairs, `python factors.py`, from the last runs.

Rates are read off the pulses of this directory in three ways (`eisfv.postprocess.quantities.summed_rates`). Factors:
of least squares over all intervals, and the ratio of the largest changes.
"""

from pathlib import Path

import numpy as np

from eisfv.postprocess.pictures.last_run import last_run_or_end
from eisfv.postprocess.pictures.resolved_case import case_of
from eisfv.postprocess.quantities.summed_rates import READINGS, factors, readings, summed

HERE = Path(__file__).parent
HEIGHTS = np.array([2.0, 3.0, 4.0, 5.0, 6.0, 6.5])  # V, each with pulses up and down
FORMS = ("a", "b", "c", "d")


def rates_off_pulses() -> np.ndarray:
    """Return the rates (readings, signs, heights) in S/s."""
    table = last_run_or_end(HERE).measures
    found = np.empty((len(READINGS), 2, HEIGHTS.size))
    for k, height in enumerate(HEIGHTS):
        for side, sign in enumerate((1.0, -1.0)):
            rows = table["amplitude"] == sign * height
            found[:, side, k] = readings(table["width_s"][rows], table["dG_S"][rows])
    return found


def main() -> None:
    """Print a row for each form of the rule."""
    rates = rates_off_pulses()
    print(f"{'form':6}" + "".join(f"{name + ' fit':>10}{name + ' peak':>10}" for name in READINGS))
    for form in FORMS:
        run = last_run_or_end(HERE.parent / f"h_stdp_{form}")
        case = case_of(run)
        assert case is not None
        protocols = [measure.protocol for measure in case.measure if measure.keys]  # of the pairs
        pairs = [next(step for step in protocol.steps if step.pulse) for protocol in protocols]
        change = run.measures["dG_S"][: len(pairs)]
        cells = []
        for own in rates:
            sums = [summed(pair.waveform.value, float(pair.duration), HEIGHTS, own) for pair in pairs]
            cells += factors(change, np.array(sums))
        print(f"{form:6}" + "".join(f"{cell:10.2f}" for cell in cells))


if __name__ == "__main__":
    main()
