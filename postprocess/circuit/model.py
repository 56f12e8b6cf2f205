"""The compact model: what a stack host | electrolyte | host, or contact | electrolyte | host, is to a circuit.

y from gate to channel, V = gate minus channel, currents positive from gate to channel; per area in A/m2, C/m2, V.

States: V_ab over the electrolyte; q_g, q_c what the layers beside the interfaces hold (charge of the host's or metal's
side, less the electrolyte's displacement D = eps V_ab/L); X_k the filling of lumps of a host, k = 1 at the interface.

    V            = W(s_g, q_g, x_g) + V_ab - W(-s_c, -q_c, x_c),   s = q + D
    W(s, q, x)   = U_zc - (RT/F) ln(n(x)/n_zc) + s/C_S + psi_h(s) + psi_e(q, D)     metal minus bulk of electrolyte
    C_geo V_ab'  = i - i_el,  q_g' = i_el - i_g,  q_c' = i_el - i_c                 i of the ions' path
    i_el         = G V_h sinh(V_ab/V_h),  V_h = 2 RT L/(z F a);  ohmic without a hop length a
    G            = (F^2/RT L) sum z^2 D c (1 - theta): a hop needs a free site; dilute ions: theta = 0
    i_g, -i_c    = R(s, q, x): ions released by a host
    R            = zF k0 [theta_h v_e e^{alpha a} - theta_e v_h e^{-(1-alpha) a}]    theta occupied, v free shares
    a            = (zF/RT)(s/C_S + psi_h) + M(x) - l_h(s) + ln(theta_e0/v_e0)       at the two reaction planes
    zF c_s h_k X_k' = currents in less out, between lumps zF D c_s [K(X_k) - K(X_k+1)]/h
    x            = X_1 less the layer's own ions
    G_channel    = (w/l) [sum h_k sigma(X_k) + sigma(x) (excess length of the layer)]
    I            = A i + V/R_e,  V_source = V + I R_s

The interface's rate is Butler-Volmer at the planes themselves, so that at rest V = U_gate - U_channel whatever the
rates, and the surface composition of the electrolyte counts: theta_e by Boltzmann from psi_e, and where ions are pushed
against the interface by the field in the bulk, with the pressure D q/eps on top. The layers are those of a steady
current: right where it changes more slowly than ions need to cross a layer, some milliseconds in a film under 6 V. For
a pulse that ends before, `ladder` keeps the film in sections. Layers and curves: `layers`, `driven_layer`, `curves`.
"""

from dataclasses import dataclass, fields, replace
from itertools import pairwise

from eisfv.constants import FARADAY, thermal_voltage

from .cubic import Cubic
from .layers import HostLayer, electrolyte_layer, host_layer
from .stack import Host, InterfaceKinetics, Metal, Stack

LUMPS = (0.08, 0.2, 0.32, 0.4)  # shares of a host's thickness, from the interface
EDGE = 1e-6  # share of a stretch of the drive that an edge may take
FREE_RATE = 1e3  # a free interface resists this many times less than the electrolyte


@dataclass(frozen=True)
class Factors:
    """What a fit multiplies the case's values with; 1: as the case says."""

    exchange_gate: float = 1.0
    exchange_channel: float = 1.0
    stern: float = 1.0
    conductivity: float = 1.0
    hop: float = 1.0
    leak: float = 1.0
    diffusivity: float = 1.0
    sigma: float = 1.0

    def times(self, name: str, factor: float) -> "Factors":
        """Return these with one multiplied."""
        return replace(self, **{name: getattr(self, name) * factor})


FACTORS = tuple(f.name for f in fields(Factors))


@dataclass(frozen=True)
class Side:
    """One interface with what lies beyond it, per area, the charge of the host's side counted.

    host, layer      None for a contact of fixed activity
    zero             potential (V) of the metal against the electrolyte without charge and excess electrons
    rate             zF k0, A/m2
    alpha            transfer coefficient of the release
    stern            ohm-like inverse of the compact layer, m2/F; 0: none
    lumps, distances thickness of the lumps and between their centres, m
    capacity         z F c_s, C/m3 of filled sites
    """

    host: Host | None
    layer: HostLayer | None
    zero: float
    rate: float
    alpha: float
    stern: float
    lumps: tuple[float, ...] = ()
    distances: tuple[float, ...] = ()
    capacity: float = 0.0


@dataclass(frozen=True)
class Ladder:
    """sections: of the film, m, from the gate; places: distances between the interfaces and their centres, m, one more
    than sections; metal: conductivity of the channel's electrons across it, S/m."""

    sections: tuple[float, ...]
    places: tuple[float, ...]
    metal: float


@dataclass(frozen=True)
class CompactModel:
    """A stack as lumps and curves, all at the values of the case.

    layer        psi_e (V) of the electrolyte's layer against the host-side charge, C/m2
    conductance  of the electrolyte, S/m2; hop: V_h in V, None: ohmic; leak: of the electrons, S/m2
    ladder       the film in sections, for drives that are too fast for its layers (`ladder`); None: one
    """

    stack: Stack
    gate: Side
    channel: Side
    layer: Cubic
    conductance: float
    hop: float | None
    leak: float
    capacitance: float
    ladder: Ladder | None = None

    @property
    def memory(self) -> float:
        """Return how long the electrolyte remembers its field, s: some dielectric relaxation times."""
        return 3.0 * self.capacitance / self.conductance

    @property
    def volt(self) -> float:
        """Return RT/F."""
        return thermal_voltage(self.stack.temperature)


def compact_model(stack: Stack, largest_voltage: float) -> CompactModel:
    """Return the model of a stack for voltages up to `largest_voltage` V. Raises UnsupportedError."""
    electrolyte, volt = stack.electrolyte, thermal_voltage(stack.temperature)
    length = electrolyte.thickness
    sterns = [
        interface.stern for interface in (stack.gate_interface, stack.channel_interface) if interface.stern is not None
    ]
    largest = max(sterns, default=1.0) * max(largest_voltage, 0.5)
    conductivity = sum(ion.charge**2 * ion.diffusivity * ion.concentration * ion.free for ion in electrolyte.ions)
    conductance = conductivity * FARADAY / volt / length
    ion = stack.ion
    return CompactModel(
        stack,
        gate=_side(stack, stack.gate, stack.gate_interface, conductance, largest),
        channel=_side(stack, stack.channel, stack.channel_interface, conductance, largest),
        layer=electrolyte_layer(electrolyte, stack.temperature, largest),
        conductance=conductance,
        hop=2.0 * volt * length / (ion.charge * ion.hop) if ion.hop > 0.0 else None,
        leak=electrolyte.leak / length,
        capacitance=electrolyte.permittivity / length,
    )


def _side(stack: Stack, beyond: Host | Metal, interface: InterfaceKinetics, conductance: float, largest: float) -> Side:
    ion, volt = stack.ion, thermal_voltage(stack.temperature)
    z = ion.charge
    compact_layer = 1.0 / interface.stern if interface.stern is not None else 0.0
    exchange = interface.exchange if interface.exchange is not None else FREE_RATE * conductance * volt / z
    if isinstance(beyond, Metal):
        activity = ion.free ** (1.0 - interface.alpha) * ion.share**interface.alpha
        return Side(None, None, beyond.potential, exchange / activity, interface.alpha, compact_layer)
    x = interface.at_x if interface.at_x is not None else beyond.x
    activity = (x * ion.free) ** (1.0 - interface.alpha) * (ion.share * (1.0 - x)) ** interface.alpha
    lumps = tuple(share * beyond.thickness for share in LUMPS)
    return Side(
        beyond,
        host_layer(beyond, stack.temperature, largest),
        beyond.curves.potential(beyond.curves.zero_charge_x),
        exchange / activity,
        interface.alpha,
        compact_layer,
        lumps,
        tuple(0.5 * (a + b) for a, b in pairwise(lumps)),
        z * FARADAY * beyond.sites,
    )


def unnoticed(model: CompactModel, duration: float) -> float:
    """Return a series resistance (ohm) that neither the electrolyte's current nor an edge of a stretch of `duration`
    (s) notices."""
    return min(1e-4 / model.conductance, EDGE * duration / model.capacitance) / model.stack.area
