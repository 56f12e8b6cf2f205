"""Order of convergence from three or more answers, each at half the step of the one before."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from eisfv.device.tables import Floats


def observed(answers: Sequence[Floats | float]) -> list[float]:
    """Return log2 of the ratio of successive differences (largest component): the order when it is settled."""
    moved = [float(np.max(np.abs(np.asarray(b) - np.asarray(a)))) for a, b in pairwise(answers)]
    return [float(np.log2(coarse / fine)) for coarse, fine in pairwise(moved)]


def observed_errors(errors: Sequence[float]) -> list[float]:
    """Return the order from errors against an exact answer."""
    return [float(np.log2(abs(coarse) / abs(fine))) for coarse, fine in pairwise(errors)]


def assert_second_order(orders: Sequence[float], least: float = 1.9, most: float = 2.1) -> None:
    """Assert that the last order lies between bounds and that the ones before have come near."""
    assert least <= orders[-1] <= most, f"orders {orders}"
    assert all(order > 1.5 for order in orders[:-1]), f"orders {orders}"
