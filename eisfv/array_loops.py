"""Copies and sums of arrays as plain loops: the compiler takes a tenth of the time that array expressions cost it.

Arrays of more than one dimension are contiguous and taken as one row, so that the loops vectorise: the rows of a cell
are too short for that.
"""

from math import isfinite

from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.kernel import kernel


@apart(none)
@kernel
def copy_1(to, of):
    """Copy an array of one dimension."""
    for i in range(to.size):
        to[i] = of[i]


@apart(none)
@kernel
def copy_all(to, of):
    """Copy a contiguous array."""
    copy_1(to.reshape(to.size), of.reshape(of.size))


@apart(none)
@kernel
def fill_1(to, value):
    """Set every entry of an array of one dimension."""
    for i in range(to.size):
        to[i] = value


@apart(none)
@kernel
def fill_all(to, value):
    """Set every entry of a contiguous array."""
    fill_1(to.reshape(to.size), value)


@apart(none)
@kernel
def add_1(to, factor, of):
    """Add a multiple of an array of one dimension."""
    for i in range(to.size):
        to[i] += factor * of[i]


@apart(none)
@kernel
def add_all(to, factor, of):
    """Add a multiple of a contiguous array."""
    add_1(to.reshape(to.size), factor, of.reshape(of.size))


@apart(none)
@kernel
def scale_all(to, factor, of):
    """Write a multiple of a contiguous array."""
    scale_1(to.reshape(to.size), factor, of.reshape(of.size))


@apart(none)
@kernel
def scale_1(to, factor, of):
    """Write a multiple of an array of one dimension."""
    for i in range(to.size):
        to[i] = factor * of[i]


@kernel(inline="always")
def finite(values):
    """Return whether every number is finite."""
    for i in range(values.shape[0]):
        for p in range(values.shape[1]):
            if not isfinite(values[i, p]):
                return False
    return True
