"""What a host's measured curves say to a circuit: functions of the site fraction x, as numbers and as text.

    affinity  M(x) = (zF/RT)(U_zc - U(x)) - z ln(n/n_zc) - ln(x/(1-x))      excess of the ion over its site entropy
    electrons E(x) = ln(n/n_zc),  n = z x + background                        -
    flow      K(x) = int x(1-x) (zF/RT)(-dU/dx) dx                           flux of the neutral host = D c_s dK/dy
    sigma     electronic conductivity                                        S/m

U_zc and n_zc belong to `zero_charge_x`, where host and electrolyte touch without a double layer. The flow needs no
mean values: with electrons at hand, N = -D c (1-x) d(mu)/dy with mu = -zFU/RT is exactly -D c_s dK/dy (Kirchhoff's
transform), so that two lumps exchange D c_s (K_1 - K_2)/h however far apart they are.

The forms are those of a case: U analytic or a monotone cubic against ln(x/(1-x)); sigma by percolation or a monotone
cubic of its logarithm against gamma = z x.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np
from numpy.polynomial import Polynomial

from eisfv.constants import GAS_CONSTANT, thermal_voltage
from eisfv.model.host_curves import AnalyticOpenCircuit, TabulatedOpenCircuit
from eisfv.model.materials import Host
from eisfv.model.shared_excess import shared_excess

from .conductivity import conductivity_curve
from .cubic import Cubic, Curve, Function, through
from .unsupported import UnsupportedError

TABLE_KNOTS = 33
KNOWN_FORMS = "the compact model has analytic and table"


@dataclass(frozen=True)
class HostCurves:
    """The curves of a host; x_max: below it U(x) means something; potential: U(x) in V; carriers: electrons per site
    at zero_charge_x."""

    z: int
    background: float
    x_max: float
    zero_charge_x: float
    potential: Function
    affinity: Curve
    flow: Curve
    sigma: Curve
    carriers: float

    def electrons(self, x: float) -> float:
        """Return ln(n/n_zc)."""
        return log((self.z * x + self.background) / self.carriers)

    def electrons_text(self, x: str) -> str:
        """Return ln(n/n_zc) as text."""
        return f"ln(({self.z}*{x}+{self.background:.12g})/{self.carriers:.12g})"


def host_curves(host: Host, temperature: float) -> HostCurves:
    """Return the curves that a host's record states. Raises UnsupportedError."""
    z, sites, zero = host.working_ion.charge, host.working_ion.density, float(host.zero_charge_x)
    background = host.fixed_charge / sites
    volt, carriers = thermal_voltage(temperature), z * zero + background
    if shared_excess(host.open_circuit.curve(z, temperature), z, background) is not None:
        reason = "a host's U(x) is flatter than ideal electrons allow (a plateau, a level end, no polarons)"
        raise UnsupportedError(f"{reason}; the double layers of the compact model have ideal ones")
    match host.open_circuit:
        case AnalyticOpenCircuit() as form:
            potential, affinity, flow = analytic(form, z, background, temperature, zero)
            x_max = 1.0 / z - 1e-4 if form.polarons else 1.0 - 1e-6
        case TabulatedOpenCircuit() as form:
            potential, affinity, flow = tabulated(form, z, background, temperature, zero)
            x_max = 1.0 - 1e-6
        case form:
            raise UnsupportedError(f"the open-circuit curve of a host is {form.form}; {KNOWN_FORMS}")
    sigma = conductivity_curve(host.conductivity, z, temperature)
    return HostCurves(z, background, x_max, zero, lambda x: potential(x) * volt / z, affinity, flow, sigma, carriers)


def analytic(
    form: AnalyticOpenCircuit, z: int, background: float, temperature: float, zero: float
) -> tuple[Function, Curve, Curve]:
    """Return zFU/RT, M(x) and K(x) of an analytic U(x), all in closed form."""
    volt = thermal_voltage(temperature)
    standard, slope = z * form.standard / volt, z * (form.slope or 0.0) / volt
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


def tabulated(
    form: TabulatedOpenCircuit, z: int, background: float, temperature: float, zero: float
) -> tuple[Function, Curve, Curve]:
    """Return zFU/RT, M(x) and K(x) of a measured curve: C = zFU/RT + y in cubics of y = ln(x/(1-x)).

    M follows from it as it stands; K as cubics in y with dK/dy = x(1-x) (1 - dC/dy).
    """
    curve = form.curve(z, temperature)
    knots, (before, after) = curve.knots, curve.beyond
    cubics = through(knots, curve.values + knots, curve.slopes + 1.0, (before + 1.0, after + 1.0))
    inside, carriers = cubics.function(), z * zero + background

    def potential(x: float) -> float:
        y = log(x / (1.0 - x))
        return inside(y) - y

    level = potential(zero)
    affinity = Curve(
        lambda x: level - inside(log(x / (1.0 - x))) - z * log((z * x + background) / carriers),
        f"({level:.12g}-{cubics.text('(ln({x}/(1-{x})))')}-{z}*ln(({z}*{{x}}+{background:.12g})/{carriers:.12g}))",
    )
    grid = np.union1d(np.linspace(log(1e-5), 7.0, TABLE_KNOTS), knots)
    fine = np.unique(np.concatenate([np.linspace(a, b, 65) for a, b in pairwise(grid)]))
    x = 1.0 / (1.0 + np.exp(-fine))
    slope = np.gradient([inside(float(v)) for v in fine], fine, edge_order=2)
    rate = x * (1.0 - x) * (1.0 - slope)
    total = np.concatenate([[0.0], np.cumsum(0.5 * (rate[1:] + rate[:-1]) * np.diff(fine))])
    at = np.searchsorted(fine, grid)
    return potential, affinity, of_logit(through(grid, total[at], rate[at]))


def of_logit(cubic: Cubic) -> Curve:
    """Return a cubic in ln(x/(1-x)) as a curve of x."""
    inside = cubic.function()
    return Curve(lambda x: inside(log(x / (1.0 - x))), cubic.text("(ln({x}/(1-{x})))"))
