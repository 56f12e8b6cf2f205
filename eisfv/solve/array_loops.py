"""Copies and sums of arrays as plain loops: the compiler takes a tenth of the time that array expressions cost it."""

from numba import njit


@njit(cache=True)
def copy_1(to, of):
    """Copy an array of one dimension."""
    for i in range(to.shape[0]):
        to[i] = of[i]


@njit(cache=True)
def copy_2(to, of):
    """Copy an array of two dimensions."""
    for i in range(to.shape[0]):
        for j in range(to.shape[1]):
            to[i, j] = of[i, j]


@njit(cache=True)
def copy_3(to, of):
    """Copy an array of three dimensions."""
    for i in range(to.shape[0]):
        for j in range(to.shape[1]):
            for k in range(to.shape[2]):
                to[i, j, k] = of[i, j, k]


@njit(cache=True)
def fill_1(to, value):
    """Set every entry of an array of one dimension."""
    for i in range(to.shape[0]):
        to[i] = value


@njit(cache=True)
def fill_2(to, value):
    """Set every entry of an array of two dimensions."""
    for i in range(to.shape[0]):
        for j in range(to.shape[1]):
            to[i, j] = value


@njit(cache=True)
def add_1(to, factor, of):
    """Add a multiple of an array of one dimension."""
    for i in range(to.shape[0]):
        to[i] += factor * of[i]


@njit(cache=True)
def add_2(to, factor, of):
    """Add a multiple of an array of two dimensions."""
    for i in range(to.shape[0]):
        for j in range(to.shape[1]):
            to[i, j] += factor * of[i, j]
