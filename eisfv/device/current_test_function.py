"""The test function of the terminal current (Ramo and Shockley).

    I = sum over faces (w_left - w_right) i_face,    i = F sum z N + dD/dt

holds for every w that is 1 on the gate's metal and 0 on the channel's, because i has no divergence. The choice decides
the rounding: w here falls where the device resists, so that no flow through a good conductor, a tiny difference of
large numbers, enters the terminal current. A host counts as it conducts at best: a film that begins insulating may
conduct a billion times as well before the run is over.

Sources: W. Shockley, J. Appl. Phys. 9 (1938) 635; S. Ramo, Proc. IRE 27 (1939) 584; for the weighting by any test
function P. Farrell et al., Drift-diffusion models, in Handbook of Optoelectronic Device Modeling, 2017.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import spsolve

from eisfv.device.tables import Floats, Ints
from eisfv.mesh.records import GATE, Mesh


def current_test_function(mesh: Mesh, conductivity: Floats) -> Floats:
    """Return w (cells).

    conductivity (regions), in any unit: only ratios count. w is 1 in the cells of the gate, 0 in
    those of the channel, and the same on both sides of an interface, so that contacts and interfaces themselves never
    enter.
    """
    largest = float(conductivity.max())
    kappa = np.maximum(conductivity, 1e-12 * largest) if largest > 0.0 else np.ones_like(conductivity)
    unknown = np.arange(mesh.cells)
    joints = np.flatnonzero(mesh.distance == 0.0)
    unknown[mesh.right[joints]] = mesh.left[joints]
    return level_out(mesh, unknown, kappa[mesh.region[mesh.left]])


def falls_within(mesh: Mesh, region: int) -> Floats | None:
    """Return the fall (faces) of a test function that changes in one region alone; None where the region does not part
    the gate from the channel."""
    outside = (mesh.distance == 0.0) | (mesh.region[mesh.left] != region)
    if in_a_row(mesh) and not outside.all():
        return falls_in_a_row(mesh, ~outside)
    links = csc_array(
        (np.ones(int(outside.sum())), (mesh.left[outside], mesh.right[outside])), shape=(mesh.cells, mesh.cells)
    )
    _, part = connected_components(links, directed=False)
    # Whatever hangs together without this region is one unknown: that of its first cell.
    _, first = np.unique(part, return_index=True)
    unknown = first[part]
    at = unknown[mesh.contact_cell]
    if set(at[mesh.terminal == GATE]) & set(at[mesh.terminal != GATE]):
        return None
    w = level_out(mesh, unknown, np.ones(len(mesh.left)))
    return np.asarray(w[mesh.left] - w[mesh.right])


def in_a_row(mesh: Mesh) -> bool:
    """Return whether the cells follow each other, a contact at either end, as those of a stack do."""
    degree = np.bincount(mesh.left, minlength=mesh.cells) + np.bincount(mesh.right, minlength=mesh.cells)
    ends = np.flatnonzero(degree == 1)
    alone = mesh.outline is None and len(mesh.left) == mesh.cells - 1 and int(degree.max()) == 2
    return alone and np.array_equal(np.sort(mesh.contact_cell), ends) and mesh.terminal[0] != mesh.terminal[1]


def falls_in_a_row(mesh: Mesh, inside: NDArray[np.bool_]) -> Floats:
    """Return the fall (faces) of what falls in some faces of cells in a row alone: as their resistances."""
    resistance = np.where(inside, mesh.distance / mesh.area, 0.0)
    # Which side of a face is nearer the gate.
    along = mesh.position[mesh.right, 0] - mesh.position[mesh.left, 0]
    gate, channel = mesh.position[mesh.contact_cell[np.argsort(mesh.terminal)], 0]
    return np.asarray(resistance / resistance.sum() * np.sign(along) * np.sign(channel - gate))


def level_out(mesh: Mesh, unknown: Ints, kappa: Floats) -> Floats:
    """Return the solution (cells) of the conduction problem, 1 at the gate's cells and 0 at the channel's.

    unknown (cells): the cell that stands for each one; kappa (faces): conductivity
    """
    inside = np.flatnonzero((mesh.distance > 0.0) & (unknown[mesh.left] != unknown[mesh.right]))
    left, right = unknown[mesh.left[inside]], unknown[mesh.right[inside]]
    ease = kappa[inside] * mesh.area[inside] / mesh.distance[inside]
    rows = np.concatenate([left, right, left, right])
    columns = np.concatenate([left, right, right, left])
    values = np.concatenate([ease, ease, -ease, -ease])
    given = np.zeros(mesh.cells, bool)
    given[unknown[mesh.contact_cell]] = True
    given[unknown != np.arange(mesh.cells)] = True
    matrix = csc_array((values, (rows, columns)), shape=(mesh.cells, mesh.cells))
    w = np.zeros(mesh.cells)
    w[unknown[mesh.contact_cell]] = mesh.terminal == GATE
    free = np.flatnonzero(~given)
    if len(free):
        rhs = -(matrix @ w)[free]
        w[free] = np.atleast_1d(spsolve(matrix[free][:, free].tocsc(), rhs))
    return np.asarray(w[unknown])
