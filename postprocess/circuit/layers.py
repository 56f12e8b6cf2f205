"""The two sides of an interface's double layer, each as curves of the charge that it holds (per area).

Both are layers in equilibrium; `driven_layer` says what a current makes of the electrolyte's. A species'
electrochemical potential is level through them, so that with psi the potential over the layer in RT/F the charge
follows from Gauss and Boltzmann alone,

    q = sign(psi) sqrt(2 eps RT Pi(psi)),   Pi(psi) = -int rho/F dpsi       osmotic pressure over RT, mol/m3

Signs: q > 0 is the charge of the HOST's side, so the electrolyte's layer holds -q. Both potentials then grow with q:

    electrolyte   psi_e = surface minus bulk, V
    host          psi_h = bulk minus surface, V

Electrolyte, ions of z_i, c_i in the bulk, dilute or on sites of density s with occupation theta:

    Pi(psi) = sum_dilute c (e^{-z psi} - 1) + sum_lattice s ln(1 - theta + theta e^{-z psi}) - c_fixed psi

Host: the electrons' level e(nu) rises by phi (nu_b e^{phi} where they are ideal), the ion keeps U(x) and its electrons'
level together, so that the potential of the place where the filling is x, against the bulk at x_b, is
phi = F(U(x) - U(x_b))/RT + e(z x + b) - e(z x_b + b) (`curves`). The layer's
ions and its conductivity count as excess lengths over the bulk: int (x - x_b) dy and int (sigma/sigma_b - 1) dy. The
curves are walked outward from the bulk and end where the ions alone would go uphill, dphi/dx >= 0: a table of U(x) is
judged at the fillings on the way, and a run that goes on beyond is refused (`equations.leaves`). They are made at one
composition; at another one charge and length scale as in a dilute layer, with the square root of the electrons'
density: a layer far from ideal has been made at the run's first filling, and the fit's misfit says what that costs.
"""

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from eisfv.constants import FARADAY, GAS_CONSTANT, thermal_voltage

from .cubic import Cubic, through
from .electron_excess import density, rise
from .stack import Electrolyte, Host
from .unsupported import UnsupportedError

Array = np.ndarray
FINE = 4001
NEXT = 5  # places of the fine course next to the bulk
SIDE = 14  # knots on either side of no charge
PSI_MAX = 200.0  # RT/F, beyond any voltage that is driven


@dataclass(frozen=True)
class HostLayer:
    """Curves of q/sqrt(n/n_ref) in C/m2: potential V; surface ln(x/(1-x)) less that of the bulk, -; excess of ions and
    of conductivity m, both at n_ref. reach: the charges beyond which no layer is stable."""

    carriers: float
    potential: Cubic
    level: Cubic
    ions: Cubic
    conductivity: Cubic
    reach: tuple[float, float] = (-inf, inf)


def electrolyte_layer(electrolyte: Electrolyte, temperature: float, largest: float) -> Cubic:
    """Return psi_e (V) against q (C/m2) up to about `largest` C/m2."""
    volt = thermal_voltage(temperature)
    strength = 2.0 * electrolyte.permittivity * GAS_CONSTANT * temperature
    stretched = np.sinh(np.linspace(0.0, 9.0, 400)[1:]) / np.sinh(9.0) * PSI_MAX
    psi = np.concatenate([-stretched[::-1], stretched])
    with np.errstate(over="ignore"):
        squared = strength * pressure(electrolyte, psi)
    screening = sum(ion.charge**2 * ion.concentration * ion.free for ion in electrolyte.ions)
    q = np.sign(psi) * np.sqrt(np.clip(squared, 0.0, 1e3))
    # Next to zero the differences of the pressure's terms have no digits left; there the layer is linear.
    linear = np.abs(psi) < 1e-3
    q[linear] = psi[linear] * sqrt(0.5 * strength * screening)
    kept = np.abs(q) < 30.0
    q, psi = np.insert(q[kept], np.searchsorted(psi[kept], 0.0), 0.0), np.sort(np.append(psi[kept], 0.0))
    knots = spread(max(q[0], -largest), min(q[-1], largest), sqrt(0.5 * strength * screening))
    return sampled(q, psi * volt, knots)


def pressure(electrolyte: Electrolyte, psi: Array) -> Array:
    """Return the osmotic pressure over RT (mol/m3) at a potential psi (RT/F) above the bulk's."""
    total = -electrolyte.fixed * psi
    for ion in electrolyte.ions:
        boltzmann = np.exp(np.clip(-ion.charge * psi, -700.0, 700.0))
        if ion.lattice:
            total = total + ion.density * np.log(ion.free + ion.share * boltzmann)
        else:
            total = total + ion.concentration * (boltzmann - 1.0)
    return total


def host_layer(host: Host, temperature: float, largest: float) -> HostLayer:
    """Return the curves of a host's layer at its initial composition, for charges up to `largest` C/m2."""
    volt = thermal_voltage(temperature)
    curves = host.curves
    z, b, bulk = curves.z, curves.background, host.x
    carriers = z * bulk + b
    y = np.log(bulk / (1.0 - bulk)) + np.linspace(-14.0, 14.0, 2 * FINE - 1)
    x = 1.0 / (1.0 + np.exp(-y))
    x, y = x[x < curves.x_max], y[x < curves.x_max]
    u = np.array([curves.potential(float(v)) for v in x])
    electrons = np.array([curves.electrons.value(float(v)) for v in x]) - curves.electrons.value(bulk)
    phi = (u - curves.potential(bulk)) / volt + electrons
    charge = z * x + b - density(curves.excess, carriers, phi)  # per site
    steps = -0.5 * (charge[1:] + charge[:-1]) * np.diff(phi)
    zero = int(np.argmin(np.abs(y - np.log(bulk / (1.0 - bulk)))))
    pi = summed(steps, zero)
    field = np.sqrt(np.clip(2.0 * pi * host.sites * GAS_CONSTANT * temperature / host.permittivity, 0.0, None))
    sign = np.sign(x - bulk)  # more ions than electrons: the host's side is positive
    q = sign * host.permittivity * field
    first, last = outward(phi, q, zero)
    if min(zero - first, last - zero) < NEXT:
        raise UnsupportedError(f"a host whose ions alone would go uphill at x = {bulk:.4g} has no stable double layer")
    reach = q[first] if first > 0 else -inf, q[last] if last < q.size - 1 else inf
    x, y, phi, field, q = (values[first : last + 1] for values in (x, y, phi, field, q))
    zero -= first
    sigma = np.array([curves.sigma.value(float(v)) for v in x]) / curves.sigma.value(bulk) - 1.0
    ions, conductivity = (excess(values, field, phi * volt, zero) for values in (x - bulk, sigma))
    kept = np.abs(q) < 30.0
    kept[max(zero - 2, 0) : zero] = kept[zero + 1 : zero + 3] = False  # no digits left there, see above
    knots = spread(max(q[kept][0], -largest), min(q[kept][-1], largest), host.permittivity * volt / debye(host, volt))
    level = y - y[zero]
    potential, logit, excess_ions, lengths = (
        sampled(q[kept], values[kept], knots) for values in (-phi * volt, level, ions, conductivity)
    )
    return HostLayer(carriers, potential, logit, excess_ions, lengths, (float(reach[0]), float(reach[1])))


def outward(phi: Array, q: Array, zero: int) -> tuple[int, int]:
    """Return the ends of the walk from the bulk along which the potential falls with x and the charge grows with it."""
    stable = (np.diff(phi) < 0.0) & (np.diff(q) > 0.0)
    # The charge next to the bulk has no digits left.
    near = slice(max(zero - NEXT, 0), zero + NEXT)
    stable[near] = np.diff(phi)[near] < 0.0
    below, above = np.flatnonzero(~stable[:zero]), np.flatnonzero(~stable[zero:])
    return int(below[-1]) + 1 if below.size else 0, zero + int(above[0]) if above.size else q.size - 1


def debye(host: Host, volt: float) -> float:
    """Return sqrt(eps RT e'/(F^2 n)) of a host's electrons, e' = de/dln n of their level, m."""
    nu = host.z * host.x + host.curves.background
    return sqrt(host.permittivity * volt * rise(host.curves.excess, nu) / (FARADAY * nu * host.sites))


def excess(values: Array, field: Array, potential: Array, zero: int) -> Array:
    """Return int values dy from the bulk to each place; dy = |dphi|/field, the ratio steady next to the bulk."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = values / field
    near = np.array([i for i in range(zero - 2, zero + 3) if 0 <= i < values.size])
    ratio[near] = np.interp(
        near, [zero - 3, zero - 0.5, zero + 0.5, zero + 3], ratio[[zero - 3, zero - 3, zero + 3, zero + 3]]
    )
    steps = 0.5 * (ratio[1:] + ratio[:-1]) * np.abs(np.diff(potential))
    total = summed(steps, zero)
    # Below the bulk's filling the layer is walked from the bulk downwards.
    return np.where(np.arange(values.size) < zero, -total, total)


def summed(steps: Array, zero: int) -> Array:
    """Return the sums of steps from a place to every place: outward, so that the far ends cost no digits next to it."""
    return np.concatenate([-np.cumsum(steps[:zero][::-1])[::-1], [0.0], np.cumsum(steps[zero:])])


def spread(low: float, high: float, linear: float) -> Array:
    """Return knots from low < 0 to high > 0, closest around zero; linear: the charge over RT/F."""
    sides = [np.sinh(np.linspace(0.0, np.arcsinh(end / linear), SIDE + 1)[1:]) * linear for end in (-low, high)]
    return np.concatenate([-sides[0][::-1], [0.0], sides[1]])


def sampled(q: Array, values: Array, knots: Array) -> Cubic:
    """Return the curve of values(q) through knots, slopes from the fine course."""
    from scipy.interpolate import PchipInterpolator  # here: 0.2 s that reading the package does not need

    fine = PchipInterpolator(q, values)
    slopes = fine(knots, 1)
    slopes[[0, -1]] = fine(knots[[0, -1]], 1)
    return through(knots, fine(knots), slopes)
