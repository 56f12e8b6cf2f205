"""Which unknown of a cell is what; u has the shape (cells, unknowns).

    u[i, POTENTIAL]       phi                                                                RT/F
    u[i, of_species(s)]   y_s, the ideal chemical potential of a species                     RT
                          or, of electrons and holes, their electrochemical potential
                          eta = y + mu0 + E + z phi: a LEVEL, E their part of the excess     RT
                          of a host (`eisfv.model.shared_excess`) or what fills their band,
                          0 elsewhere
    the rest              unknowns that store nothing, such as the gradient energy of a host; a law that needs one
                          fills its row, which is u = 0 otherwise

Electrons conduct so well that a current is a fall of 1e-12 RT of their level. As unknown it keeps that fall; in
y + mu0 + z phi, three numbers that change by volts, it would be rounding. Electrons on a lattice keep y, in all
regions.

`follow` (regions, unknowns) of the tables is what an unknown does when the potential rises by one and no composition
changes: 1 for phi, z for a level, 0 for y. The gate voltage is no unknown of a cell: it borders the matrix.
"""

from collections.abc import Sequence
from math import log

import numpy as np

from eisfv.device.tables import Floats, Ints, Tables
from eisfv.kernel import allocating, kernel
from eisfv.physics.open_circuit import electron_excess, log_of_level, shares_excess

POTENTIAL = 0


@allocating  # Python asks for many species at once
def of_species(s):
    """Return the place of a species among the unknowns, and of its balance among the rows."""
    return 1 + s


@kernel(inline="always")
def ideal_of(own, follow, standard, phi):
    """Return y of a species from its own unknown, how that follows the potential, mu0 and phi; of electrons that share
    the excess of their host y + E, see `without_excess`."""
    return own - standard - follow * phi if follow != 0.0 else own


@kernel(inline="always")
def without_excess(row, level, apart):
    """Return y of electrons from y + E; row of the host's U(x), apart: ln of their density over the sites."""
    return log_of_level(row, level + apart) - apart


def per_cell(tables: Tables) -> int:
    """Return the number of unknowns of a cell."""
    return int(tables.follow.shape[1])


def potential(u: Floats) -> Floats:
    """Return the view (cells) of what belongs to the potential."""
    return u[:, POTENTIAL]


def species(u: Floats, tables: Tables) -> Floats:
    """Return the view (cells, species) of what belongs to the species."""
    return u[:, 1 : 1 + len(tables.charge)]


def unknowns(tables: Tables, region: Ints, phi: Floats, y: Floats) -> Floats:
    """Return u of cells of regions (cells) from phi (cells) and y (cells, species); unknowns beside them are 0."""
    u = np.zeros((len(region), per_cell(tables)))
    potential(u)[:] = phi
    follow = species(tables.follow, tables)[region]
    species(u, tables)[:] = y + excess_of_electrons(tables, region, y)
    species(u, tables)[:] += np.where(follow != 0.0, tables.mu0[region] + follow * phi[:, None], 0.0)
    return u


def excess_of_electrons(tables: Tables, region: Ints, y: Floats) -> Floats:
    """Return what is beside y (cells, species) in the levels of electrons that share the excess of their host, and of
    electrons and holes that fill their band, RT."""
    out = np.zeros_like(y)
    e, h = int(tables.electron[0]), int(tables.hole[0])
    for i, r in enumerate(region if len(tables.hole_excess) else ()):
        if tables.follow[r, of_species(h)] != 0.0:
            out[i, h] = electron_excess(tables.hole_excess[r], y[i, h])[0]
    for i, r in enumerate(region):
        if shares_excess(tables.curve[r]) and tables.follow[r, of_species(e)] != 0.0:
            apart = log(tables.density[r, e] / tables.sites[r])
            out[i, e] = electron_excess(tables.curve[r], y[i, e] + apart)[0]
    return out


def electrochemical(tables: Tables, u: Floats, mu: Floats) -> Floats:
    """Return y + mu + z phi (cells, species) in RT of all cells; mu (cells, species): standard and excess potential."""
    follow = species(tables.follow, tables)[tables.region]
    own = species(u, tables)
    return np.where(follow != 0.0, own, own + mu + tables.charge * potential(u)[:, None])


def name_of(unknown: int, names: Sequence[str]) -> str:
    """Return what an unknown is, in words; names of the species."""
    if unknown == POTENTIAL:
        return "the potential"
    return names[unknown - 1] if unknown <= len(names) else "the potential of the gradient energy"
