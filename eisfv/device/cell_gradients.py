"""The gradient of a field in a cell from its falls across the cell's faces.

    g_K = sum over faces of K inside its region of c_f (phi_right - phi_left)      1/m times the unit of phi

    c_f   least squares of g . n_f h_f = phi_right - phi_left, weighted by 1/h_f                                 1/m
    n_f   from the point on the left to that on the right, h_f their distance                                  -, m

A uniform gradient is found as it is on every mesh; along a line it is the one interpolated between the middles of the
two faces, exact where it changes evenly. A cell at the end of its region has the gradient of the faces it has.
"""

from typing import NamedTuple

import numpy as np

from eisfv.device.tables import Floats
from eisfv.mesh.records import Mesh


class CellGradients(NamedTuple):
    """c_f (faces, axes) of the cell on the left and of the one on the right of every face, 1/m."""

    slope_left: Floats
    slope_right: Floats


def no_gradients(mesh: Mesh) -> CellGradients:
    """Return those of no face: nothing asks for the gradient."""
    return CellGradients(*(np.zeros((0, mesh.position.shape[1])) for _ in range(2)))


def cell_gradients(mesh: Mesh) -> CellGradients:
    """Return those of every face."""
    inside = np.flatnonzero(mesh.interface < 0)
    normal = mesh.position[mesh.right[inside]] - mesh.position[mesh.left[inside]]
    normal /= np.linalg.norm(normal, axis=1)[:, None]
    height = mesh.distance[inside]
    # The normal equations of a cell: M g = b, M the weighted sum of n n over its faces.
    axes = mesh.position.shape[1]
    matrix = np.zeros((mesh.cells, axes, axes))
    squares = normal[:, :, None] * normal[:, None, :] / height[:, None, None]
    for side in (mesh.left, mesh.right):
        np.add.at(matrix, side[inside], squares)
    inverse = np.linalg.pinv(matrix, hermitian=True)
    found = CellGradients(*(np.zeros((len(mesh.left), axes)) for _ in range(2)))
    for side, slopes in zip((mesh.left, mesh.right), found, strict=True):
        slopes[inside] = np.einsum("fij,fj->fi", inverse[side[inside]], normal / height[:, None] ** 2)
    return found
