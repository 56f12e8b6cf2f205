"""When Newton's iteration is at its end: the update is below the tolerance, or only rounding is left of it."""

from eisfv.kernel import kernel

# An update beyond this (RT) is not the last one, however fast the iteration contracts.
LARGEST_TRUSTED = 3e-2
CONTRACTION_KEPT = 0.1  # a worse rate asks for a fresh matrix
# So near its end an iteration squares its update, if its matrix is fresh. One that does not even halve it is down to
# the rounding of a level that hardly anything depends on, such as that of ions beside one free site in 1e15.
ROUNDED, HALVED = 1e-4, 0.5  # RT, -


@kernel(inline="always")
def converged(size, previous, rate, fresh, tolerance):
    """Return whether an update is the last one.

    size, previous   of this update and of the one before, RT; previous is 0 where there is none
    rate             how fast the iteration contracts, measured or to be expected
    fresh            whether the matrix was made where the update began
    """
    if size < tolerance:
        return True
    if rate < 1.0 and size < LARGEST_TRUSTED and size * rate / (1.0 - rate) < tolerance:
        return True
    return fresh and HALVED * previous < size < ROUNDED and 0.0 < previous < ROUNDED
