"""The open-circuit curve U(x) of a host and the excess potential of its ion that follows from it.

    U(x) = U0 - (RT/zF) [ln(x/(1-x)) + z p ln(gamma/(1-gamma))] - g x - (1/zF) d/dx [x(1-x) sum A_k (2x-1)^k]

    x      occupied fraction of the ion's sites; gamma = z x electrons per site       -
    p      1: the electrons are polarons on the metal sites, 0: they follow the ion   -
    U      against M/Mz+                                                              V

A neutral host holds n(x) = n_background + z c electrons, dilute with the chemical potential ln(n/n_ref). Its neutral
atom has the potential -z F U(x), which the ion and its z electrons must make up between them:

    mu_ex(x) = -z F U(x)/RT - ln(x/(1-x)) - z [ln(n(x)/n_ref) + E]

(E = 0 unless U(x) is flatter than ideal electrons allow, see `eisfv.model.shared_excess`), so that ion + z electrons
reproduce U(x) at every composition, whatever the form of U. The kernels use the REMAINDER
rest(x) = -zFU/RT - ln(x/(1-x)), in which the site entropy has cancelled before any rounding.

Sources: M. Z. Bazant, Acc. Chem. Res. 46 (2013) 1144 (potential of a host from its excess energy); O. Redlich, A. T.
Kister, Ind. Eng. Chem. 40 (1948) 345 (the expansion).
"""

from math import log, sqrt

import numpy as np
from numba.core.types import UniTuple, float64
from numpy.typing import NDArray

from eisfv.compiled_apart import apart
from eisfv.constants import VACANT_MIN
from eisfv.kernel import kernel
from eisfv.physics.cubic import HEAD, cubic

ANALYTIC, TABLE = 0, 1
SHARED = 2  # the fixed head of every row: kind, where the cubic of E begins, 0 without one
TERMS = 6  # that of an analytic row goes on: polarons, zF U0/RT, zF g/RT, number of Redlich-Kister terms


@kernel(inline="always")
def log_vacant(z, x, free):
    """Return ln(1 - z x) and its slope against x; free = 1 - x, given apart so that no digit is lost near a full
    host.
    """
    vacant = free - (z - 1) * x
    if z > 1 and vacant < VACANT_MIN:
        return log(VACANT_MIN) + (vacant - VACANT_MIN) / VACANT_MIN, -z / VACANT_MIN
    return log(vacant), -z / vacant


@apart(UniTuple(float64, 2))
@kernel
def redlich_kister(terms, x):
    """Return d/dx [x(1-x) sum A_k (2x-1)^k] and its slope."""
    u = 2.0 * x - 1.0
    value = 0.0
    slope = 0.0
    for k in range(terms.size):
        down1 = u ** (k - 1) if k >= 1 else 0.0
        down2 = u ** (k - 2) if k >= 2 else 0.0
        # x(1-x) = (1-u^2)/4, d/dx = 2 d/du
        value += terms[k] * 0.5 * (k * down1 - (k + 2) * u ** (k + 1))
        slope += terms[k] * (k * (k - 1) * down2 - (k + 2) * (k + 1) * u**k)
    return value, slope


@kernel(inline="always")
def shares_excess(row):
    """Return whether the electrons of a host take a part of its excess potential."""
    return row[1] > 0.0


@apart(UniTuple(float64, 2))
@kernel
def electron_excess(row, ln_nu):
    """Return E(ln nu) of the electrons over RT and its slope; zero where they are ideal."""
    if not shares_excess(row):
        return 0.0, 0.0
    return cubic(row[int(row[1]) :], ln_nu)


@apart(float64)
@kernel
def log_of_level(row, level):
    """Return the ln nu at which ln nu + E is a level (RT): E is a parabola between two knots, and the root is exact."""
    curve = row[int(row[1]) :]
    count = int(curve[0])
    knots, powers = curve[HEAD : HEAD + count], curve[HEAD + count :]
    lo, hi = 0, count - 2
    while lo < hi:
        mid = (lo + hi + 1) // 2
        if knots[mid] + powers[4 * mid + 3] <= level:
            lo = mid
        else:
            hi = mid - 1
    above = level - knots[lo] - powers[4 * lo + 3]
    if above < 0.0:
        return knots[lo] + above / (1.0 + curve[1])
    bend, ease = powers[4 * lo + 1], 1.0 + powers[4 * lo + 2]
    step = 2.0 * above / (ease + sqrt(max(ease * ease + 4.0 * bend * above, 0.0)))
    width = knots[lo + 1] - knots[lo]
    if step <= width:
        return knots[lo] + step
    return knots[lo + 1] + (above - (bend * width + ease) * width) / (1.0 + curve[2])


@apart(UniTuple(float64, 2))
@kernel
def excess_of_host(row, z, x, free, y, background):
    """Return mu_ex + z ln(density/n_ref), over RT, of the ion of a host and its slope against x.

    free        1 - x
    row         of `analytic_row` or `table_row`
    background  electrons of the empty host per metal site
    """
    gamma = z * x
    if int(row[0]) == TABLE:
        rest, slope_y = cubic(row[SHARED:], y)
        electrons, more = electron_excess(row, log(gamma + background))
        value = -rest - z * (log(gamma + background) + electrons)
        return value, -slope_y / (x * free) - z * z * (1.0 + more) / (gamma + background)
    if int(row[0]) != ANALYTIC:
        raise ValueError("an open-circuit curve of an unknown kind")
    polarons = row[2]
    value = -row[3] + row[4] * x
    slope = row[4]
    if row[5] > 0.0:
        interaction, interaction_slope = redlich_kister(row[TERMS : TERMS + int(row[5])], x)
        value += interaction
        slope += interaction_slope
    # z p ln(gamma/(1-gamma)) - z ln(gamma + b), the logarithms of gamma taken together
    if polarons > 0.5:
        vacant, vacant_slope = log_vacant(z, x, free)
        value -= z * (vacant + log(1.0 + background / gamma))
        slope -= z * (vacant_slope - z * background / (gamma * (gamma + background)))
    else:
        value -= z * log(gamma + background)
        slope -= z * z / (gamma + background)
    if shares_excess(row):
        electrons, more = electron_excess(row, log(gamma + background))
        value -= z * electrons
        slope -= z * z * more / (gamma + background)
    return value, slope


def analytic_row(
    standard: float,
    polarons: bool,
    slope: float,
    terms: tuple[float, ...],
    z: int,
    thermal_voltage: float,
    shared: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return the numbers of an analytic U(x); standard and slope in V, Redlich-Kister terms in RT; `shared` the cubic
    of E against ln nu."""
    numbers = [float(polarons), z * standard / thermal_voltage, z * slope / thermal_voltage, float(len(terms)), *terms]
    return _row(ANALYTIC, np.array(numbers), shared)


def table_row(curve: NDArray[np.float64], shared: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Return the numbers of a measured U(x), from cubics of zF U/RT + y against y = ln(x/(1-x)) and of E against
    ln nu."""
    return _row(TABLE, curve, shared)


def _row(kind: int, own: NDArray[np.float64], shared: NDArray[np.float64] | None) -> NDArray[np.float64]:
    begin = 0.0 if shared is None else float(SHARED + len(own))
    return np.concatenate([[float(kind), begin], own, [] if shared is None else shared])


@kernel
def open_circuit(row, z, x):
    """Return zF U(x)/RT of a host."""
    y = log(x / (1.0 - x))
    if int(row[0]) == TABLE:
        return cubic(row[SHARED:], y)[0] - y
    if int(row[0]) != ANALYTIC:
        raise ValueError("an open-circuit curve of an unknown kind")
    value = row[3] - y - row[4] * x
    if row[2] > 0.5:
        value -= z * (log(z * x) - log_vacant(z, x, 1.0 - x)[0])
    if row[5] > 0.0:
        value -= redlich_kister(row[TERMS : TERMS + int(row[5])], x)[0]
    return value
