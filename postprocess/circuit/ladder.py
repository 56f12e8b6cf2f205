"""A film of one mobile ion as a ladder of sections, for drives that end before the ions have crossed a layer.

`model` keeps of the film's layers what a steady current makes of them. Before that is so the film remembers more: where
it is empty and full. y from gate to channel; D is the displacement between two sections, i the current of the path,
i_k that of the ions between the sections k and k + 1 (`eisfv.physics.exchange_flux`, `hopping`), A/m2:

    D_k'  = i - i_k                           the total current is the same everywhere (Maxwell)
    c_k   = c_0 + (D_k - D_k-1)/(zF h_k)      Gauss, on a background of -z c_0
    i_k   = (zF D_ion s/d) f(w) [B(u) theta_k v_k+1 - B(-u) theta_k+1 v_k]
            u = -z d D_k/(eps V_T),  w = z a D_k/(2 eps V_T)
    D_0'  = i - i_g,  D_N' = i - i_c          interfaces: D_0, D_N are the charges of the compact layers
    i_g   = zF k0 [v_s e^{alpha a} - theta_s e^{-(1-alpha) a}] = i_0 from the interface to the first section

theta = c/s, v = 1 - theta, B(u) = u/(e^u - 1), f = sinh(w)/w. The last line is linear in the occupation theta_s at the
interface, which is no state. Each section is a capacitor eps/d beside the current of its ions: the single one of
`model` told in more places. The channel goes on behind the interface with its ions X_j and electrons nu_j per site,

    zF c_s h_j X_j' = i_j-1 - i_j,   D_j' = i - i_j - sigma V_T/d [e(nu_j+1) - e(nu_j) + d D_j/(eps V_T)]
    nu_j  = z X_j + b - (D_j - D_j-1)/(F c_s h_j),   i_j as above with u = -z d D_j/(eps V_T) + M(X_j+1) - M(X_j)

so that neither its double layer nor the ions just behind the interface need be at rest. Then

    V = U_gate + D_0/C_S + sum d D/eps + D_N/C_S - U_zc + V_T e(nu_M)

These are the solver's equations on few cells: nothing is fitted. Their error is that of the cells, which grow from
`FIRST` of RT/(zF E) at the interfaces, E the largest field, by `GROWTH`; it falls with its square.
"""

from dataclasses import replace
from itertools import pairwise
from math import sinh, sqrt

from eisfv.constants import FARADAY

from .equations import SINH_MAX
from .layers import debye
from .model import CompactModel, Ladder
from .stack import Metal

FIRST = 0.05
GROWTH = 1.5
HOST_FIRST = 0.05  # of the Debye length of the host's electrons
HOST_GROWTH = 2.0
FAST = 1e3  # times that electrons charge the film through the channel in the shortest part; faster ones stop ngspice
STEADY = 0.1  # of the longest part of a pulse that ions may take to cross a layer, for `model` to do


def with_ladder(model: CompactModel, largest_voltage: float, shortest: float) -> CompactModel:
    """Return the model with its film as a ladder, and the channel's lumps as fine as that needs.

    shortest  time between two corners of a pulse, s: electrons of the channel need not be faster than a part of it
    """
    stack, host = model.stack, model.stack.channel
    field = max(largest_voltage, 0.5) / stack.electrolyte.thickness
    first = FIRST * model.volt / (stack.ion.charge * field)
    half = grown(0.5 * stack.electrolyte.thickness, first, GROWTH)
    sections = (*half, *half[::-1])
    lumps = grown(host.thickness, HOST_FIRST * debye(host, model.volt), HOST_GROWTH)
    channel = replace(model.channel, lumps=lumps, distances=between(lumps))
    metal = min(host.curves.sigma.value(host.x), FAST * host.thickness * model.capacitance / shortest)
    ladder = Ladder(sections, (0.5 * sections[0], *between(sections), 0.5 * sections[-1]), metal)
    return replace(model, channel=channel, ladder=ladder)


def grown(thickness: float, first: float, growth: float) -> tuple[float, ...]:
    """Return cells that grow away from an interface and fill a thickness, m."""
    sizes = [first]
    while sum(sizes) + growth * sizes[-1] < thickness:
        sizes.append(growth * sizes[-1])
    stretch = thickness / sum(sizes)
    return tuple(stretch * size for size in sizes)


def between(sizes: tuple[float, ...]) -> tuple[float, ...]:
    """Return the distances between the centres of neighbours, m."""
    return tuple(0.5 * (a + b) for a, b in pairwise(sizes))


def has_place(model: CompactModel) -> bool:
    """Return whether a stack can be a ladder: one mobile ion, at the gate a contact of fixed activity, ideal
    electrons."""
    stack = model.stack
    return len(stack.electrolyte.ions) == 1 and isinstance(stack.gate, Metal) and stack.channel.curves.excess is None


def crossing_time(model: CompactModel, largest_voltage: float) -> float:
    """Return how long an ion takes over a Debye length of the film in its field at a voltage, the compact layers
    charged with it, s."""
    stack = model.stack
    ion, eps = stack.ion, stack.electrolyte.permittivity
    whole = 1.0 / model.capacitance + model.gate.stern + model.channel.stern
    over = largest_voltage / (model.capacitance * whole)
    charge = ion.charge * FARADAY * ion.concentration
    width = sqrt(eps * model.volt / (ion.charge * charge * ion.free))
    current = model.conductance * over
    if model.hop is not None:
        current = model.conductance * model.hop * sinh(min(over / model.hop, SINH_MAX))
    return charge * width / current if current > 0.0 else 0.0
