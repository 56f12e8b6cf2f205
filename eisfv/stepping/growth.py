"""How fast a host falls apart, so that no step passes over it.

    V dx/dt = -B' m B mu,  mu = H x / V       B: rise of mu along a face, m its mobility                      m3/s
    m = (A/h) m_i m_e/(m_e + z^2 m_i),  m_i = D x(1-x),  m_e = sigma RT/(F^2 c_site): of ions with their electrons
    H = V S(x) + B_A' kappa B_A - 6 W (1-2x)  second derivative of the energy at fixed ions                  m3
    r = largest eigenvalue of -(m^1/2 B V^-1) H (V^-1 B' m^1/2)                                              1/s

S = -d(zFU/RT)/dx is the stiffness of the neutral host. Written over the faces the perturbations are those that keep
the ions of the host; where a voltage is given, the wall of the host exchanges ions as well and is one face more, with
the exchange rate of its law, its electrons taken as fast, which makes r an upper bound. A boundary at rest has r <= 0:
its shift costs nothing at first order, everything else costs energy. A cell with a space charge does not fall apart by
itself: the field holds its ions.

An L-stable step that is long against 1/r damps what grows, and its error, taken from the amounts that it kept uniform,
is small: a film goes from one end of its gap to the other without falling apart. Hence h <= SHARE/r.
"""

from typing import NamedTuple

import numpy as np
from scipy.linalg import eig_banded
from scipy.sparse import csc_array, csr_array, diags_array, vstack
from scipy.sparse.linalg import eigsh

from eisfv.device.build import Built
from eisfv.device.tables import Floats, Ints
from eisfv.equations.local import Local, laws_at
from eisfv.equations.unknowns import of_species
from eisfv.model.miscibility import Curve
from eisfv.physics.transfer import BLOCKING, CONTINUOUS, exchange_activity

# Of 1/r: at h r = 1/2 TR-BDF2 lets a perturbation grow 1 % faster than it does, backward differences of the second
# order 7 %, those of the first 39 %.
SHARE = 0.5
# h r: from here on backward differences of the second order damp what grows; implicit Euler from 2, TR-BDF2 from 11.7.
PASSED = 4.0
# Change of a host's mean x in one step: beyond, it may leap over its spinodal, which is 0.023 wide in the first gap of
# LixWO3.
FURTHEST = 0.01
# Of the electrons: from here on a cell counts as charged. Ours, between the bulk, 0, and a double layer, of order 1.
CHARGED = 0.05


class Wall(NamedTuple):
    """Where a host exchanges ions. face: of the interface; cell: place of the cell beside it among the host's."""

    face: int
    cell: int


class HostGrowth:
    """The growth rate of the perturbations of one host region."""

    def __init__(self, built: Built, region: int) -> None:
        t = built.tables
        host = built.device.regions[region].material.host
        assert host is not None
        self.built, self.region, self.ion = built, region, int(t.ion[region])
        self.curve: Curve = host.curve(built.device.temperature)
        self.cells = np.flatnonzero((t.region == region) & (t.volume > 0.0))
        place = np.full(len(t.region), -1)
        place[self.cells] = np.arange(len(self.cells))
        inner = np.flatnonzero((place[t.left] >= 0) & (place[t.right] >= 0) & (t.interface < 0))
        self.left, self.right = place[t.left[inner]], place[t.right[inner]]
        self.volume, self.aspect = t.volume[self.cells], t.aspect[inner]
        self.stiff, self.sites = t.gradient[region] * self.aspect, float(t.density[region, self.ion])
        self.chain = len(inner) == len(self.cells) - 1 and bool((self.right == self.left + 1).all())
        passing = [
            f
            for f in np.flatnonzero(t.interface >= 0)
            if t.transfer[t.interface[f], self.ion, 0] not in (BLOCKING, CONTINUOUS)
        ]
        ends = [(f, int(i)) for f in passing for i in (t.left[f], t.right[f]) if t.region[i] == region]
        self.walls = [Wall(int(f), int(place[cell])) for f, node in ends for cell in self._beside(node, place)]
        wetting = np.zeros(len(self.cells))
        for node in np.flatnonzero((t.region == region) & (t.wetting != 0.0)):
            for cell in self._beside(int(node), place):
                wetting[place[cell]] += t.wetting[node] / self.sites
        self.wetting = wetting

    def _beside(self, node: int, place: Ints) -> list[int]:
        """Return the cell of a node, or those beside it where it has no volume."""
        t = self.built.tables
        if place[node] >= 0:
            return [node]
        before, after = t.left[(t.right == node) & (t.interface < 0)], t.right[(t.left == node) & (t.interface < 0)]
        return [int(i) for i in np.concatenate([before, after])]

    def laws(self, u: Floats) -> Local:
        """Return the laws of the host's cells at unknowns u (cells of the device, unknowns)."""
        return laws_at(self.built.tables, np.full(len(self.cells), self.region), u[self.cells])

    def mean(self, law: Local) -> float:
        """Return the mean x."""
        return float(self.volume @ law.concentration[:, self.ion] / (self.sites * self.volume.sum()))

    def rate(self, law: Local, u: Floats, exchanges: bool, enough: float = 0.0) -> float:
        """Return r (1/s); negative where every perturbation decays, -inf where U(x) falls in every cell.

        law: of the host's cells at unknowns u; exchanges: whether the number of ions may change; enough: where r is
        less for sure, a bound of it below that will do
        """
        t = self.built.tables
        x, free = law.concentration[:, self.ion] / self.sites, law.unfilled[:, self.ion]
        stiffness = -self.curve.slope(u[self.cells, of_species(self.ion)]) / np.maximum(x * free, 1e-300)
        neutral = float(t.charge[self.ion]) * x + t.background[self.region]
        charged = np.abs(law.concentration[:, t.electron[0]] / self.sites - neutral) > CHARGED * neutral
        stiffness = np.where(charged, np.maximum(stiffness, 0.0), stiffness)
        if not (stiffness < 0.0).any():
            return -np.inf
        own = self.volume * stiffness - 6.0 * self.wetting * (1.0 - 2.0 * x)
        mobile = self.mobile(law, x * free)
        ease = 0.5 * (mobile[self.left] + mobile[self.right]) * self.aspect
        walls = self.exchange(u) if exchanges else np.zeros(0)
        above = self.above(own, ease, walls)
        if above < enough:
            return above
        return self._along_chain(own, ease, walls) if self.chain else self._anywhere(own, ease, walls, above)

    def above(self, own: Floats, ease: Floats, walls: Floats) -> float:
        """Return a bound of r (1/s): no wave grows faster than m S^2/(4 kappa) and what the walls let in."""
        softest = float(np.maximum(-own / self.volume, 0.0).max())
        mobility = float((ease / self.aspect).max())
        kappa = float((self.stiff / self.aspect).max())
        return mobility * softest**2 / kappa + 4.0 * softest * float(walls.sum()) / float(self.volume.min())

    def mobile(self, law: Local, shares: Floats) -> Floats:
        """Return m (m2/s) of the cells; shares: x (1-x)."""
        t, z = self.built.tables, float(self.built.tables.charge[self.ion])
        ions, e = law.diffusivity[:, self.ion] * shares, t.electron[0]
        electrons = np.maximum(law.diffusivity[:, e] * law.concentration[:, e] / self.sites, 1e-300)
        return np.asarray(ions / (1.0 + z**2 * ions / electrons))

    def exchange(self, u: Floats) -> Floats:
        """Return the exchange rates (m3/s) of the walls with their neighbours."""
        t, s, out = self.built.tables, self.ion, []
        for wall in self.walls:
            ends = np.array([t.left[wall.face], t.right[wall.face]])
            law, j = laws_at(t, t.region[ends], u[ends]), t.interface[wall.face]
            theta = law.concentration[:, s] / t.density[t.region[ends], s]
            activity = exchange_activity(t.transfer[j, s], theta[0], law.free[0, s], theta[1], law.free[1, s])
            out.append(t.transfer_rate[j, s] * activity / self.sites)
        return np.array(out)

    def _along_chain(self, own: Floats, ease: Floats, walls: Floats) -> float:
        """Return r of cells in a row: five diagonals, ghosts of no energy before the first and behind the last cell."""
        first = sum(rate for wall, rate in zip(self.walls, walls, strict=False) if wall.cell == 0)
        last = sum(rate for wall, rate in zip(self.walls, walls, strict=False) if wall.cell > 0)
        root = np.sqrt(np.concatenate([[first], ease, [last]]))
        inverse = np.concatenate([[0.0], 1.0 / self.volume, [0.0]])
        a, b = root * inverse[:-1], root * inverse[1:]
        across = np.concatenate([[0.0], -self.stiff, [0.0]])
        d = np.concatenate([[0.0], own, [0.0]])
        d[:-1] -= across
        d[1:] -= across
        # The products of a face's row with the columns of its two cells and of the one behind.
        here, next_, behind = b * across - a * d[:-1], b * d[1:] - a * across, b * np.append(across[1:], 0.0)
        bands = np.zeros((3, len(root)))
        bands[0] = a * here - b * next_
        bands[1, :-1] = (a[1:] * next_[:-1]) - b[1:] * behind[:-1]
        bands[2, :-2] = a[2:] * behind[:-2]
        begin, end = int(first == 0.0), len(root) - int(last == 0.0)
        count = end - begin
        found = eig_banded(
            bands[:, begin:end],
            lower=True,
            eigvals_only=True,
            select="i",
            select_range=(count - 1, count - 1),
            check_finite=False,
        )
        return float(found[0])

    def _anywhere(self, own: Floats, ease: Floats, walls: Floats, above: float) -> float:
        """Return r of the cells of a section; above: a bound of it, next below which is what is asked."""
        faces, cells = len(self.left), len(self.volume)
        rows = np.concatenate([np.arange(faces), np.arange(faces)])
        signs = np.concatenate([-np.ones(faces), np.ones(faces)])
        rise = csr_array((signs, (rows, np.concatenate([self.left, self.right]))), shape=(faces, cells))
        energy = diags_array(own) + rise.T @ diags_array(self.stiff) @ rise
        if len(walls):
            places = np.arange(len(walls)), np.array([wall.cell for wall in self.walls])
            rise = vstack([rise, csr_array((np.ones(len(walls)), places), shape=(len(walls), cells))])
        weighted = diags_array(np.sqrt(np.concatenate([ease, walls]))) @ rise @ diags_array(1.0 / self.volume)
        matrix = csc_array(-(weighted @ energy @ weighted.T))
        start = np.cos(np.arange(matrix.shape[0]))  # any that is not random, so that a run can be repeated
        return float(eigsh(matrix, k=1, sigma=above, v0=start, tol=1e-3, return_eigenvectors=False)[0])


class Growth:
    """The hosts of a device that may fall apart."""

    def __init__(self, built: Built) -> None:
        self.hosts = [HostGrowth(built, int(r)) for r in np.flatnonzero(built.tables.gradient > 0.0)]

    def look(self, u: Floats, exchanges: bool, enough: float = 0.0) -> tuple[float, Floats]:
        """Return the largest growth rate (1/s) of any host, or a bound below `enough`, and the mean x of each."""
        laws = [host.laws(u) for host in self.hosts]
        rates = [host.rate(law, u, exchanges, enough) for host, law in zip(self.hosts, laws, strict=True)]
        return max(rates), np.array([host.mean(law) for host, law in zip(self.hosts, laws, strict=True)])
