"""Step sizes: what the integrators of `eisfv.stepping` have in common, as compiled scalar functions."""

import numpy as np
from numba import njit

FIRST = 1e-6  # of the stretch: the Euler step that leaves a corner
FIRST_CHANGE = 0.05  # largest relative change of an ion's storage in that step
GROWTH_MAX = 6.0  # a step is larger than the one before by no more than that
CUT = 0.25  # after a stage that did not converge
# Depleted ions count relative to this share of the region's bulk.
FLOOR = 1e-2


@njit(cache=True)
def least_step(smallest, left, offset):
    """Return the smallest step (s) that is tried: what the options say, and none that the offset does not count."""
    return max(min(smallest, left), np.spacing(offset))


@njit(cache=True)
def first_step(smallest, largest, left, offset):
    """Return the first size (s) that is tried of the step that leaves a corner."""
    return max(min(max(FIRST * left, smallest), left, largest), least_step(smallest, left, offset))


@njit(cache=True)
def next_try(h, first, least, most):
    """Return the size (s) to try after h of the step that leaves a corner, 0 when there is none: from the first one
    down to the least, then from the first one up to the most.

    In a step so short that what flows is the rounding of what is stored the drive has no answer; a longer one may.
    """
    if h <= first:
        h *= 0.1
        return h if h >= least else min(10.0 * first, most) if first < most else 0.0
    return min(10.0 * h, most) if h < most else 0.0


@njit(cache=True)
def second_step(h, change):
    """Return the size (s) of the step behind the one that left a corner and changed an amount by a share of itself."""
    return h * min(GROWTH_MAX, max(1.0, 0.5 * FIRST_CHANGE / max(change, 1e-300)))


@njit(cache=True)
def fitted(h, left):
    """Return the step size that ends on the corner: the rest in one, in two equal steps, or h."""
    if h >= left * (1.0 - 1e-9):
        return left
    return 0.5 * left if 2.0 * h > left else h


@njit(cache=True)
def counting(h, offset):
    """Return h as it counts at an offset (s): what is integrated is what the time advances by, to the last digit."""
    return (offset + h) - offset


@njit(cache=True)
def straight(start, middle, end, tolerance, extreme):
    """Return whether a drive with these values along a step is a straight line but for the tolerance of its extreme in
    the protocol step.

    The error estimate knows the ions alone: a smooth source over ions that hardly move would be passed over, and with
    it the charge that it brings. Of its own size there, a source that rises from zero bends at any step.
    """
    return not abs(middle - 0.5 * (start + end)) > 0.5 * tolerance * abs(extreme)
