"""How fast a host falls apart, so that no step passes over it.

    V dx/dt = -B' m B mu,  mu = H x / V       B: rise of mu along a face, m = D x(1-x) A/h its mobility      m3/s
    H = V S(x) + B_A' kappa B_A - 6 W (1-2x)  second derivative of the energy at fixed ions                  m3
    r = largest eigenvalue of -(m^1/2 B V^-1) H (V^-1 B' m^1/2)                                              1/s

S = -d(zFU/RT)/dx is the stiffness of the neutral host. Written over the faces the perturbations are those that keep
the ions of the host; where a voltage is given, the wall of the host exchanges ions as well and is one face more, with
the exchange rate of its law. Electrons are taken as fast, which makes r an upper bound. A boundary at rest has r <= 0:
its shift costs nothing at first order, everything else costs energy.

An L-stable step that is long against 1/r damps what grows, and its error, taken from the amounts that it kept uniform,
is small: a film goes from one end of its gap to the other without falling apart. Hence h <= SHARE/r.
"""

import numpy as np
from scipy.linalg import eigh
from scipy.sparse import csr_array, diags_array, vstack
from scipy.sparse.linalg import eigsh

from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import of_species
from eisfv.model.miscibility import Curve
from eisfv.physics.transfer import BLOCKING, CONTINUOUS, exchange_activity

SHARE = 0.5  # of 1/r: within it the schemes of any order let a perturbation grow, by its own rate within some percent
PASSED = 4.0  # h r: from here on a step has passed over the growth
FURTHEST = 0.01  # change of a host's mean x in one step: beyond, it may leap over its spinodal
DENSE = 400  # faces: up to here all eigenvalues are found at once


class HostGrowth:
    """The growth rate of the perturbations of one host region."""

    def __init__(self, built: Built, region: int) -> None:
        t = built.tables
        host = built.device.regions[region].material.host
        assert host is not None
        self.built, self.ion = built, int(t.ion[region])
        self.curve: Curve = host.curve(built.device.temperature)
        self.cells = np.flatnonzero((t.region == region) & (t.volume > 0.0))
        place = np.full(len(t.region), -1)
        place[self.cells] = np.arange(len(self.cells))
        inner = np.flatnonzero((place[t.left] >= 0) & (place[t.right] >= 0) & (t.interface < 0))
        self.left, self.right = place[t.left[inner]], place[t.right[inner]]
        self.volume, self.aspect = t.volume[self.cells], t.aspect[inner]
        self.kappa, self.sites = t.gradient[region], t.density[region, self.ion]
        faces, rows = len(inner), np.arange(len(inner))
        places = (np.concatenate([rows, rows]), np.concatenate([self.left, self.right]))
        signs = np.concatenate([-np.ones(faces), np.ones(faces)])
        self.rise = csr_array((signs, places), shape=(faces, len(self.cells)))
        self.stiff = self.rise.T @ diags_array(self.kappa * self.aspect) @ self.rise
        self.surface = [
            (int(f), node, place[inside])
            for f in np.flatnonzero(t.interface >= 0)
            for node in (t.left[f], t.right[f])
            if t.region[node] == region and t.transfer[t.interface[f], self.ion, 0] not in (BLOCKING, CONTINUOUS)
            for inside in self._beside(int(node), place)
        ]
        wall = t.wetting / self.sites
        for node in np.flatnonzero((t.region == region) & (t.volume == 0.0)):
            for inside in self._beside(int(node), place):
                wall[self.cells[inside]] += wall[node]
        self.wall = wall[self.cells]

    def _beside(self, node: int, place: Floats) -> list[int]:
        """Return the cells (places) beside a surface node."""
        t = self.built.tables
        if place[node] >= 0:
            return [int(node)]
        left, right = t.left[(t.right == node) & (t.interface < 0)], t.right[(t.left == node) & (t.interface < 0)]
        return [int(i) for i in np.concatenate([left, right])]

    def mean(self, x: Floats) -> float:
        """Return the mean x."""
        return float(self.volume @ x / self.volume.sum())

    def filling(self, u: Floats) -> Floats:
        """Return x of the host's cells."""
        t = self.built.tables
        found = laws_at(t, t.region[self.cells], u[self.cells])
        return np.asarray(found.concentration[:, self.ion] / self.sites)

    def rate(self, u: Floats, exchanges: bool) -> float:
        """Return r (1/s) at unknowns u (cells, unknowns); negative where every perturbation decays, -inf where U(x)
        falls in every cell. exchanges: whether the number of ions may change."""
        t = self.built.tables
        x = self.filling(u)
        y = u[self.cells, of_species(self.ion)]
        free = 1.0 / (1.0 + np.exp(y))
        stiffness = -self.curve.slope(y) / np.maximum(x * free, 1e-300)
        if not (stiffness < 0.0).any():
            return -np.inf
        energy = diags_array(self.volume * stiffness - 6.0 * self.wall * (1.0 - 2.0 * x)) + self.stiff
        own = laws_at(t, t.region[self.cells], u[self.cells]).diffusivity[:, self.ion] * x * free
        ease = 0.5 * (own[self.left] + own[self.right]) * self.aspect
        rise = self.rise
        if exchanges and self.surface:
            count = len(self.surface)
            rows = np.arange(count), np.array([inside for _, _, inside in self.surface])
            rise = vstack([rise, csr_array((np.ones(count), rows), (count, len(x)))])
            ease = np.concatenate([ease, self.exchange(u)])
        weighted = diags_array(np.sqrt(ease)) @ rise @ diags_array(1.0 / self.volume)
        return _largest(-(weighted @ energy @ weighted.T))

    def exchange(self, u: Floats) -> Floats:
        """Return the exchange rates (m3/s) of the walls with the neighbours at the state."""
        t, out = self.built.tables, []
        law = laws_at(t, t.region, u)
        for f, _, _ in self.surface:
            left, right, j = t.left[f], t.right[f], t.interface[f]
            shares = [law.concentration[i, self.ion] / t.density[t.region[i], self.ion] for i in (left, right)]
            activity = exchange_activity(
                t.transfer[j, self.ion], shares[0], law.free[left, self.ion], shares[1], law.free[right, self.ion]
            )
            out.append(t.transfer_rate[j, self.ion] * activity / self.sites)
        return np.array(out)


def _largest(matrix: csr_array) -> float:
    """Return the largest eigenvalue of a symmetric matrix."""
    count = matrix.shape[0]
    if count <= DENSE:
        full = matrix.toarray()
        return float(eigh(0.5 * (full + full.T), eigvals_only=True, subset_by_index=(count - 1, count - 1))[0])
    return float(eigsh(matrix, k=1, which="LA", tol=1e-2, return_eigenvectors=False)[0])


class Growth:
    """The hosts of a device that may fall apart."""

    def __init__(self, built: Built) -> None:
        self.hosts = [HostGrowth(built, int(r)) for r in np.flatnonzero(built.tables.gradient > 0.0)]

    def rate(self, u: Floats, exchanges: bool) -> float:
        """Return the largest growth rate (1/s) of any host; -inf without one."""
        return max((host.rate(u, exchanges) for host in self.hosts), default=-np.inf)

    def moved(self, before: Floats, after: Floats) -> float:
        """Return the largest change of a host's mean x between two states' unknowns."""
        means = [abs(host.mean(host.filling(after)) - host.mean(host.filling(before))) for host in self.hosts]
        return max(means, default=0.0)
