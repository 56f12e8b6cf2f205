"""The excess of a host's electrons (`eisfv.model.shared_excess`) as a curve that circuit simulators can read.

    g(nu) = ln nu + E(ln nu)      level of the electrons over RT, less constants; nu electrons per site

g grows with nu: the solver's E has slopes of at least E_MIN - 1. The solver follows some thousand cubics; here a
circuit's text has few, halved where they leave E by more than `APART` or turn g by more than a factor `TURNED`.
"""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from eisfv.model.monotone import Hermite

from .cubic import Cubic, Floats, through

if TYPE_CHECKING:
    from scipy.interpolate import CubicHermiteSpline

APART = 2e-3  # of RT; the cubics of U(x) are no better known
TURNED = 2.0
PIECES_MAX = 128
EXPONENT = 300.0  # beyond any layer that is stable
FINE = 20_001


def readable(shared: Hermite, low: float, high: float) -> Cubic:
    """Return E against ln nu between two values of ln nu, straight beyond."""
    from scipy.interpolate import CubicHermiteSpline  # here: 0.2 s that reading the package does not need

    exact = CubicHermiteSpline(shared.knots, shared.values, shared.slopes, extrapolate=False)
    low, high = max(low, float(shared.knots[0])), min(high, float(shared.knots[-1]))
    knots = np.linspace(low, high, 3)
    while knots.size <= PIECES_MAX:
        rough = CubicHermiteSpline(knots, exact(knots), exact(knots, 1))
        split = [0.5 * (a + b) for a, b in pairwise(knots) if astray(exact, rough, np.linspace(a, b, 18)[1:-1])]
        if not split:
            break
        knots = np.union1d(knots, split)
    return through(knots, exact(knots), exact(knots, 1))


def astray(exact: "CubicHermiteSpline", rough: "CubicHermiteSpline", at: Floats) -> bool:
    """Return whether a rough curve misses the exact one between two of its knots."""
    stiffness, wanted = 1.0 + rough(at, 1), 1.0 + exact(at, 1)
    far = np.abs(rough(at) - exact(at)) > APART
    return bool((far | (stiffness < wanted / TURNED) | (stiffness > wanted * TURNED)).any())


def rise(excess: Cubic | None, nu: float) -> float:
    """Return dg/dln nu at nu."""
    if excess is None:
        return 1.0
    inside, step = excess.function(), 1e-5
    return 1.0 + (inside(np.log(nu) + step) - inside(np.log(nu) - step)) / (2.0 * step)


def density(excess: Cubic | None, nu: float, phi: Floats) -> Floats:
    """Return the electrons per site where their level is phi (RT) above that of nu electrons per site."""
    if excess is None:
        ln_nu = np.log(nu) + np.clip(phi, -EXPONENT, EXPONENT)
    else:
        inside = excess.function()
        inner = np.linspace(excess.knots[0], excess.knots[-1], FINE)
        course = np.concatenate([[inner[0] - EXPONENT], inner, [inner[-1] + EXPONENT]])
        levels = course + np.array([inside(float(v)) for v in course])
        ln_nu = np.interp(phi + np.log(nu) + inside(float(np.log(nu))), levels, course)
    found: Floats = np.exp(ln_nu)
    return found
