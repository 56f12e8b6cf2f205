"""Which unknown of a cell is what; u has the shape (cells, unknowns).

    u[i, POTENTIAL]       phi                                                      RT/F
    u[i, of_species(s)]   y_s, the ideal chemical potential of a species           RT
    the rest              unknowns that store nothing, such as the gradient energy of a host; a law that needs one
                          fills its row, which is u = 0 otherwise

The gate voltage is no unknown of a cell: it borders the matrix.
"""

from collections.abc import Sequence

import numpy as np
from numba import njit

from eisfv.device.tables import Floats, Tables

POTENTIAL = 0


@njit(cache=True, inline="always")
def of_species(s):
    """Return the place of a species among the unknowns, and of its balance among the rows."""
    return 1 + s


def per_cell(tables: Tables) -> int:
    """Return the number of unknowns of a cell."""
    return 1 + len(tables.charge) + int(tables.auxiliary[0])


def potential(u: Floats) -> Floats:
    """Return the view (cells) of the potentials."""
    return u[:, POTENTIAL]


def ideal(u: Floats, tables: Tables) -> Floats:
    """Return the view (cells, species) of the ideal chemical potentials."""
    return u[:, 1 : 1 + len(tables.charge)]


def joined(phi: Floats, y: Floats, tables: Tables) -> Floats:
    """Return the unknowns (cells, unknowns) of potentials (cells) and ideal potentials (cells, species), the rest 0."""
    u = np.zeros((len(phi), per_cell(tables)))
    potential(u)[:] = phi
    ideal(u, tables)[:] = y
    return u


def name_of(unknown: int, species: Sequence[str]) -> str:
    """Return what an unknown is, in words."""
    if unknown == POTENTIAL:
        return "the potential"
    return species[unknown - 1] if unknown <= len(species) else f"unknown {unknown - len(species)} beside the species"
