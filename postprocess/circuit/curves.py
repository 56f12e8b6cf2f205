"""What a host's measured curves say to a circuit: functions of the site fraction x, as numbers and as text.

    electrons e(x) = ln(n/n_zc) + E(n) - E(n_zc),  n = z x + background       level of the electrons, -
    affinity  M(x) = (zF/RT)(U_zc - U(x)) - z e(x) - ln(x/(1-x))              excess of the ion over its site entropy
    flow      K(x) = int x(1-x) (zF/RT)(-dU/dx) dx                           flux of the neutral host = D c_s dK/dy
    sigma     electronic conductivity                                        S/m

U_zc and n_zc belong to `zero_charge_x`, where host and electrolyte touch without a double layer. E is the excess that
the electrons share with the ion where U(x) is flatter than ideal ones allow (`electron_excess`), else 0. The flow
needs no mean values: with electrons at hand, N = -D c (1-x) d(mu)/dy with mu = -zFU/RT is exactly -D c_s dK/dy
(Kirchhoff's transform), so that two lumps exchange D c_s (K_1 - K_2)/h however far apart they are.

The forms are those of a case: U analytic or a monotone cubic against ln(x/(1-x)); sigma by percolation or a monotone
cubic of its logarithm against gamma = z x.
"""

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.polynomial import Polynomial

from eisfv.constants import GAS_CONSTANT, thermal_voltage
from eisfv.model.host_curves import AnalyticCurve, AnalyticOpenCircuit, TabulatedOpenCircuit
from eisfv.model.materials import Host
from eisfv.model.monotone import Hermite
from eisfv.model.phase_separation import GradientEnergy
from eisfv.model.shared_excess import shared_excess

from .conductivity import conductivity_curve
from .cubic import Cubic, Curve, Floats, Function, through
from .electron_excess import readable
from .unsupported import UnsupportedError

TABLE_KNOTS = 17
KNOTS_MAX = 128
FLOW = 3e-3  # of the slope of K
LEVEL = 1e-5  # slope of K that no flux is seen of
EMPTIEST = 1e-6  # site fraction
KNOWN_FORMS = "the compact model has analytic and table"


@dataclass(frozen=True)
class HostCurves:
    """The curves of a host; x_max: below it U(x) means something; potential: U(x) in V; excess: E against ln of the
    electrons per site, None where they are ideal."""

    z: int
    background: float
    x_max: float
    zero_charge_x: float
    potential: Function
    affinity: Curve
    flow: Curve
    sigma: Curve
    electrons: Curve
    excess: Cubic | None


def host_curves(host: Host, temperature: float) -> HostCurves:
    """Return the curves that a host's record states. Raises UnsupportedError."""
    z, sites, zero = host.working_ion.charge, host.working_ion.density, float(host.zero_charge_x)
    background = host.fixed_charge / sites
    volt, form = thermal_voltage(temperature), host.open_circuit
    if isinstance(host.phase_separation, GradientEnergy):
        reason = "a boundary between two phases of a host has a place of its own, which no circuit keeps"
        raise UnsupportedError(f'{reason}; take phase_separation = {{ model = "convex" }}')
    if not isinstance(form, AnalyticOpenCircuit | TabulatedOpenCircuit):
        raise UnsupportedError(f"the open-circuit curve of a host is {form.form}; {KNOWN_FORMS}")
    curve = host.curve(temperature)
    nu, carriers = f"({z}*{{x}}+{background:.12g})", z * zero + background
    electrons = Curve(lambda x: log((z * x + background) / carriers), f"ln({nu}/{carriers:.12g})")
    if isinstance(form, AnalyticOpenCircuit) and isinstance(curve, AnalyticCurve):
        potential, affinity, flow = analytic(form, z, background, temperature, zero)
        x_max = 1.0 / z - 1e-4 if form.polarons else 1.0 - 1e-6
    else:
        assert isinstance(curve, Hermite)
        potential, affinity, flow = tabulated(curve, z, zero, electrons)
        x_max = 1.0 - 1e-6
    excess, shared = None, shared_excess(curve, z, background)
    if shared is not None:
        excess = readable(shared, log(z * EMPTIEST + background), log(z * x_max + background))
        inside, level = excess.function(), excess.function()(log(carriers))
        own = Curve(lambda x: inside(log(z * x + background)) - level, f"({excess.text(f'ln({nu})')}-({level:.12g}))")
        electrons, affinity = plus(electrons, own, 1), plus(affinity, own, -z)
    sigma = conductivity_curve(host.conductivity, z, temperature)
    return HostCurves(
        z, background, x_max, zero, lambda x: potential(x) * volt / z, affinity, flow, sigma, electrons, excess
    )


def plus(curve: Curve, other: Curve, times: int) -> Curve:
    """Return a curve plus so many times another one."""
    return Curve(lambda x: curve.value(x) + times * other.value(x), f"({curve.template}+({times})*{other.template})")


def analytic(
    form: AnalyticOpenCircuit, z: int, background: float, temperature: float, zero: float
) -> tuple[Function, Curve, Curve]:
    """Return zFU/RT, M(x) and K(x) of an analytic U(x), all in closed form."""
    volt = thermal_voltage(temperature)
    standard, slope = z * form.standard_at(temperature) / volt, z * (form.slope or 0.0) / volt
    p = 1.0 if form.polarons else 0.0
    # slope x + d/dx [x(1-x) sum A_k (2x-1)^k], and what it adds to K: int x(1-x) d(...)
    sites = Polynomial([0.0, 1.0, -1.0])
    expanded = Polynomial([0.0])
    for energy in reversed(form.redlich_kister or ()):
        expanded = expanded * Polynomial([-1.0, 2.0]) + energy / (GAS_CONSTANT * temperature)
    excess = Polynomial([0.0, slope]) + (sites * expanded).deriv()
    added = (sites * excess.deriv()).integ()

    beyond = horner_function(excess)

    def potential(x: float) -> float:
        polarons = z * log(z * x / (1.0 - z * x)) if p else 0.0
        return standard - log(x / (1.0 - x)) - polarons - beyond(x)

    # K: the site entropy gives x; the polarons z p int (1-x)(1 + zx/(1-zx)) dx = p x - p (z-1)/z ln(1-zx)
    steady = added + Polynomial([0.0, 1.0 + p])
    rest = -p * (z - 1.0) / z
    even = horner_function(steady)
    flow = Curve(
        lambda x: even(x) + (rest * log(1.0 - z * x) if rest else 0.0),
        f"({horner_text(steady)}" + (f"+({rest:.12g})*ln(1-{z}*{{x}}))" if rest else ")"),
    )
    # M: z p ln(gamma/(1-gamma)) - z ln(n/n_zc) + excess, from zero at the composition without a double layer less its
    # own site entropy; gamma and n cancel where there are no donors.
    cancelled = bool(p) and background == 0.0
    carriers = z * zero + background

    def bare(x: float) -> float:
        if cancelled:
            return -z * log(1.0 - z * x)
        polarons = z * log(z * x / (1.0 - z * x)) if p else 0.0
        return polarons - z * log((z * x + background) / carriers)

    level = -log(zero / (1.0 - zero)) - bare(zero) - beyond(zero)
    if cancelled:
        logarithms = f"-{z}*ln(1-{z}*{{x}})"
    else:
        logarithms = f"-{z}*ln(({z}*{{x}}+{background:.12g})/{carriers:.12g})"
        logarithms += f"+{z}*ln({z}*{{x}}/(1-{z}*{{x}}))" if p else ""
    affinity = Curve(lambda x: level + beyond(x) + bare(x), f"({level:.12g}+{horner_text(excess)}{logarithms})")
    return potential, affinity, flow


def horner_function(polynomial: Polynomial) -> Function:
    """Return a polynomial as a function of one number; NumPy's own takes ten times as long for one."""
    falling = polynomial.coef[::-1].tolist()

    def value(x: float) -> float:
        total = 0.0
        for coefficient in falling:
            total = total * x + coefficient
        return total

    return value


def horner_text(polynomial: Polynomial) -> str:
    """Return a polynomial of `{x}` as text."""
    text = ""
    for coefficient in reversed(polynomial.coef):
        text = f"({coefficient:.12g}+{{x}}*{text})" if text else f"({coefficient:.12g})"
    return text


def tabulated(curve: Hermite, z: int, zero: float, electrons: Curve) -> tuple[Function, Curve, Curve]:
    """Return zFU/RT, M(x) and K(x) of a measured curve: C = zFU/RT + y in cubics of y = ln(x/(1-x)).

    M follows from it as it stands; K as cubics in y with dK/dy = x(1-x) (1 - dC/dy).
    """
    knots, (before, after) = curve.knots, curve.beyond
    cubics = through(knots, curve.values + knots, curve.slopes + 1.0, (before + 1.0, after + 1.0))
    inside = cubics.function()

    def potential(x: float) -> float:
        y = log(x / (1.0 - x))
        return inside(y) - y

    level = potential(zero)
    affinity = Curve(
        lambda x: level - inside(log(x / (1.0 - x))) - z * electrons.value(x),
        f"({level:.12g}-{cubics.text('(ln({x}/(1-{x})))')}-{z}*{electrons.template})",
    )
    return potential, affinity, of_logit(flow_of(cubics))


def flow_of(cubics: Cubic) -> Cubic:
    """Return K against y = ln(x/(1-x)) for C(y): intervals halved until the slope is right to `FLOW` between knots."""
    from scipy.interpolate import CubicHermiteSpline  # here: 0.2 s that reading the package does not need

    spline = CubicHermiteSpline(cubics.knots, cubics.values, cubics.slopes)

    def rate(y: Floats) -> Floats:
        x = 1.0 / (1.0 + np.exp(-y))
        before, after = cubics.beyond
        inside = spline(np.clip(y, cubics.knots[0], cubics.knots[-1]), 1)
        slope = np.where(y < cubics.knots[0], before, np.where(y > cubics.knots[-1], after, inside))
        steep: Floats = x * (1.0 - x) * (1.0 - slope)
        return steep

    nodes, weights = np.polynomial.legendre.leggauss(12)
    grid = np.union1d(np.linspace(log(1e-5), 7.0, TABLE_KNOTS), cubics.knots)
    while True:
        low, high = grid[:-1, None], grid[1:, None]
        at = low + 0.5 * (high - low) * (1.0 + nodes)
        steps = 0.5 * np.diff(grid) * (rate(at) @ weights)
        total = np.concatenate([[0.0], np.cumsum(steps)])
        made = CubicHermiteSpline(grid, total, rate(grid))
        wrong = (np.abs(made(at, 1) - rate(at)) > FLOW * (rate(at) + LEVEL)).any(axis=1)
        if not wrong.any() or grid.size > KNOTS_MAX:
            return through(grid, total, rate(grid))
        grid = np.union1d(grid, 0.5 * (grid[:-1] + grid[1:])[wrong])


def of_logit(cubic: Cubic) -> Curve:
    """Return a cubic in ln(x/(1-x)) as a curve of x."""
    inside = cubic.function()
    return Curve(lambda x: inside(log(x / (1.0 - x))), cubic.text("(ln({x}/(1-{x})))"))
