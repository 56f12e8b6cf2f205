"""Cell sizes of one layer: fine at one or both ends, growing geometrically inward."""

import numpy as np

from eisfv.mesh.records import Floats

FEWEST_JOINED = 4  # cells of a layer whose profile a coarser mesh can still show


def graded(thickness: float, first: float, growth: float, largest: float) -> Floats:
    """Return symmetric cell sizes (m) that add up to `thickness`.

    first    size at both ends (m); growth ratio of neighbours, > 1; largest bound of a cell (m)

    The plan counts the cells that the three numbers ask for; a common stretch of at most one cell's worth then makes
    the sum exact, so that sizes vary smoothly when a number does. ValueError where a number is out of range.
    """
    if not (growth > 1.0 and first > 0.0 and largest > 0.0 and thickness > 0.0):
        raise ValueError(f"graded mesh: growth {growth} must exceed 1; sizes must be positive")
    half = 0.5 * thickness
    first = min(first, half)
    largest = max(largest, first)
    sizes: list[float] = []
    size, total = first, 0.0
    while total + 0.5 * size < half:
        sizes.append(size)
        total += size
        size = min(size * growth, largest)
    side = np.array(sizes or [half])
    # Stretch the plan by a power of itself: the first cell keeps its size, the sum becomes half the layer.
    return np.concatenate([stretched(side, half), stretched(side, half)[::-1]])


def graded_from_one_end(thickness: float, first: float, growth: float, largest: float) -> Floats:
    """Return cell sizes (m) fine at the end only: half of a layer twice as thick."""
    both = graded(2.0 * thickness, first, growth, largest)
    return both[len(both) // 2 :]


def stretched(side: Floats, target: float) -> Floats:
    """Return side[0] * (side/side[0])^p with the p that makes the sum the target; scaled where none does."""
    ratio = np.log(side / side[0])
    if len(side) == 1 or ratio[-1] == 0.0 or len(side) * side[0] >= target:
        return np.asarray(side * (target / side.sum()))
    power = 1.0
    for _ in range(60):
        terms = side[0] * np.exp(power * ratio)
        excess = terms.sum() - target
        power -= excess / (terms @ ratio)
        if abs(excess) < 1e-14 * target:
            break
    terms = side[0] * np.exp(power * ratio)
    return np.asarray(terms * (target / terms.sum()))


def joined(sizes: Floats) -> Floats:
    """Return the cell sizes (m) between every second face, as `paired` does.

    ValueError where fewer than `FEWEST_JOINED` cells would be left.
    """
    if len(sizes) < 2 * FEWEST_JOINED:
        raise ValueError(f"{len(sizes)} cells leave no coarser mesh to compare with")
    return paired(sizes)


def paired(sizes: Floats) -> Floats:
    """Return the cell sizes (m) between every second face; of an odd number the coarser end cell stays alone."""
    if len(sizes) % 2 == 0:
        return np.asarray(sizes[0::2] + sizes[1::2])
    if sizes[0] >= sizes[-1]:
        return np.concatenate([sizes[:1], paired(sizes[1:])])
    return np.concatenate([paired(sizes[:-1]), sizes[-1:]])
