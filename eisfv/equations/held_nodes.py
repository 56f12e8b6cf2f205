"""Species that wait at a surface node: nothing beyond it takes them, so they are level with the cell beside.

    N = g (1 - e^L) = 0   <=>   L = mu_node - mu_cell + z (phi_node - phi_cell) = 0      RT

    N  flow from the cell to its node, which has no volume                               mol/s
    g  what the half cell conducts: it vanishes with the free sites, or with the ions    mol/s

Both rows have one root. But on a plateau of U(x) the level hardly knows how full the node is, while g does: Newton's
iteration on N then fills or empties the node until g is gone, and the root lies behind it. The row L = 0 has no g.
"""

import numpy as np

from eisfv.device.tables import Ints, Tables
from eisfv.equations.part import Part
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.kernel import kernel
from eisfv.model.contacts import ReactiveContact
from eisfv.model.exchanging_contact import ReversibleContact
from eisfv.physics.statistics import stored_where
from eisfv.physics.transfer import BLOCKING


def held_nodes(tables: Tables, part: Part) -> Ints:
    """Return rows [node, cell beside, face between, species] of the part's nodes."""
    left, right, inside = tables.left, tables.right, tables.interface < 0
    passed = np.zeros((len(tables.region), len(tables.charge)), bool)
    for f in np.flatnonzero(~inside):
        passed[[left[f], right[f]]] |= tables.transfer[tables.interface[f], :, 0] != BLOCKING
    for b, cell in enumerate(tables.contact_cell):
        kind = int(tables.contact[b, 0])
        if kind in (ReactiveContact.number, ReversibleContact.number):
            passed[cell, int(tables.contact[b, 1])] = True
        else:
            passed[cell] = True
    stores, found = stored_where(tables.kind), []
    for trap in tables.trap:  # what is bound goes nowhere
        stores[int(trap[0]), int(trap[2])] = False
    for node in np.flatnonzero(tables.volume[part.first_cell : part.last_cell] == 0.0) + part.first_cell:
        faces = np.flatnonzero(inside & ((left == node) | (right == node)))
        if len(faces) != 1:
            continue
        cell = left[faces[0]] + right[faces[0]] - node
        found += [(node, cell, faces[0], s) for s in np.flatnonzero(stores[tables.region[node]] & ~passed[node])]
    return np.array(found, np.int64).reshape(-1, 4)


@kernel
def hold(t, u, law, held, residual):
    """Write L (RT) into the rows of held species; law: of the cells at u."""
    for k in range(held.shape[0]):
        node, cell, s = held[k, 0], held[k, 1], held[k, 3]
        row = of_species(s)
        level = u[node, row] - u[cell, row]
        if t.follow[t.region[node], row] == 0.0:
            level += law.mu[node, s] - law.mu[cell, s]
            level += t.charge[s] * (u[node, POTENTIAL] - u[cell, POTENTIAL])
        residual[node, row] = level


@kernel
def hold_slopes(t, law, held, matrix, felt):
    """Write the slopes of L into the rows of the matrix, and what they feel of the gate (`shifted`)."""
    for k in range(held.shape[0]):
        node, cell, face, s = held[k, 0], held[k, 1], held[k, 2], held[k, 3]
        row = of_species(s)
        own = matrix.diagonal[node, row]
        beside = matrix.upper[face, row] if t.left[face] == node else matrix.lower[face, row]
        for q in range(own.shape[0]):
            own[q], beside[q] = 0.0, 0.0
        if t.follow[t.region[node], row] == 0.0:
            for q in range(own.shape[0]):
                own[q], beside[q] = law.d_mu[node, s, q], -law.d_mu[cell, s, q]
            own[POTENTIAL] += t.charge[s]
            beside[POTENTIAL] -= t.charge[s]
        own[row] += 1.0
        beside[row] -= 1.0
        felt[node, row] = t.charge[s] * (t.test[node] - t.test[cell])
