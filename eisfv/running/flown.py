"""What pilots have seen, how far apart it lies on two meshes, and how many cells that asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfv.device.tables import Floats
from eisfv.observers.reported import Reported
from eisfv.running.following import Bends, Followed, parted
from eisfv.running.numerical_error import signed_difference


@dataclass(frozen=True)
class Flown:
    """What a pilot has seen."""

    followed: Followed
    reported: Reported
    indicator: Bends | None


Pair = tuple[list[Flown], list[Flown]]


def fewest(errors: Sequence[Floats], counts: Floats, target: float) -> Floats:
    """Return the fewest cells of regions for an error.

    errors  (regions) of all that is reported at so many cells, signed: they fall as n^-2, and add up
    """
    weights = np.cbrt([size(each) for each in errors] * counts**2)
    if not weights.any():  # nothing changes with the cells
        return np.zeros_like(counts)
    weights = np.maximum(weights, 1e-3 * weights.max(initial=1e-300))
    together = sum((each * share for each, share in zip(errors, (counts / weights) ** 2, strict=True)), np.zeros(1))
    return np.asarray(weights * np.sqrt(size(together) / target))


def apart(some: Sequence[Flown], others: Sequence[Flown]) -> Floats:
    """Return the relative differences of all that pilots report and that changes by more than rounding, as long as the
    same ends their steps."""
    found = []
    for one, other in zip(some, others, strict=True):
        scale = one.reported.scale
        counts = scale.max(axis=0) > one.reported.noise
        k = parted(one.followed.endings, other.followed.endings)
        found.append(signed_difference(one.followed.rows, other.followed.rows, scale)[:k, counts].ravel())
    return np.concatenate(found)


def size(errors: Floats) -> float:
    """Return the largest error, whatever its sign."""
    return float(np.abs(errors).max(initial=0.0))
