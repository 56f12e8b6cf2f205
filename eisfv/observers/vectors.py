"""Vectors at the cells from the flows through their faces."""

import numpy as np
from scipy.sparse import csr_array

from eisfv.device.tables import Floats
from eisfv.mesh.records import Mesh


class CellVectors:
    """Flows through the faces of a mesh as vectors at its cells.

    In a stack the mean over the faces of a cell; in a section the vector whose normal components fit those of the
    cell's faces best, each face weighted with its area.

    matrices  of every component: (cells, faces), m^-2
    """

    def __init__(self, mesh: Mesh) -> None:
        self.plane = mesh.outline is not None
        inside = np.flatnonzero(mesh.distance > 0.0)
        faces, cells = np.tile(inside, 2), np.concatenate((mesh.left[inside], mesh.right[inside]))

        def summed(values: Floats) -> Floats:
            """Return the sum over the faces of each cell of values (faces inside)."""
            return np.asarray(np.bincount(cells, np.tile(values, 2), mesh.cells), float)

        if self.plane:
            between = mesh.position[mesh.right[inside]] - mesh.position[mesh.left[inside]]
            weight = between / np.linalg.norm(between, axis=1)[:, None]
            x, y = weight.T
            xx, xy, yy = (summed(mesh.area[inside] * product) for product in (x * x, x * y, y * y))
            matrix = np.stack([xx, xy, xy, yy], axis=-1).reshape(-1, 2, 2)
            inverse = np.asarray(np.linalg.pinv(matrix, rcond=1e-9, hermitian=True), float)
        else:
            weight = 1.0 / mesh.area[inside][:, None]
            inverse = 1.0 / np.maximum(summed(np.ones(len(inside))), 1.0)[:, None, None]
        entries = np.einsum("nij,nj->in", inverse[cells], np.tile(weight, (2, 1)))
        self.matrices = [csr_array((part, (cells, faces)), (mesh.cells, len(mesh.left))) for part in entries]

    def of(self, name: str, flow: Floats) -> dict[str, Floats]:
        """Return the components (cells) of a flow (faces), per area, by name."""
        found = [np.asarray(matrix @ flow) for matrix in self.matrices]
        return {f"{name}_x": found[0], f"{name}_y": found[1]} if self.plane else {name: found[0]}
