"""The gradient energy of a host that falls apart into two phases: one more unknown of each of its cells.

    w = -kappa lap x,   mu_ion = y + mu_ex(x) + w                                                    RT
    0 = V c w + sum over faces of kappa c (A/h) (x_far - x) - A gamma_s'(x)/RT                       mol

    x      occupied fraction of the sites c (mol/m3); V volume, A area, h distance
    kappa  gradient coefficient                                                                      m2
    gamma_s = -g x^2 (3 - 2x)  energy of a wall, level where the host is empty and where it is full  J/m2

The row is the derivative of sum V c f + sum over inner faces of (kappa c/2) (A/h) (x_far - x)^2 + sum over walls of
A gamma_s/RT against x: what ions and electrons do lowers that energy, whatever the mesh. It holds at every instant; it
is written as if w flowed through the faces, so that its slopes stand where those of flows do. At a surface node, which
has no volume, it fixes x, and the ion's balance fixes w.

Sources: J. W. Cahn, J. E. Hilliard, J. Chem. Phys. 28 (1958) 258; J. W. Cahn, J. Chem. Phys. 66 (1977) 3667.
"""

from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.equations.bulk_faces import add_flow, add_slope
from eisfv.equations.unknowns import of_species
from eisfv.kernel import kernel


@apart(none)
@kernel
def add_gradient(t, u, dh, slopes, a):
    """Fill the row of w in every cell of a host with gradient energy."""
    row = of_species(t.charge.size)
    law, transport, storage = a.local, a.slopes.transport, a.slopes.storage
    for i in range(t.region.size):
        r = t.region[i]
        if t.gradient[r] == 0.0:
            continue
        s = t.ion[r]
        x = law.concentration[i, s] / t.density[r, s]
        held = t.volume[i] * t.density[r, s]
        a.residual[i, row] = dh * (held * u[i, row] + 6.0 * t.wetting[i] * x * law.unfilled[i, s])
        if slopes:
            storage[i, row, row] = 0.0
            transport.diagonal[i, row, row] += held
            slope = 6.0 * t.wetting[i] * (1.0 - 2.0 * x) / t.density[r, s]
            transport.diagonal[i, row, of_species(s)] += slope * law.d_concentration[i, s, of_species(s)]
    for f in range(a.part.first_face, a.part.last_face):
        left, right = t.left[f], t.right[f]
        r = t.region[left]
        if t.interface[f] >= 0 or t.gradient[r] == 0.0:
            continue
        s = t.ion[r]
        ease = t.gradient[r] * t.aspect[f]
        rise = law.concentration[right, s] - law.concentration[left, s]
        if max(law.unfilled[left, s], law.unfilled[right, s]) < 0.5:  # nearly full, what is free keeps its digits
            rise = t.density[r, s] * (law.unfilled[left, s] - law.unfilled[right, s])
        add_flow(a.flow, a.residual, f, left, right, row, ease * rise, dh)
        if slopes:
            y = of_species(s)
            by_left, by_right = law.d_concentration[left, s, y], law.d_concentration[right, s, y]
            add_slope(transport, f, row, y, -ease * by_left, ease * by_right)
