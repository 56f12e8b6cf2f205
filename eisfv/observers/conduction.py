"""The conductance of a film between two of its edges: the conduction problem of a section, in FiPy's terms.

    div(sigma grad psi) = 0,   psi = 1 V at the source, 0 at the drain, no current elsewhere
    G = depth times the integral of sigma |grad psi|^2 over the film, the power at one volt     S

The power is stationary at the solution: it forgives the rounding of psi, which the current through thin cells does not.
It lies between the conductances of the film cut into columns without resistance across them (series) and into threads
that exchange nothing (parallel).
"""

from typing import Any

import numpy as np

from eisfv.device.tables import Floats
from eisfv.mesh.polygons import fipy_mesh
from eisfv.mesh.records import Mesh

# A face centre is found again within this share of the film's extent.
SAME = 1e-9
GUESS = 0.5  # V, that every solve starts from


class Conduction:
    """The problem of one region of a section; its cells in the order of the mesh."""

    def __init__(self, mesh: Mesh, region: int, depth: float) -> None:
        if mesh.outline is None:
            raise ValueError("a stack has no conduction problem: it is uniform along the channel")
        from fipy import CellVariable, DiffusionTerm
        from fipy.solvers.scipy import LinearLUSolver

        cells = np.flatnonzero((mesh.region == region) & (mesh.volume > 0.0))
        corners = mesh.outline.corners[cells]
        used, place = np.unique(corners, return_inverse=True)
        numbers = (np.arange(len(used)) - (used[0] < 0))[place].reshape(corners.shape)
        points = mesh.outline.points[used[used >= 0]]
        self.grid: Any = fipy_mesh(points / np.ptp(points, axis=0).max(), numbers)
        self.depth = depth
        exterior = np.flatnonzero(np.ma.getmaskarray(self.grid.faceCellIDs)[1])
        middle = np.asarray(self.grid.faceCenters.value).T[exterior] * np.ptp(points, axis=0).max()
        self.source, self.drain = (exterior[where] for where in probes(mesh, region, middle))
        faces = np.zeros((2, len(np.asarray(self.grid._faceAreas))), bool)
        faces[0, self.source], faces[1, self.drain] = True, True
        self.sigma = CellVariable(self.grid)
        self.psi = CellVariable(self.grid, value=GUESS)
        self.psi.constrain(1.0, where=faces[0])
        self.psi.constrain(0.0, where=faces[1])
        self.sigma_face = self.sigma.harmonicFaceValue
        self.equation = DiffusionTerm(coeff=self.sigma_face) == 0.0
        self.solver = LinearLUSolver(tolerance=1e-12, iterations=3)
        self.shape = np.asarray(self.grid._faceAreas) / np.asarray(self.grid._cellDistances)
        sides = self.grid.faceCellIDs
        self.near, self.far = np.ma.getdata(sides)
        self.inner = ~np.ma.getmaskarray(sides)[1]

    def conductance(self, sigma: Floats) -> float:
        """Return G (S) of the conductivities (cells of the region) in S/m, and of nothing else."""
        scale = float(sigma.max())
        if scale <= 0.0:
            return 0.0
        self.sigma.setValue(sigma / scale)
        # The solver corrects the values it finds: from the last solution, a resumed run would differ in its last digit.
        self.psi.setValue(GUESS)
        self.equation.solve(var=self.psi, solver=self.solver)
        psi = np.asarray(self.psi.value)
        drop = np.where(self.inner, psi[self.far] - psi[self.near], 0.0)
        drop[self.source] = 1.0 - psi[self.near[self.source]]
        drop[self.drain] = psi[self.near[self.drain]]
        self.power = self.depth * self.shape * drop**2
        return float(scale * np.asarray(self.sigma_face.value) @ self.power)

    def slopes(self, sigma: Floats) -> Floats:
        """Return the slopes of G (m) against the conductivities (cells of the region): the power is stationary against
        the potential, so that those of the faces' harmonic means are all."""
        if self.conductance(sigma) <= 0.0:
            return np.zeros_like(sigma)
        a, b = sigma[self.near], sigma[self.far]
        share = np.asarray(self.grid._faceToCellDistanceRatio)
        mean = b * share + a * (1.0 - share)
        mean = np.where(mean > 0.0, mean, np.inf)
        by_near = np.where(self.inner, (b / mean) ** 2 * share, 1.0)
        by_far = np.where(self.inner, (a / mean) ** 2 * (1.0 - share), 0.0)
        out = np.zeros_like(sigma)
        np.add.at(out, self.near, self.power * by_near)
        np.add.at(out, self.far, self.power * by_far)
        return out


def probes(mesh: Mesh, region: int, middle: Floats) -> tuple[Floats, Floats]:
    """Return which outer faces (bool) of a region, given by their centres in m, are its source and its drain: the
    contacts of that name, else its left and its right end."""
    tolerance = SAME * float(np.ptp(middle, axis=0).max())
    if {"source", "drain"} <= set(mesh.places):
        from scipy.spatial import cKDTree

        near = []
        for name in ("source", "drain"):
            contact = mesh.contact_position[mesh.place == mesh.places.index(name)]
            near.append(cKDTree(contact).query(middle)[0] <= tolerance)
        return near[0], near[1]
    x = middle[:, 0]
    return np.abs(x - x.min()) <= tolerance, np.abs(x - x.max()) <= tolerance
