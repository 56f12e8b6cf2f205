"""The excess potential of a host's ion and the mobility of its electrons, a row of cells at a time: the laws of
`eisfv.physics.open_circuit` and `eisfv.physics.conductivity` without a branch or a call, so that they are computed in
vectors.

For the curves that most hosts have: U(x) of a formula without an expansion, none of it shared with the electrons, and a
conductivity that percolates. Other hosts are left to `eisfv.equations.local`.
"""

from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.constants import VACANT_MIN
from eisfv.equations.unknowns import of_species
from eisfv.kernel import kernel
from eisfv.physics import conductivity, open_circuit
from eisfv.physics.bernoulli import EXPONENT_MAX
from eisfv.physics.row_exponential import exp_parts, row_log

# Cells of a row: the rows stay in the nearest cache.
LENGTH = 128
# Where the rows begin in the one array of work. With places that the compiler knows, it sees that no two overlap.
X, FREE, EXCESS, BY_X, SIGMA, SIGMA_BY_X = (LENGTH * k for k in range(6))
ROWS = 6 * LENGTH
# A share that is no number less than what the formulas take.
LEAST = 1e-290


@kernel(inline="always")
def in_rows(curve, sigma):
    """Return whether a host has such curves; rows of its U(x) and of its conductivity."""
    plain = int(curve[0]) == open_circuit.ANALYTIC and curve[5] == 0.0 and not open_circuit.shares_excess(curve)
    return plain and int(sigma[0]) == conductivity.PERCOLATION and sigma[5] == 0.0


@apart(none)
@kernel
def host_row(t, r, first, last, fewest, out):
    """Add the excess potential of the ion and write the mobility of the electrons in the cells first to last, at most
    LENGTH, of the host r; fewest: electrons per site below which their mobility is held."""
    ion, electron, z, background, mobility = t.ion[r], t.electron[0], t.charge[t.ion[r]], t.background[r], t.mobility[r]
    row, per_site, rows = of_species(ion), 1.0 / t.density[r, ion], out.rows
    concentration, frees, potentials, diffusivities = out.concentration, out.free, out.mu, out.diffusivity
    d_concentration, d_mu, d_diffusivity = out.d_concentration, out.d_mu, out.d_diffusivity
    for i in range(last - first):
        rows[X + i] = max(concentration[first + i, ion] * per_site, LEAST)
        rows[FREE + i] = max(frees[first + i, ion], LEAST)
    excess_row(t.curve[r], float(z), background, rows, last - first)
    sigma_row(t.sigma[r], float(z), rows, last - first)
    for i in range(last - first):
        c = first + i
        slope_x, sigma, carriers = (
            d_concentration[c, ion, row] * per_site,
            rows[SIGMA + i],
            z * rows[X + i] + background,
        )
        potentials[c, ion] += rows[EXCESS + i]
        d_mu[c, ion, row] = rows[BY_X + i] * slope_x
        per_carrier = 1.0 / max(carriers, fewest)
        diffusivity = mobility * sigma * per_carrier
        by_carriers = diffusivity if carriers > fewest else 0.0
        diffusivities[c, electron] = diffusivity
        d_diffusivity[c, electron, row] = (mobility * rows[SIGMA_BY_X + i] - by_carriers * z) * per_carrier * slope_x


@kernel(inline="always")
def excess_row(curve, z, background, rows, count):
    """Write mu_ex + z ln(density/n_ref) and its slope against x."""
    standard, interaction, polarons = curve[3], curve[4], curve[2] > 0.5
    # Ions of one charge take every site: nothing is held.
    held = VACANT_MIN if z > 1.0 else 0.0
    for i in range(count):
        x = rows[X + i]
        gamma = z * x
        electrons = gamma + background
        vacant = rows[FREE + i] - (z - 1.0) * x
        least = held if vacant < held else vacant
        inside = row_log(least if polarons else electrons)
        inside = inside + (vacant - least) / VACANT_MIN if polarons else inside
        apart = row_log(1.0 + background / gamma) if polarons else 0.0
        rows[EXCESS + i] = interaction * x - standard - z * (inside + apart)
        by_ln = -z / least - (z * background / gamma) / electrons if polarons else z / electrons
        rows[BY_X + i] = interaction - z * by_ln


@kernel(inline="always")
def sigma_row(sigma, z, rows, count):
    """Write the conductivity and its slope against x."""
    empty, far, threshold, sharpness = sigma[1], sigma[2], sigma[3], sigma[4]
    for i in range(count):
        gamma = z * rows[X + i]
        exponent = sharpness * row_log(gamma / threshold)
        exponent = EXPONENT_MAX if exponent > EXPONENT_MAX else exponent
        exponent = -EXPONENT_MAX if exponent < -EXPONENT_MAX else exponent
        scale, p = exp_parts(exponent)
        power = scale + scale * p
        share = power / (1.0 + power)
        rows[SIGMA + i] = empty + far * gamma * share
        rows[SIGMA_BY_X + i] = z * far * share * (1.0 + sharpness / (1.0 + power))
