"""The change of conductance by a waveform as the sum of rates, each read off pulses of one height.

    dG = f int_0^T R(V(t)) dt                                       S

    V   gate voltage                                                V
    R   rate of change, above zero where V is and below where V is  S/s
    f   factor that the waveforms of a device ask for, 1 where no stretch knows of the others

A rate is read off pulses of one height, of widths w and changes |dG| (`readings`), in three ways:

    R1   |dG| / w of the straight line of log|dG| against log w at w = 1 s, as the source does
    R50  |dG| / w where that line is at |dG| = 50 nS
    Rs   |dG| / w of the first pulse, the shortest

Between heights ln R is straight in V; below the smallest height R is in proportion to V; beyond the largest it stays.

Source: M. Huang et al., Adv. Mater. 37 (2025) 2418484, Eq. 1 and Methods; R50 and Rs are not in it.
"""

from collections.abc import Callable

import numpy as np

from .curves import power_law_x, power_law_y

READINGS = ("R1", "R50", "Rs")
WIDTH, CHANGE = 1.0, 50e-9  # s and S, where R1 and R50 are read
SAMPLES = 20_001  # of a waveform


def readings(width: np.ndarray, change: np.ndarray) -> np.ndarray:
    """Return R1, R50 and Rs (S/s, above zero) of pulses of one height: widths (n) in s, ascending, changes (n) in S.

    Raises ReductionError where a change is zero or one has another sign.
    """
    size = np.abs(change)
    return np.array(
        [power_law_y(width, size, WIDTH) / WIDTH, CHANGE / power_law_x(width, change, CHANGE), size[0] / width[0]]
    )


def rate(volts: np.ndarray, heights: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Return R (n) at volts (n) from the sizes of the rates (2, heights) by pulses up and down, of heights in V."""
    found = np.zeros(volts.size)
    for sign, sizes in zip((1.0, -1.0), rates, strict=True):
        here = sign * volts
        above = np.exp(np.interp(here, heights, np.log(sizes)))
        found += sign * np.where(here >= heights[0], above, sizes[0] * np.clip(here / heights[0], 0.0, None))
    return found


def summed(volts: Callable[[float], float], duration: float, heights: np.ndarray, rates: np.ndarray) -> float:
    """Return dG with f = 1 (S) by a waveform of a duration (s)."""
    times = np.linspace(0.0, duration, SAMPLES)
    return float(np.trapezoid(rate(np.array([volts(t) for t in times]), heights, rates), times))


def factors(change: np.ndarray, sums: np.ndarray) -> tuple[float, float]:
    """Return f of least squares between changes and sums (n), and the ratio of the largest of both."""
    return float(change @ sums / (sums @ sums)), float(np.abs(change).max() / np.abs(sums).max())
