"""The drive between two corners, as compiled code reads it: Chebyshev series of its waveform, piece by piece.

A waveform is smooth between its corners. A line is a series of two terms and exact; any other smooth function is cut
into pieces on each of which a series of few terms holds it to rounding. So a new waveform needs no compiled code.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba.core.types import Tuple, boolean, float64
from numpy.polynomial import chebyshev

from eisfv.compiled_apart import apart
from eisfv.device.tables import Floats
from eisfv.kernel import kernel

TERMS = 16
PIECES_MAX = 1 << 12
ROUNDING = 4e-15
SHORTEST = 1e-9  # of the stretch: what still bends there is a jump
NODES = np.cos(np.pi * (np.arange(TERMS) + 0.5) / TERMS)  # of Chebyshev
# Discrete orthogonality on them.
TRANSFORM = 2.0 / TERMS * np.cos(np.arange(TERMS)[:, None] * np.arccos(NODES))
PROBES = np.linspace(-1.0, 1.0, 9)


class SmoothDrive(NamedTuple):
    """edges (pieces + 1) offsets in the protocol step, s; series (pieces, TERMS) of the value, scaled: voltage in RT/F,
    current in mol/s of charge; kind (4): 1.0 for a voltage; the resistance behind which it acts; that of the source, in
    (RT/F)/(mol/s); the extreme value in the protocol step, scaled as the series.
    """

    edges: Floats
    series: Floats
    kind: Floats


def smooth_drive(
    value: Callable[[float], float],
    start: float,
    stop: float,
    by_voltage: bool,
    scale: float,
    series: float,
    extreme: float,
) -> SmoothDrive:
    """Return the drive between two offsets (s) of a waveform `value` with an `extreme`, both times `scale`, behind a
    series resistance.

    ValueError where the waveform is not smooth there.
    """
    edges = [start]
    found_series: list[Floats] = []
    pieces = [(start, stop)]
    while pieces:
        left, right = pieces.pop()
        found = fitted(value, left, right)
        if found is None:
            if len(pieces) + len(found_series) > PIECES_MAX or right - left < SHORTEST * (stop - start):
                raise ValueError(f"a waveform is not smooth between its corners, at {left:g} to {right:g} s")
            middle = 0.5 * (left + right)
            pieces += [(middle, right), (left, middle)]
        else:
            found_series.append(scale * found)
            edges.append(right)
    kind = np.array([float(by_voltage), series if by_voltage else 0.0, series, scale * extreme])
    return SmoothDrive(np.array(edges), np.array(found_series), kind)


def fitted(value: Callable[[float], float], left: float, right: float) -> Floats | None:
    """Return the series of a piece, None where it does not hold to rounding."""
    middle, half = 0.5 * (left + right), 0.5 * (right - left)

    def inside(place: float) -> float:
        # Rounding must not carry an end of the piece into the next, where a steep edge may begin.
        return value(min(max(float(middle + half * place), left), right))

    values = np.array([inside(node) for node in NODES])
    series = TRANSFORM @ values
    series[0] *= 0.5
    # The values are as exact as the offsets at which they are taken: of a short edge late in a step, few digits.
    clock = float(np.spacing(right)) / (right - left)
    known = ROUNDING * float(np.abs(values).max()) + clock * float(np.ptp(values))
    series[np.abs(series) <= known] = 0.0
    off = np.abs(chebyshev.chebval(PROBES, series) - [inside(place) for place in PROBES])
    return np.asarray(series) if off.max() <= 50.0 * known else None


@apart(Tuple((boolean, float64, float64)))
@kernel
def drive_at(drive, offset):
    """Return whether the drive is a voltage, its value and its resistance at an offset (s)."""
    edges, series = drive.edges, drive.series
    k, last = 0, series.shape[0] - 1
    while k < last and offset > edges[k + 1]:
        k += 1
    middle, half = 0.5 * (edges[k] + edges[k + 1]), 0.5 * (edges[k + 1] - edges[k])
    x = min(max((offset - middle) / half, -1.0), 1.0)
    # Clenshaw's recurrence.
    high, higher = 0.0, 0.0
    for j in range(series.shape[1] - 1, 0, -1):
        high, higher = 2.0 * x * high - higher + series[k, j], high
    return drive.kind[0] > 0.0, x * high - higher + series[k, 0], drive.kind[1]
