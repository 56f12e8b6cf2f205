"""How fast a host falls apart, so that no step passes over it.

    V dx/dt = -B' m B mu,  mu = H x / V       B: rise of mu along a face, m its mobility                      m3/s
    m = (A/h) m_i m_e/(m_e + z^2 m_i),  m_i = D x(1-x),  m_e = sigma RT/(F^2 c_site): of ions with their electrons
    H = V S(x) + B_A' kappa B_A - 6 W (1-2x)  second derivative of the energy at fixed ions                  m3
    r = largest eigenvalue of -(m^1/2 B V^-1) H (V^-1 B' m^1/2)                                              1/s

S = -d(zFU/RT)/dx is the stiffness of the neutral host. Written over the faces the perturbations are those that keep
the ions of the host; where a voltage is given, the wall of the host exchanges ions as well and is one face more, with
the exchange rate of its law, its electrons taken as fast, which makes r an upper bound
(`eisfv.stepping.device_growth` has the rate). A boundary at rest has r <= 0: its shift costs nothing at first order,
everything else costs energy. A cell with a space charge does not fall apart by itself: the field holds its ions.

An L-stable step that is long against 1/r damps what grows, and its error, taken from the amounts that it kept uniform,
is small: a film goes from one end of its gap to the other without falling apart. Hence h <= SHARE/r.
"""

import numpy as np
from scipy.linalg import LinAlgError, cholesky_banded, eig_banded

from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.equations.local import Local, laws_at
from eisfv.equations.unknowns import of_species
from eisfv.model.miscibility import Curve
from eisfv.stepping.fastest_wave import Network, bound, fastest_wave
from eisfv.stepping.host_walls import beside, exchange, hosts_of_one_metal, passings

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
# RT per site. No x of a cell changes at so much, and -H is less than that of a gap by a millionth of it at most; the
# 1e30 of a cell that is full but for one site in 1e30 has r drown in the rounding of the other eigenvalues.
STIFFEST = 1e6


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
        self.walls = passings(t, self.ion, place)
        wetting = np.zeros(len(self.cells))
        for node in np.flatnonzero((t.region == region) & (t.wetting != 0.0)):
            for cell, _ in beside(t, int(node), place):
                wetting[cell] += t.wetting[node] / self.sites
        self.wetting = wetting

    def laws(self, u: Floats) -> Local:
        """Return the laws of the host's cells at unknowns u (cells of the device, unknowns)."""
        return laws_at(self.built.tables, np.full(len(self.cells), self.region), u[self.cells])

    def mean(self, law: Local) -> float:
        """Return the mean x."""
        return float(self.volume @ law.concentration[:, self.ion] / (self.sites * self.volume.sum()))

    def stiffness(self, law: Local, u: Floats) -> Floats:
        """Return S of the cells."""
        t = self.built.tables
        x, free = law.concentration[:, self.ion] / self.sites, law.unfilled[:, self.ion]
        slope = -self.curve.slope(u[self.cells, of_species(self.ion)])
        stiffness = np.minimum(slope / np.maximum(x * free, 1e-300), STIFFEST)
        neutral = float(t.charge[self.ion]) * x + t.background[self.region]
        charged = np.abs(law.concentration[:, t.electron[0]] / self.sites - neutral) > CHARGED * neutral
        return np.asarray(np.where(charged, np.maximum(stiffness, 0.0), stiffness))

    def own(self, law: Local, stiffness: Floats) -> Floats:
        """Return V S and what wetting adds to it (m3) of the cells."""
        x = law.concentration[:, self.ion] / self.sites
        return np.asarray(self.volume * stiffness - 6.0 * self.wetting * (1.0 - 2.0 * x))

    def ease(self, mobile: Floats) -> Floats:
        """Return A/h m (m3/s) of the faces; mobile: m of the cells."""
        return np.asarray(0.5 * (mobile[self.left] + mobile[self.right]) * self.aspect)

    def mobile(self, law: Local) -> Floats:
        """Return m (m2/s) of the cells."""
        t, z = self.built.tables, float(self.built.tables.charge[self.ion])
        shares = law.concentration[:, self.ion] / self.sites * law.unfilled[:, self.ion]
        ions, e = law.diffusivity[:, self.ion] * shares, t.electron[0]
        electrons = np.maximum(law.diffusivity[:, e] * law.concentration[:, e] / self.sites, 1e-300)
        return np.asarray(ions / (1.0 + z**2 * ions / electrons))

    def along_chain(self, own: Floats, ease: Floats, walls: Floats, enough: float = 0.0) -> float:
        """Return r of cells in a row: five diagonals, ghosts of no energy before the first and behind the last cell;
        `enough` where r is less: enough times one less the matrix then has a root.

        own (m3) and ease (m3/s) as above; walls: exchange rates (m3/s), none where ions do not come and go
        """
        first = sum(rate for wall, rate in zip(self.walls, walls, strict=False) if wall.cells[0] == 0)
        last = sum(rate for wall, rate in zip(self.walls, walls, strict=False) if wall.cells[0] > 0)
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
        if enough > 0.0 and positive(bands[:, begin:end], enough):
            return enough
        found = eig_banded(
            bands[:, begin:end],
            lower=True,
            eigvals_only=True,
            select="i",
            select_range=(count - 1, count - 1),
            check_finite=False,
        )
        return float(found[0])


def positive(bands: Floats, shift: float) -> bool:
    """Return whether `shift` is above all eigenvalues of a symmetric matrix, given as the lower bands of it."""
    below = -bands
    below[0] += shift
    try:
        cholesky_banded(below, lower=True, check_finite=False)
    except LinAlgError:
        return False
    return True


class HostsOfOneMetal:
    """Hosts whose electrons pass from one to the next: one may fill at the expense of another at any current."""

    def __init__(self, built: Built, hosts: list[HostGrowth]) -> None:
        self.built, self.hosts = built, hosts
        cells = np.concatenate([host.cells for host in hosts])
        place = np.full(len(built.tables.region), -1)
        place[cells] = np.arange(len(cells))
        found = passings(built.tables, hosts[0].ion, place)
        self.between = [one for one in found if len(one.cells) == 2]
        self.walls = [one for one in found if len(one.cells) == 1]
        starts = np.cumsum([0, *(len(host.cells) for host in hosts)])
        left = [host.left + at for host, at in zip(hosts, starts, strict=False)]
        right = [host.right + at for host, at in zip(hosts, starts, strict=False)]
        across = np.array([one.cells for one in self.between], int).reshape(-1, 2)
        ends = np.concatenate([*left, across[:, 0]]), np.concatenate([*right, across[:, 1]])
        sites = np.concatenate([host.sites * host.volume for host in hosts])
        stiff = np.concatenate([host.sites * host.stiff for host in hosts])
        self.network = Network(sites, ends[0], ends[1], stiff, np.array([one.cells[0] for one in self.walls], int))

    def rate(self, laws: list[Local], u: Floats, exchanges: bool, enough: float = 0.0, sealed: bool = False) -> float:
        """Return r (1/s) of the hosts with their laws at unknowns u: negative where every perturbation decays, -inf
        where U(x) falls in every cell. exchanges: whether the number of ions may change; enough: where r is less for
        sure, a bound of it below that will do; sealed: of what grows within each host, no ion passing its walls"""
        both = list(zip(self.hosts, laws, strict=True))
        stiffness = [host.stiffness(law, u) for host, law in both]
        if not any((one < 0.0).any() for one in stiffness):
            return -np.inf
        t, first = self.built.tables, self.hosts[0]
        mobile = [host.mobile(law) for host, law in both]
        owns = [host.own(law, one) for (host, law), one in zip(both, stiffness, strict=True)]
        eases = [host.ease(one) for host, one in zip(self.hosts, mobile, strict=True)]
        own, ease, through = (
            np.concatenate([host.sites * one for host, one in zip(self.hosts, given, strict=True)])
            for given in (owns, eases, mobile)
        )
        between, walls = (
            (0.0 if sealed else 1.0) * exchange(t, first.ion, at, u, through) for at in (self.between, self.walls)
        )
        ease = np.concatenate([ease, between])
        above = bound(self.network, own, ease, walls)
        if above < enough:
            return above
        if len(self.hosts) == 1 and first.chain:
            return first.along_chain(owns[0], eases[0], walls / first.sites if exchanges else np.zeros(0), enough)
        return fastest_wave(self.network, own, ease, walls, not exchanges, above)


class Growth:
    """The hosts of a device that may fall apart."""

    def __init__(self, built: Built) -> None:
        t = built.tables
        self.hosts = [HostGrowth(built, int(r)) for r in np.flatnonzero(t.gradient > 0.0)]
        numbers = {host.region: k for k, host in enumerate(self.hosts)}
        groups = [[numbers[r] for r in regions] for regions in hosts_of_one_metal(t, list(numbers))]
        self.groups = [(group, HostsOfOneMetal(built, [self.hosts[k] for k in group])) for group in groups]

    def look(self, u: Floats, exchanges: bool, enough: float = 0.0) -> tuple[float, Floats]:
        """Return the largest growth rate (1/s) of any host, or a bound below `enough`, and the mean x of each."""
        laws = [host.laws(u) for host in self.hosts]
        rates = [hosts.rate([laws[k] for k in group], u, exchanges, enough) for group, hosts in self.groups]
        return max(rates), np.array([host.mean(law) for host, law in zip(self.hosts, laws, strict=True)])

    def inside(self, u: Floats) -> float:
        """Return the largest growth rate (1/s) of what needs no ion from outside its host."""
        return max(
            hosts.rate([self.hosts[k].laws(u) for k in group], u, False, sealed=True) for group, hosts in self.groups
        )
