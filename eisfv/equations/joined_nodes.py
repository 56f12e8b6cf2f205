"""Ions that pass from host to host: a slope of their flow that has the sign of the level.

    N = f (1 - e^-L),    L = mu_l - mu_r + z (phi_l - phi_r) + y_l - y_r      RT

    N  flow from left (l) to right (r)                                        mol/s
    f  its forward rate, at the composition that the joint has now            mol/s

Between hosts out of level f grows as the emptier node fills, since its excess falls: N is largest somewhere between an
empty node and the root, which lies where the node is nearly full. Newton's iteration from below that empties the node
for ever. With f held and the chord of the rest,

    dN = (N / L) dL,    N / L > 0,

the node fills until it is level. At the root the flow is what the half cells beside carry and L is nearly nothing,
where the chord is the slope.
"""

import numpy as np

from eisfv.device.tables import Ints, Tables
from eisfv.equations.bulk_faces import add_slope
from eisfv.equations.part import Part
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.kernel import kernel
from eisfv.physics.statistics import stored_where
from eisfv.physics.transfer import BLOCKING

LEVEL = 1e-6  # RT: nearer to level than this the slope is the chord


def joined_nodes(tables: Tables, part: Part) -> Ints:
    """Return rows [face, species] of the part's joints and the ions that pass there."""
    carriers = (int(tables.electron[0]), int(tables.hole[0]))
    found = []
    for f in range(part.first_face, part.last_face):
        if tables.interface[f] < 0:
            continue
        near, far = tables.region[tables.left[f]], tables.region[tables.right[f]]
        both = stored_where(tables.kind[near]) & stored_where(tables.kind[far])
        passing = both & (tables.transfer[tables.interface[f], :, 0] != BLOCKING)
        found += [(f, s) for s in np.flatnonzero(passing) if s not in carriers]
    return np.array(found, np.int64).reshape(-1, 2)


@kernel
def ease_joints(t, u, joined, a):
    """Replace the slopes of the flows through joints by their chords; the system was assembled at u with its slopes."""
    law, transport, flow = a.local, a.slopes.transport, a.flow
    for k in range(joined.shape[0]):
        f, s = joined[k, 0], joined[k, 1]
        left, right, row, z = t.left[f], t.right[f], of_species(s), t.charge[s]
        level = u[left, row] - u[right, row] + law.mu[left, s] - law.mu[right, s]
        level += z * (u[left, POTENTIAL] - u[right, POTENTIAL])
        if not abs(level) > LEVEL:
            continue
        chord = flow[f, row] / level
        if not chord > 0.0:
            continue
        for q in range(u.shape[1]):
            own = 1.0 if q == row else z if q == POTENTIAL else 0.0
            by_left, by_right = chord * (own + law.d_mu[left, s, q]), -chord * (own + law.d_mu[right, s, q])
            by_left += transport.lower[f, row, q]
            by_right -= transport.upper[f, row, q]
            add_slope(transport, f, row, q, by_left, by_right)
