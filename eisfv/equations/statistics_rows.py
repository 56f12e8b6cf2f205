"""Concentrations and free sites of a species, a row of cells at a time; the laws of `eisfv.physics.statistics` without
a branch or a call, so that they are computed in vectors."""

from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.equations.host_rows import LENGTH
from eisfv.equations.unknowns import POTENTIAL, ideal_of, of_species
from eisfv.kernel import kernel
from eisfv.physics.bernoulli import EXPONENT_MAX
from eisfv.physics.row_exponential import exp_parts

# Where the rows begin in the one array of work. With places that the compiler knows, it sees that no two overlap.
Y, SHARE, FREE = (LENGTH * k for k in range(3))


@apart(none)
@kernel
def dilute_row(t, r, s, first, last, u, out):
    """Write the concentration of the dilute species s in the cells first to last, at most LENGTH, of the region r."""
    row, rows = of_species(s), out.rows
    density, follow, standard = t.density[r, s], t.follow[r, row], t.mu0[r, s]
    concentration, free, d_concentration = out.concentration, out.free, out.d_concentration
    for i in range(last - first):
        rows[Y + i] = ideal_of(u[first + i, row], follow, standard, u[first + i, POTENTIAL])
    exponential_row(rows, last - first)
    for i in range(last - first):
        c = density * rows[SHARE + i]
        concentration[first + i, s] = c
        free[first + i, s] = 1.0
        d_concentration[first + i, s, row] = c
        d_concentration[first + i, s, POTENTIAL] = -follow * c


@kernel(inline="always")
def alone_and_ideal(t, r, s):
    """Return whether no other species has the sites of s in the region r, and no interaction adds an excess."""
    for o in range(t.sublattice.shape[1]):
        if o != s and t.sublattice[r, o] == t.sublattice[r, s]:
            return False
    return t.frumkin[r, s] == 0.0


@apart(none)
@kernel
def lattice_row(t, r, s, first, last, u, out):
    """Write concentration and free sites of the species s, alone and ideal on its lattice, in the cells first to last,
    at most LENGTH, of the region r."""
    row, rows, density = of_species(s), out.rows, t.density[r, s]
    concentration, frees, unfilleds = out.concentration, out.free, out.unfilled
    d_concentration, d_free = out.d_concentration, out.d_free
    for i in range(last - first):
        rows[Y + i] = u[first + i, row]
    share_row(rows, last - first)
    for i in range(last - first):
        c, free = density * rows[SHARE + i], rows[FREE + i]
        concentration[first + i, s] = c
        frees[first + i, s] = free
        unfilleds[first + i, s] = free
        d_concentration[first + i, s, row] = c * free
        d_free[first + i, s, row] = -free * rows[SHARE + i]


@kernel(inline="always")
def exponential_row(rows, count):
    """Write e^y, that of 700 beyond."""
    for i in range(count):
        y = rows[Y + i]
        y = EXPONENT_MAX if y > EXPONENT_MAX else y
        scale, p = exp_parts(-EXPONENT_MAX if y < -EXPONENT_MAX else y)
        rows[SHARE + i] = scale + scale * p


@kernel(inline="always")
def share_row(rows, count):
    """Write e^y/(1 + e^y) and 1/(1 + e^y), the smaller one from e^-|y|."""
    for i in range(count):
        y = rows[Y + i]
        size = abs(y)
        scale, p = exp_parts(-EXPONENT_MAX if size > EXPONENT_MAX else -size)
        small = scale + scale * p
        most = 1.0 / (1.0 + small)
        least = small * most
        rows[SHARE + i], rows[FREE + i] = most if y > 0.0 else least, least if y > 0.0 else most
