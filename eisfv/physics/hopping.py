"""Field-enhanced hopping (Mott and Gurney): the factor of the mobility in a high field.

    f(w) = sinh(w) / w,   w = z F a E / (2 R T)

    a  hop length (m), E field on the face (V/m); f(0) = 1 recovers linear drift.

The uniform conductor then carries j = (2 z F D c / a) sinh(z F a E / 2 R T). The factor is even in the
field and multiplies the whole flux, so that equilibrium stays where it was.

Source: N. F. Mott, R. W. Gurney, Electronic Processes in Ionic Crystals, Oxford 1948, ch. 2.
"""

from math import cosh, sinh

from numba import njit

# sinh(60)/60 = 1e24: a hop is never this fast; only a poor Newton iterate asks for more.
ARGUMENT_MAX = 60.0


@njit(cache=True, error_model="numpy")
def hopping_factor(w):
    """Return sinh(w)/w and its slope; constant beyond |w| = 60."""
    if abs(w) < 1e-2:
        s = w * w
        return 1.0 + s / 6.0 * (1.0 + s / 20.0), w / 3.0 * (1.0 + s / 10.0 * (1.0 + s / 28.0))
    if abs(w) > ARGUMENT_MAX:
        return sinh(ARGUMENT_MAX) / ARGUMENT_MAX, 0.0
    factor = sinh(w) / w
    return factor, (cosh(w) - factor) / w
