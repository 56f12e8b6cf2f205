"""Vectors at the cells from the flows through their faces."""

import numpy as np

from eisfv.device.tables import Floats
from eisfv.mesh.records import Mesh


class CellVectors:
    """Flows through the faces of a mesh as vectors at its cells.

    In a stack the mean over the faces of a cell; in a section the vector whose normal components fit those of the
    cell's faces best, each face weighted with its area.
    """

    def __init__(self, mesh: Mesh) -> None:
        self.plane = mesh.outline is not None
        self.inside = np.flatnonzero(mesh.distance > 0.0)
        self.sides = (mesh.left[self.inside], mesh.right[self.inside])
        self.cells = mesh.cells
        if not self.plane:
            self.weight: Floats = 1.0 / mesh.area[self.inside][:, None]
            self.inverse: Floats = 1.0 / np.maximum(self.summed(np.ones((len(self.inside), 1))), 1.0)[:, :, None]
            return
        between = mesh.position[self.sides[1]] - mesh.position[self.sides[0]]
        normal = between / np.linalg.norm(between, axis=1)[:, None]
        self.weight = normal
        area = mesh.area[self.inside][:, None]
        squares = self.summed(area * normal**2)
        mixed = self.summed(area[:, 0:1] * normal[:, :1] * normal[:, 1:])
        matrix = np.stack([squares[:, :1], mixed, mixed, squares[:, 1:]], axis=-1).reshape(-1, 2, 2)
        self.inverse = np.asarray(np.linalg.pinv(matrix, rcond=1e-9, hermitian=True), float)

    def summed(self, values: Floats) -> Floats:
        """Return the sum over the faces of each cell of values (faces inside, k)."""
        out = np.zeros((self.cells, values.shape[1]))
        for k in range(values.shape[1]):
            for side in self.sides:
                out[:, k] += np.bincount(side, values[:, k], self.cells)
        return out

    def of(self, name: str, flow: Floats) -> dict[str, Floats]:
        """Return the components (cells) of a flow (faces), per area, by name."""
        known = self.summed(flow[self.inside, None] * self.weight)
        found = np.einsum("nij,nj->ni", self.inverse, known)
        return {f"{name}_x": found[:, 0], f"{name}_y": found[:, 1]} if self.plane else {name: found[:, 0]}
