"""Step sizes: what the integrators of `eisfv.stepping` have in common, as compiled scalar functions."""

from math import ceil, sqrt

import numpy as np

from eisfv.kernel import kernel

FIRST = 1e-6  # of the stretch: the Euler step that leaves a corner, at this tolerance or a larger one
FIRST_AT = 5e-4
FIRST_CHANGE = 0.05  # largest relative change of an ion's storage in that step
GROWTH_MAX = 6.0  # a step is larger than the one before by no more than that, at this tolerance or a larger one
GROWTH_AT = 2e-3
CUT = 0.25  # after a stage that did not converge
SHORT_TRIES = 3  # Newton's updates are kept short so often in vain, at a corner or where no step was short enough
# Of a jump in parts (`eisfv.stepping.split_jump`): the share of it that is tried first, and what the next one is of the
# last, after success and after failure; a smaller share, or more parts, are given up.
FIRST_PART, PART_GROWN, PART_SHRUNK, PART_LEAST, PARTS_MOST = 0.25, 1.7, 0.4, 0.01, 60
# Depleted ions count relative to this share of the region's bulk.
FLOOR = 1e-2


@kernel(inline="always")
def least_step(smallest, left, offset):
    """Return the smallest step (s) that is tried: what the options say, and none that the offset does not count."""
    return max(min(smallest, left), np.spacing(offset))


@kernel(inline="always")
def first_step(smallest, largest, left, offset, tolerance):
    """Return the first size (s) that is tried of the step that leaves a corner.

    Nothing measures the error of the first steps where little moves, such as in the charge of a double layer beside
    what its cells store: that of an implicit Euler step, h^2 q''/2. So h goes with the root of the tolerance.
    """
    first = FIRST * min(1.0, sqrt(tolerance / FIRST_AT)) * left
    return max(min(max(first, smallest), left, largest), least_step(smallest, left, offset))


@kernel(inline="always")
def next_try(h, first, least, most):
    """Return the size (s) to try after h of the step that leaves a corner, 0 when there is none: from the first one
    down to the least, then from the first one up to the most.

    In a step so short that what flows is the rounding of what is stored the drive has no answer; a longer one may.
    """
    if h <= first:
        h *= 0.1
        return h if h >= least else min(10.0 * first, most) if first < most else 0.0
    return min(10.0 * h, most) if h < most else 0.0


def shorter(h: float, in_vain: int) -> float:
    """Return the size (s) at which Newton's updates are kept short once more, h being the last one, in vain as others
    before it. Each such try takes hundreds of matrices: a few have to reach down to where little moves, h (1, 10, 1e3)
    times less than the first."""
    return h * 0.1**in_vain


@kernel
def next_part(share, converged):
    """Return the share of a jump to try after one, 0 where it is given up."""
    share *= PART_GROWN if converged else PART_SHRUNK
    return share if share >= PART_LEAST else 0.0


@kernel(inline="always")
def second_step(h, change):
    """Return the size (s) of the step behind the one that left a corner and changed an amount by a share of itself."""
    return h * min(GROWTH_MAX, max(1.0, 0.5 * FIRST_CHANGE / max(change, 1e-300)))


@kernel(inline="always")
def steps_alike(tolerance):
    """Return after how many steps of one size backward differences may double it.

    Two at the default tolerance: doubled at every step the second order is not stable (its root is 1.06), and where an
    ion moves little beside what is stored no error holds the steps to a part of the time that has passed. That part is
    one over this number; it goes with the tolerance as steps of second order do, h ~ T^(1/3), so that the error does.
    """
    return ceil(2.0 * (FIRST_AT / tolerance) ** (1.0 / 3.0) - 1e-9)


@kernel
def growth_max(tolerance):
    """Return by how much a step of TR-BDF2 may be larger than the one before: for the same reason less where the
    tolerance is tighter than the default."""
    return GROWTH_MAX ** min(1.0, (tolerance / GROWTH_AT) ** (1.0 / 3.0))


@kernel(inline="always")
def fitted(h, left):
    """Return the step size that ends on the corner: the rest in one, in two equal steps, or h."""
    if h >= left * (1.0 - 1e-9):
        return left
    return 0.5 * left if 2.0 * h > left else h


@kernel(inline="always")
def counting(h, offset):
    """Return h as it counts at an offset (s): what is integrated is what the time advances by, to the last digit."""
    return (offset + h) - offset


@kernel(inline="always")
def straight(start, middle, end, tolerance, extreme):
    """Return whether a drive with these values along a step is a straight line but for the tolerance of its extreme in
    the protocol step.

    The error estimate knows the ions alone: a smooth source over ions that hardly move would be passed over, and with
    it the charge that it brings. Of its own size there, a source that rises from zero bends at any step.
    """
    return not abs(middle - 0.5 * (start + end)) > 0.5 * tolerance * abs(extreme)
