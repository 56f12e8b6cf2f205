"""The measured curves of a host as rows for the kernels, and the potentials that tie its ion and its electrons to
U(x).
"""

from math import exp, log

import numpy as np

from eisfv.constants import GAS_CONSTANT, thermal_voltage
from eisfv.device.tables import Floats
from eisfv.model.arrhenius import arrhenius
from eisfv.model.diffusion import ConstantDiffusion, TabulatedDiffusion, logarithmic
from eisfv.model.host_curves import AnalyticCurve, AnalyticOpenCircuit, PercolationConductivity
from eisfv.model.materials import Host
from eisfv.model.monotone import Hermite
from eisfv.model.shared_excess import shared_excess
from eisfv.physics import conductivity, open_circuit
from eisfv.physics.cubic import cubic, cubic_row

TRACER = ConstantDiffusion("tracer")


def host_curve(host: Host, z: int, temperature: float) -> Floats:
    """Return the row of U(x) for `eisfv.physics.open_circuit`."""
    form, curve = host.open_circuit, host.curve(temperature)
    excess = shared_excess(curve, z, host.fixed_charge / host.working_ion.density)
    shared = None if excess is None else cubic_row(excess.knots, excess.values, excess.slopes, excess.beyond)
    if isinstance(form, AnalyticOpenCircuit) and isinstance(curve, AnalyticCurve):
        terms = tuple(a / (GAS_CONSTANT * temperature) for a in form.redlich_kister or ())
        standard, slope = form.standard_at(temperature), float(form.slope or 0.0)
        volt = thermal_voltage(temperature)
        return open_circuit.analytic_row(standard, form.polarons, slope, terms, z, volt, shared)
    # The kernels read zF U/RT + y, in which the site entropy has cancelled: the same cubics, y added to each.
    assert isinstance(curve, Hermite)
    before, after = curve.beyond
    row = cubic_row(curve.knots, curve.values + curve.knots, curve.slopes + 1.0, (before + 1.0, after + 1.0))
    return open_circuit.table_row(row, shared)


def host_sigma(host: Host, temperature: float) -> Floats:
    """Return the row of sigma(gamma) for `eisfv.physics.conductivity`."""
    form = host.conductivity
    if isinstance(form, PercolationConductivity):
        scale = arrhenius(form.activation_energy, temperature)
        head = [float(conductivity.PERCOLATION), scale * form.background, scale * form.slope]
        hopping, power = form.hop
        return np.array([*head, form.threshold, form.exponent, scale * hopping, power])
    curve = form.curve(temperature)
    row = cubic_row(curve.knots, curve.values, curve.slopes, curve.beyond)
    return np.concatenate([[float(conductivity.TABLE)], row])


def host_diffusion(host: Host, temperature: float) -> Floats:
    """Return the row of the cubic of ln D (m2/s) of the ion against y = ln(x/(1-x)), a single zero where D is
    constant; ValueError where there is no D at all."""
    own = host.working_ion.diffusivity_at(temperature)
    if isinstance(host.diffusion, TabulatedDiffusion) != (own is None):
        both = "both give" if own is not None else "neither gives"
        raise ValueError(f"material {host.name}: the species {host.ion} and a table of diffusion {both} a diffusivity")
    if host.diffusion is None or host.diffusion == TRACER:
        return np.zeros(1)
    curve = host.curve(temperature)
    found = logarithmic(host.diffusion, curve, own or 1.0, temperature)
    return cubic_row(found.knots, found.values, found.slopes, found.beyond)


def ion_diffusivity(host: Host, x: float, temperature: float) -> float:
    """Return D (m2/s) of the ion at a site fraction."""
    row = host_diffusion(host, temperature)
    if row[0] == 0.0:
        return float(host.working_ion.diffusivity_at(temperature) or 0.0)
    return exp(cubic(row, log(x / (1.0 - x)))[0])


def standard_potentials(
    curve: Floats, z: int, sites: float, electron_density: float, host: Host
) -> tuple[float, float]:
    """Return mu0 (RT) of the ion and of the electrons of a host.

    The electrons' makes the host and an electrolyte touch without a double layer at `zero_charge_x`; the ion's then
    follows, so that ion + z electrons = -zFU(x)/RT (see `eisfv.physics.open_circuit`).
    """
    x = float(host.zero_charge_x)
    electrons = host.fixed_charge + z * x * sites
    excess, _ = open_circuit.electron_excess(curve, log(electrons / sites))
    electron_mu0 = -open_circuit.open_circuit(curve, z, x) / z - log(electrons / electron_density) - excess
    return -z * (log(sites / electron_density) + electron_mu0), electron_mu0
