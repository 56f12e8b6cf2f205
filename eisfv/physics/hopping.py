"""Field-enhanced hopping (Mott and Gurney): the factor of the mobility in a high field.

    f(w) = s / sqrt(1 + (s/f_max)^2),   s = sinh(w) / w,   w = z F a (E - E_th) / (2 R T),   f_max = a^2 nu / D

    a   hop length (m), E field on the face (V/m), nu attempt frequency (1/s), D low-field diffusivity (m2/s)
    E_th  threshold field (V/m), 0 without one: below it w = 0, the mobility is that of a low field

f(0) = 1 recovers linear drift. Below f_max the uniform conductor carries j = (2 z F D c / a) sinh(z F a E / 2 R T);
f_max is where the field has pulled the barrier down, so that an ion hops at every attempt. The factor is even in the
field and multiplies the whole flux, so that equilibrium stays where it was.

Source: N. F. Mott, R. W. Gurney, Electronic Processes in Ionic Crystals, Oxford 1948, ch. 2. The bound follows from
D = a^2 nu e^{-W/kT} with W = 0; the way the two are joined is ours. So is the threshold, beyond which the current
grows as sinh(z F a (E - E_th)/2RT): f and its slope are continuous there.
"""

from math import cosh, sinh, sqrt

from eisfv.kernel import kernel

ATTEMPT_FREQUENCY = 1e13  # 1/s, a phonon of an oxide
# 60 is 3 V over a hop, beyond any breakdown; sinh goes on along its tangent.
ARGUMENT_MAX = 60.0


@kernel
def hopping_factor(w, largest, threshold):
    """Return f and its slope against w of the whole field; largest = f_max, threshold: w at E_th, not negative."""
    if threshold > 0.0:
        w = w - threshold if w > threshold else min(w + threshold, 0.0)
    if abs(w) < 1e-2:
        s = w * w
        factor, slope = 1.0 + s / 6.0 * (1.0 + s / 20.0), w / 3.0 * (1.0 + s / 10.0 * (1.0 + s / 28.0))
    else:
        inside = min(max(w, -ARGUMENT_MAX), ARGUMENT_MAX)
        factor = sinh(inside) / inside
        slope = (cosh(inside) - factor) / inside
        factor += slope * (w - inside)
    ratio = factor / largest
    damping = 1.0 / sqrt(1.0 + ratio * ratio)
    return factor * damping, slope * damping * damping * damping
