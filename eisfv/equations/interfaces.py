"""The compact layer's field and the transfer of each species between the surface nodes of every interface.

A continuous species has the same level on both sides: it crosses a film far thinner than the half cells beside it.

    stored      N = k [B(d) theta_l v_r - B(-d) theta_r v_l],    d = mu_r - mu_l + z (phi_r - phi_l)
    electrons   N = k (eta_l - eta_r)

    N      flow from left (l) to right (r)                                                           mol/s
    k      D c_ref A / delta, the larger of both sides, delta the film's thickness; of electrons their
           conductance, the smaller of both sides                                                   mol/s
    theta  c / c_ref, v free share of the sites                                                      -
    eta    electrochemical potential                                                                 RT

The first conducts k max(1, |d|) min(theta_l v_r, theta_r v_l) per RT near level, so that what is there NOW carries: the
level falls by delta/h of what it falls by in the half cell h behind, however empty a region began.
"""

from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.equations.bulk_faces import add_displacement, add_flow, add_slope
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.kernel import kernel
from eisfv.physics.exchange_flux import exchange_flux
from eisfv.physics.statistics import stores
from eisfv.physics.transfer import BLOCKING, CONTINUOUS, transfer


@apart(none)
@kernel
def add_interface_faces(t, u, dh, slopes, a):
    """Add the flows across every interface face; with their slopes when asked."""
    count = t.charge.size
    law = a.local
    transport = a.slopes.transport
    for f in range(a.part.first_face, a.part.last_face):
        j = t.interface[f]
        if j < 0:
            continue
        left, right = t.left[f], t.right[f]
        near, far = t.region[left], t.region[right]
        drop = u[right, POTENTIAL] - u[left, POTENTIAL]
        a.slopes.displacement[f] = t.compact_layer[j]
        add_displacement(a.flow, a.residual, f, left, right, t.compact_layer[j] * drop)
        for s in range(count):
            kind = int(t.transfer[j, s, 0])
            if kind == BLOCKING:
                continue
            stored = s != t.electron[0] and s != t.hole[0] and stores(t.kind[near, s]) and stores(t.kind[far, s])
            z = t.charge[s]
            row = of_species(s)
            rate = t.transfer_rate[j, s]
            affinity = law.mu[left, s] - law.mu[right, s] - z * drop
            if kind == CONTINUOUS and stored:
                flux, by_tl, by_fl, by_tr, by_fr, by_d = exchange_flux(
                    law.concentration[left, s] / t.density[near, s],
                    law.free[left, s],
                    law.concentration[right, s] / t.density[far, s],
                    law.free[right, s],
                    -affinity,
                )
                by_a = -by_d
            elif kind == CONTINUOUS:
                flux, by_a = u[left, row] - u[right, row], 0.0
                by_tl, by_fl, by_tr, by_fr = 0.0, 0.0, 0.0, 0.0
                if t.follow[near, row] == 0.0:
                    flux, by_a = flux + affinity, 1.0
                if slopes:
                    add_slope(transport, f, row, row, rate, -rate)
            else:
                flux, by_tl, by_fl, by_tr, by_fr, by_a = transfer(
                    t.transfer[j, s],
                    law.concentration[left, s] / t.density[near, s],
                    law.free[left, s],
                    law.concentration[right, s] / t.density[far, s],
                    law.free[right, s],
                    affinity,
                )
            add_flow(a.flow, a.residual, f, left, right, row, rate * flux, dh)
            if not slopes:
                continue
            add_slope(transport, f, row, POTENTIAL, rate * by_a * z, -rate * by_a * z)
            for q in range(t.follow.shape[1]):
                by_left = by_tl / t.density[near, s] * law.d_concentration[left, s, q]
                by_left += by_fl * law.d_free[left, s, q] + by_a * law.d_mu[left, s, q]
                by_right = by_tr / t.density[far, s] * law.d_concentration[right, s, q]
                by_right += by_fr * law.d_free[right, s, q] - by_a * law.d_mu[right, s, q]
                add_slope(transport, f, row, q, rate * by_left, rate * by_right)
