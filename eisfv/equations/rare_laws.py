"""Local laws that few devices have: a device without them does not pass here."""

from math import exp

from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.equations.unknowns import of_species
from eisfv.kernel import kernel
from eisfv.physics.cubic import cubic
from eisfv.physics.solvation import LARGEST_Y, free_solvent, room, solvated_slope


@apart(none)
@kernel
def solvated_laws(t, region, u, out):
    """Write concentration and free share of the ions that have a shell of solvent."""
    count = t.charge.size
    for i in range(region.size):
        size = t.size[region[i]]
        y = u[i, of_species(0) : of_species(count)]
        logarithm = free_solvent(y, size)
        r, q = room(y, size, logarithm)
        for s in range(count):
            if size[s] == 0.0:
                continue
            free = r * exp(size[s] * logarithm)
            out.concentration[i, s] = t.density[region[i], s] * r * exp(min(y[s], LARGEST_Y) + size[s] * logarithm)
            out.free[i, s] = free
            for o in range(count):
                if size[o] > 0.0:
                    other = exp(min(y[o], LARGEST_Y) + size[o] * logarithm)
                    slope = solvated_slope(r, q, other, size[s], size[o])
                    out.d_free[i, s, of_species(o)] = free * slope
                    own = slope + 1.0 if o == s else slope
                    out.d_concentration[i, s, of_species(o)] = out.concentration[i, s] * own


@apart(none)
@kernel
def diffusion_laws(t, region, u, out):
    """Write the diffusivity of the ion of a host where it follows x."""
    for i in range(region.size):
        row = t.diffusion[region[i]]
        if row[0] > 0.0:
            ion = t.ion[region[i]]
            logarithm, slope_y = cubic(row, u[i, of_species(ion)])
            out.diffusivity[i, ion] = exp(logarithm)
            out.d_diffusivity[i, ion, of_species(ion)] = out.diffusivity[i, ion] * slope_y
