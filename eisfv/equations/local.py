"""What a cell knows of its species: concentration, free sites, excess potential, mobility, each with its slopes.

All are functions of the cell's own unknowns; a slope [s, q] is that of species s against the unknown q.
"""

from math import log
from typing import NamedTuple

import numpy as np
from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.device.tables import Floats, Ints, Tables
from eisfv.equations.host_rows import LENGTH, ROWS, host_row, in_rows
from eisfv.equations.rare_laws import diffusion_laws, solvated_laws
from eisfv.equations.statistics_rows import alone_and_ideal, dilute_row, lattice_row
from eisfv.equations.tables_handle import tables_handle
from eisfv.equations.unknowns import POTENTIAL, ideal_of, of_species, without_excess
from eisfv.kernel import kernel
from eisfv.kernel_handles import Handle
from eisfv.physics.bernoulli import capped_exp
from eisfv.physics.conductivity import conductivity
from eisfv.physics.open_circuit import electron_excess, excess_of_host, shares_excess
from eisfv.physics.statistics import ABSENT, DILUTE, LATTICE, OHMIC, SOLVATED, lattice_others, lattice_share

# Electrons per site below which their mobility is held: sigma of an empty host over none of them has no bound. No
# titration tells such a host from an empty one (`eisfv.model.host_curves.CLOSEST`).
FEWEST = 1e-6


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
    rows: Floats  # work of `host_rows`


def local_handle(a: Local) -> Handle:
    """Return the handle of local laws."""
    return Handle(a)


def new_local(cells: int, species: int, unknowns: int) -> Local:
    """Return zeroed arrays."""
    values = [np.zeros((cells, species)) for _ in range(5)]
    slopes = [np.zeros((cells, species, unknowns)) for _ in range(4)]
    return Local(*[*values, *slopes, np.zeros(ROWS)])


def laws_at(tables: Tables, region: Ints, u: Floats) -> Local:
    """Return the laws of cells of regions (cells) at unknowns u (cells, unknowns)."""
    found = new_local(len(region), len(tables.charge), u.shape[1])
    local_laws(tables_handle(tables), region, u, local_handle(found))
    return found


@apart(none)
@kernel
def local_laws(t, region, u, out):
    """Write the laws of cells of the given regions (cells) at unknowns u (cells, unknowns) into `out`."""
    kinds, standard, mobility, mu, diffusivity = t.kind, t.mu0, t.diffusivity, out.mu, out.diffusivity
    last = 0
    while last < region.size:
        # Cells in a row that belong to one region, a species at a time: what is looked up, and which law it is, costs
        # as much as the law.
        first, r = last, region[last]
        while last < region.size and region[last] == r:
            last += 1
        for s in range(kinds.shape[1]):
            kind = kinds[r, s]
            for i in range(first, last):
                mu[i, s] = standard[r, s]
                diffusivity[i, s] = mobility[r, s]
            if kind == DILUTE:
                for i in range(first, last, LENGTH):
                    dilute_row(t, r, s, i, min(i + LENGTH, last), u, out)
            elif kind == LATTICE and alone_and_ideal(t, r, s):
                for i in range(first, last, LENGTH):
                    lattice_row(t, r, s, i, min(i + LENGTH, last), u, out)
            elif kind == LATTICE:
                lattice_laws(t, r, s, first, last, u, out)
            elif kind not in (ABSENT, OHMIC, SOLVATED):
                raise ValueError("a species of unknown statistics")
    host_laws(t, region, u, out)
    # Laws that few devices have, each a pass of its own.
    if t.size.shape[0] > 0:
        solvated_laws(t, region, u, out)
    if t.hole_excess.shape[0] > 0:
        hole_laws(t, region, u, out)
    if t.diffusion.shape[0] > 0:
        diffusion_laws(t, region, u, out)


@apart(none)
@kernel
def lattice_laws(t, r, s, first, last, u, out):
    """Write concentration, free sites and excess of the species s on a lattice in the cells first to last of the
    region r."""
    row, y = of_species(s), u[:, of_species(0) :]
    density, g, sublattice = t.density[r, s], t.frumkin[r, s], t.sublattice
    concentration, frees, unfilleds, mu = out.concentration, out.free, out.unfilled, out.mu
    d_concentration, d_free, d_mu = out.d_concentration, out.d_free, out.d_mu
    for i in range(first, last):
        others = lattice_others(sublattice, r, y, i, s)
        theta, free = lattice_share(u[i, row], others)
        concentration[i, s] = density * theta
        unfilled = free * (1.0 + others)
        frees[i, s] = free
        unfilleds[i, s] = unfilled
        # free = 1 / (1 + sum e^y), so that d free/dy_o = -free theta_o
        d_concentration[i, s, row] = density * theta * unfilled
        d_free[i, s, row] = -free * theta
        if others > 0.0:
            for o in range(sublattice.shape[1]):
                if o != s and sublattice[r, o] == sublattice[r, s]:
                    share = free * capped_exp(u[i, of_species(o)])
                    d_concentration[i, s, of_species(o)] = -density * theta * share
                    d_free[i, s, of_species(o)] = -free * share
        if g != 0.0:
            mu[i, s] += g * (1.0 - 2.0 * theta)
            for q in range(u.shape[1]):
                d_mu[i, s, q] = -2.0 * g / density * d_concentration[i, s, q]


@apart(none)
@kernel
def host_laws(t, region, u, out):
    """Add the excess potential of a host's ion and write the mobility of its electrons, both functions of x; write the
    electrons of a band."""
    electron = t.electron[0]
    ions, charge, densities, backgrounds, mobilities = t.ion, t.charge, t.density, t.background, t.mobility
    curves, sigmas, gradients = t.curve, t.sigma, t.gradient
    concentration, frees, potentials, diffusivities = out.concentration, out.free, out.mu, out.diffusivity
    d_concentration, d_mu, d_diffusivity = out.d_concentration, out.d_mu, out.d_diffusivity
    last = 0
    while last < region.size:
        # Cells in a row that belong to one region: what is looked up for each costs as much as its logarithms.
        first, r = last, region[last]
        while last < region.size and region[last] == r:
            last += 1
        ion, curve, sigma_row = ions[r], curves[r], sigmas[r]
        shared = electron >= 0 and shares_excess(curve)
        if ion < 0:
            if shared:
                for i in range(first, last):
                    own = concentration[i], potentials[i], d_concentration[i], d_mu[i]
                    share_excess(t, curve, r, u[i], electron, t.sites[r], *own)
            continue
        if not shared and gradients[r] == 0.0 and in_rows(curve, sigma_row):
            for i in range(first, last, LENGTH):
                host_row(t, r, i, min(i + LENGTH, last), FEWEST, out)
            continue
        z, density, background, mobility = charge[ion], densities[r, ion], backgrounds[r], mobilities[r]
        row, per_site, graded = of_species(ion), 1.0 / densities[r, ion], gradients[r] != 0.0
        for i in range(first, last):
            x = max(concentration[i, ion] * per_site, 1e-290)
            slope_x = d_concentration[i, ion, row] * per_site
            mu, mu_slope = excess_of_host(curve, z, x, max(frees[i, ion], 1e-290), u[i, row], background)
            potentials[i, ion] += mu
            d_mu[i, ion, row] = mu_slope * slope_x
            if graded:
                potentials[i, ion] += u[i, of_species(charge.size)]
                d_mu[i, ion, of_species(charge.size)] = 1.0
            sigma, sigma_slope = conductivity(sigma_row, z * x)
            if shared:
                own = concentration[i], potentials[i], d_concentration[i], d_mu[i]
                share_excess(t, curve, r, u[i], electron, density, *own)
            # The electrons of an empty host move no faster than the last few: what conducts there is not them.
            per_carrier = 1.0 / max(z * x + background, FEWEST)
            diffusivity = mobility * sigma * per_carrier
            by_carriers = diffusivity if z * x + background > FEWEST else 0.0
            diffusivities[i, electron] = diffusivity
            d_diffusivity[i, electron, row] = (mobility * sigma_slope - by_carriers) * per_carrier * z * slope_x


@apart(none)
@kernel
def hole_laws(t, region, u, out):
    """Write concentration and mu of holes that fill their band."""
    h = t.hole[0]
    for i in range(region.size):
        r = region[i]
        if shares_excess(t.hole_excess[r]):
            own = out.concentration[i], out.mu[i], out.d_concentration[i], out.d_mu[i]
            share_excess(t, t.hole_excess[r], r, u[i], h, t.density[r, h], *own)


@apart(none)
@kernel
def share_excess(t, curve, r, own, electron, sites, concentration, mu, d_concentration, d_mu):
    """Write concentration and mu of the carriers of a cell whose host shares its excess with them, or whose band they
    fill; curve: row of the excess, sites mol/m3."""
    row = of_species(electron)
    follow, apart = t.follow[r, row], log(t.density[r, electron] / sites)
    y = ideal_of(own[row], follow, t.mu0[r, electron], own[POTENTIAL])
    if follow != 0.0:
        y = without_excess(curve, y, apart)
    excess, by_log = electron_excess(curve, y + apart)
    # Of the unknown: a level rises by y and E together.
    ease = 1.0 if follow == 0.0 else 1.0 / (1.0 + by_log)
    c = t.density[r, electron] * capped_exp(y)
    concentration[electron] = c
    d_concentration[electron, row], d_concentration[electron, POTENTIAL] = c * ease, -follow * c * ease
    mu[electron] += excess
    d_mu[electron, row], d_mu[electron, POTENTIAL] = by_log * ease, -follow * by_log * ease
