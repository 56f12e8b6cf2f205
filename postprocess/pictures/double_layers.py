"""Where the double layers of a stack are, from its potential.

At an interface or a wall the field differs from that in the middle of the region; what is left of the difference falls
off within a few Debye lengths. A field that is the same everywhere, as of a current through a resistance, has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .depth_levels import Levels

LEFT_OVER = 0.03  # of the difference at the interface: there the double layer ends
CLEAR = 3.0  # times the field in the middle: what the field at an interface must be
LEAST = 2.5e-4  # V, a hundredth of RT/F
THIN = 0.3  # of the region: what reaches farther is seen without enlarging it
FEWEST = 6  # cells of a region within which one can be told
ROOM = 1.3  # of its length is shown


@dataclass(frozen=True)
class DoubleLayer:
    """A place with its regions on the gate's side and on the channel's, "" beside a wall, and how far to look, m."""

    place: float
    before: str
    after: str
    reach: float


def double_layers(levels: dict[str, Levels], potentials: Sequence[np.ndarray]) -> list[DoubleLayer]:
    """Return the double layers from the gate on; potentials (cells) at some times, V."""
    pairs = [(a, b) for a in levels for b in levels if a != b and joined(levels[a], levels[b])]
    pairs += [("", name) for name in levels if name not in [after for _, after in pairs]]
    pairs += [(name, "") for name in levels if name not in [before for before, _ in pairs]]
    found = []
    for before, after in pairs:
        sides = [(levels[name], last) for name, last in ((before, True), (after, False)) if name]
        reach = max(length(own, last, potentials) for own, last in sides)
        if reach > 0.0:
            place = levels[before].end if before else levels[after].start
            found.append(DoubleLayer(place, before, after, ROOM * reach))
    return sorted(found, key=lambda layer: layer.place)


def joined(first: Levels, second: Levels) -> bool:
    """Return whether one region follows on the other."""
    return abs(first.end - second.start) <= 1e-9 * max(first.end - first.start, second.end - second.start)


def length(own: Levels, last: bool, potentials: Sequence[np.ndarray]) -> float:
    """Return how far from one of its ends a region's double layer reaches, m; 0 where it has none."""
    reach = 0.0
    y = own.y[::-1] if last else own.y
    distance = np.abs(y - (own.end if last else own.start))
    for potential in potentials:
        mean, _, _ = own.reduced(potential[own.cells])
        if mean.size < FEWEST:
            return 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            field = np.diff(mean[::-1] if last else mean) / np.diff(y)
        half = field[: field.size // 2]
        middle = float(half[-1])
        differs = np.abs(half - middle)
        inner = mean[::-1] if last else mean
        if not np.isfinite(differs).all() or not differs[0] > CLEAR * abs(middle):
            continue
        end = min(int(np.flatnonzero(differs > LEFT_OVER * differs[0])[-1]) + 1, distance.size - 1)
        if abs(inner[end] - inner[0]) > LEAST and distance[end] < THIN * (own.end - own.start):
            reach = max(reach, float(distance[end]))
    return reach
