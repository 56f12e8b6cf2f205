"""Ions that nothing lets out: what the rounding of the linear solve has made of their sum is given back.

    sum Q_i = sum Q_known,i        over the cells of an enclosure, between blocking faces                     mol
    Q_i -> Q_i + C_i dmu,          dmu = sum (Q_known,i - Q_i) / sum C_i,   C_i = dq_i/dy_i                   mol, RT

A balance holds to the rounding of its own row, eps dh g of the conductance g (mol/s) of its faces. At a joint, and in a
cell of picometres, dh g is 1e10 times what flows; what the row then leaves is lost, for such a node holds nothing. The
sum knows no face: flows leave one cell as they enter the next. Of all corrections that meet it this one is least in
sum dQ_i^2 / C_i; it raises the level of all cells alike and drives no flow.

A loss that would shift the levels by more than 1e-6 RT, 26 nV, in one stage is none of rounding: it stays, and the
balance of the ions tells it (`eisfv.observers.ion_balance`).

What traps bind counts with the free ion. An ion that a contact takes, or that leaves a surface for good, has no sum.

Source: stationarity of sum dQ_i^2 / (2 C_i) - dmu (sum dQ_i - lost), Lagrange's multiplier being the level.
"""

import numpy as np
from numba.core.types import none
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from eisfv.compiled_apart import apart
from eisfv.device.tables import Ints, Tables
from eisfv.equations.contacts import BATH_CONTACT, OHMIC_CONTACT, REACTIVE_CONTACT, REVERSIBLE_CONTACT
from eisfv.equations.linearised import NOTHING
from eisfv.equations.unknowns import of_species
from eisfv.kernel import kernel
from eisfv.physics.statistics import stored_where
from eisfv.physics.transfer import BLOCKING

ROUNDING = 1e-6  # RT: the largest shift of the levels in a stage that makes up for rounding


def enclosed(tables: Tables) -> list[int]:
    """Return the numbers of the ions that no contact lets pass, and that are free somewhere."""
    kinds = tables.contact[:, 0]
    if (kinds == BATH_CONTACT).any():
        return []
    exchanging = np.isin(kinds, (REACTIVE_CONTACT, REVERSIBLE_CONTACT))
    losing = (kinds == OHMIC_CONTACT) & (tables.contact[:, 2] > 0.0)
    passing = {int(tables.electron[0]), int(tables.hole[0])}
    passing |= {int(row[1]) for row in tables.contact[exchanging | losing]}
    passing |= {int(row[2]) for row in tables.trap}
    return [ion for ion in range(len(tables.charge)) if ion not in passing]


def enclosures(tables: Tables) -> Ints:
    """Return the number of the enclosure of every amount (cells, species); -1 of what is not kept."""
    out = np.full((len(tables.region), len(tables.charge)), -1, np.int64)
    stores, cells = stored_where(tables.kind)[tables.region], len(tables.region)
    inside = tables.interface < 0
    count = 0
    for ion in enclosed(tables):
        open_faces = inside.copy()
        open_faces[~inside] = tables.transfer[tables.interface[~inside], ion, 0] != BLOCKING
        open_faces &= stores[tables.left, ion] & stores[tables.right, ion]
        ends = tables.left[open_faces], tables.right[open_faces]
        graph = coo_array((np.ones(len(ends[0])), ends), (cells, cells))
        _, label = connected_components(graph, directed=False)
        own = stores[:, ion]
        _, number = np.unique(label[own], return_inverse=True)
        out[own, ion] = number + count
        count = int(out.max()) + 1
        for region, free, bound in tables.trap[:, :3].astype(int):
            if free == ion:
                there = tables.region == region
                out[there, bound] = out[there, ion]
    return out


@apart(none)
@kernel
def keep_sums(enclosure, sums, storage, known, stored):
    """Give every enclosure back what its amounts (cells, species) lack of what is known, where rounding explains it.

    sums (2, enclosures) is overwritten: what is lacking (mol), and the slope of the whole against the level (mol)
    """
    for e in range(sums.shape[1]):
        sums[0, e], sums[1, e] = 0.0, 0.0
    cells, count = enclosure.shape
    for i in range(cells):
        for s in range(count):
            e = enclosure[i, s]
            if e >= 0:
                sums[0, e] += known[i, s] - stored[i, s]
                sums[1, e] += storage[i, of_species(s), of_species(s)]
    for i in range(cells):
        for s in range(count):
            e = enclosure[i, s]
            slope = storage[i, of_species(s), of_species(s)]
            if e >= 0 and slope > NOTHING and abs(sums[0, e]) <= ROUNDING * sums[1, e]:
                stored[i, s] += slope * (sums[0, e] / sums[1, e])
