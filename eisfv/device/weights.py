"""The test function of the terminal current (Ramo and Shockley).

    I = sum over faces (w_left - w_right) i_face,    i = F sum z N + dD/dt

holds for every w that is 1 on the gate's metal and 0 on the channel's, because i has no divergence. The choice decides
the rounding: w here falls where the device resists, so that no flow through a good conductor, a tiny difference of
large numbers, enters the terminal current.

Sources: W. Shockley, J. Appl. Phys. 9 (1938) 635; S. Ramo, Proc. IRE 27 (1939) 584; for the weighting by any test
function P. Farrell et al., Drift-diffusion models, in Handbook of Optoelectronic Device Modeling, 2017.
"""

import numpy as np
from scipy.sparse import csc_array
from scipy.sparse.linalg import spsolve

from eisfv.device.tables import Floats
from eisfv.mesh.records import GATE, Mesh


def current_test_function(mesh: Mesh, conductivity: Floats) -> Floats:
    """Return w (cells).

    conductivity (regions) of the neutral bulk, in any unit: only ratios count. w is 1 in the cells of the gate, 0 in
    those of the channel, and the same on both sides of an interface, so that contacts and interfaces themselves never
    enter.
    """
    largest = float(conductivity.max())
    kappa = np.maximum(conductivity, 1e-12 * largest) if largest > 0.0 else np.ones_like(conductivity)
    inside = np.flatnonzero(mesh.distance > 0.0)
    unknown = np.arange(mesh.cells)
    joints = np.flatnonzero(mesh.distance == 0.0)
    unknown[mesh.right[joints]] = mesh.left[joints]
    left, right = unknown[mesh.left[inside]], unknown[mesh.right[inside]]
    ease = kappa[mesh.region[mesh.left[inside]]] * mesh.area[inside] / mesh.distance[inside]
    rows = np.concatenate([left, right, left, right])
    columns = np.concatenate([left, right, right, left])
    values = np.concatenate([ease, ease, -ease, -ease])
    given = np.zeros(mesh.cells, bool)
    given[unknown[mesh.contact_cell]] = True
    given[unknown != np.arange(mesh.cells)] = True
    matrix = csc_array((values, (rows, columns)), shape=(mesh.cells, mesh.cells))
    w = np.zeros(mesh.cells)
    w[mesh.contact_cell] = mesh.terminal == GATE
    free = np.flatnonzero(~given)
    if len(free):
        rhs = -(matrix @ w)[free]
        w[free] = np.atleast_1d(spsolve(matrix[free][:, free].tocsc(), rhs))
    return np.asarray(w[unknown])
