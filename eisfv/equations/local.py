"""What a cell knows of its species: concentration, free sites, excess potential, mobility, each with its slopes.

All are functions of the cell's own unknowns; a slope [s, q] is that of species s against the unknown q.
"""

from math import log
from typing import NamedTuple

import numpy as np
from numba import njit

from eisfv.device.tables import Floats, Ints, Tables
from eisfv.equations.tables_handle import tables_handle
from eisfv.equations.unknowns import POTENTIAL, ideal_of, of_species
from eisfv.kernel_handles import Handle, HandleType, define, register
from eisfv.physics.bernoulli import capped_exp
from eisfv.physics.conductivity import conductivity
from eisfv.physics.open_circuit import electron_excess, excess_of_host, shares_excess
from eisfv.physics.statistics import ABSENT, DILUTE, LATTICE, OHMIC, lattice_others, lattice_share


class Local(NamedTuple):
    """Values (cells, species) and slopes (cells, species, unknowns) of the local laws."""

    concentration: Floats  # mol/m3
    free: Floats  # free fraction of the sites, 1 when dilute
    unfilled: Floats  # 1 - theta of a lattice species, without the loss of digits near a full lattice
    mu: Floats  # standard and excess potential, RT
    diffusivity: Floats  # m2/s
    d_concentration: Floats
    d_free: Floats
    d_mu: Floats
    d_diffusivity: Floats


@register
class LocalType(HandleType):
    """The type of `LocalHandle`."""


class LocalHandle(Handle):
    """The local laws as the kernels take them; fields as of `Local`."""


define(LocalHandle, LocalType, list(Local._fields))


@njit(cache=True)
def local_handle(a):
    """Return the handle of local laws."""
    return LocalHandle(*a)


def new_local(cells: int, species: int, unknowns: int) -> Local:
    """Return zeroed arrays."""
    values = [np.zeros((cells, species)) for _ in range(5)]
    slopes = [np.zeros((cells, species, unknowns)) for _ in range(4)]
    return Local(*values, *slopes)


def laws_at(tables: Tables, region: Ints, u: Floats) -> Local:
    """Return the laws of cells of regions (cells) at unknowns u (cells, unknowns)."""
    found = new_local(len(region), len(tables.charge), u.shape[1])
    local_laws(tables_handle(tables), region, u, local_handle(found))
    return found


@njit(cache=True, error_model="numpy")
def local_laws(t, region, u, out):
    """Write the laws of cells of the given regions (cells) at unknowns u (cells, unknowns) into `out`."""
    for i in range(region.size):
        r = region[i]
        own = u[i, of_species(0) :]
        for s in range(t.charge.size):
            kind = t.kind[r, s]
            density = t.density[r, s]
            out.mu[i, s] = t.mu0[r, s]
            out.diffusivity[i, s] = t.diffusivity[r, s]
            if kind == DILUTE:
                c = density * capped_exp(ideal_of(t, r, u[i], s))
                out.concentration[i, s] = c
                out.free[i, s] = 1.0
                out.d_concentration[i, s, of_species(s)] = c
                out.d_concentration[i, s, POTENTIAL] = -t.follow[r, of_species(s)] * c
            elif kind == LATTICE:
                others = lattice_others(t.sublattice[r], own, s)
                theta, free = lattice_share(own[s], others)
                out.concentration[i, s] = density * theta
                unfilled = free * (1.0 + others)
                out.free[i, s] = free
                out.unfilled[i, s] = unfilled
                # free = 1 / (1 + sum e^y), so that d free/dy_o = -free theta_o
                out.d_concentration[i, s, of_species(s)] = density * theta * unfilled
                out.d_free[i, s, of_species(s)] = -free * theta
                if others > 0.0:
                    for o in range(t.charge.size):
                        if o != s and t.sublattice[r, o] == t.sublattice[r, s]:
                            share = free * capped_exp(own[o])
                            out.d_concentration[i, s, of_species(o)] = -density * theta * share
                            out.d_free[i, s, of_species(o)] = -free * share
                g = t.frumkin[r, s]
                if g != 0.0:
                    out.mu[i, s] += g * (1.0 - 2.0 * theta)
                    for q in range(t.follow.shape[1]):
                        out.d_mu[i, s, q] = -2.0 * g / density * out.d_concentration[i, s, q]
            elif kind != ABSENT and kind != OHMIC:
                raise ValueError("a species of unknown statistics")
    host_laws(t, region, u, out)


@njit(cache=True, error_model="numpy")
def host_laws(t, region, u, out):
    """Add the excess potentials of a host's ion and of its electrons, and write the mobility of these."""
    electron = t.electron[0]
    for i in range(region.size):
        r = region[i]
        ion = t.ion[r]
        if ion < 0:
            continue
        z = t.charge[ion]
        density = t.density[r, ion]
        x = max(out.concentration[i, ion] / density, 1e-290)
        slope_x = out.d_concentration[i, ion, of_species(ion)] / density
        mu, mu_slope = excess_of_host(
            t.curve[r], z, x, max(out.free[i, ion], 1e-290), u[i, of_species(ion)], t.background[r]
        )
        out.mu[i, ion] += mu
        out.d_mu[i, ion, of_species(ion)] = mu_slope * slope_x
        sigma, sigma_slope = conductivity(t.sigma[r], z * x)
        if shares_excess(t.curve[r]):
            row, follow = of_species(electron), t.follow[r, of_species(electron)]
            held = max(out.concentration[i, electron], 1e-290)
            excess, by_log = electron_excess(t.curve[r], log(held / density))
            # Of the unknown: a level rises by y and E together.
            ease = 1.0 if follow == 0.0 else 1.0 / (1.0 + by_log)
            out.mu[i, electron] += excess
            out.d_mu[i, electron, row] = by_log * ease
            out.d_mu[i, electron, POTENTIAL] = -follow * by_log * ease
            out.d_concentration[i, electron, row] *= ease
            out.d_concentration[i, electron, POTENTIAL] *= ease
        carriers = z * x + t.background[r]
        diffusivity = t.mobility[r] * sigma / carriers
        out.diffusivity[i, electron] = diffusivity
        out.d_diffusivity[i, electron, of_species(ion)] = (
            (t.mobility[r] * sigma_slope - diffusivity) / carriers * z * slope_x
        )
