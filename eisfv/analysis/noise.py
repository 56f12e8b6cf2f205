"""Thermal and reaction noise of a device: spectral densities of gate current, gate voltage and conductance.

Every flow carries a white fluctuation of its own (`analysis.noise_sources`). At equilibrium a spectrum obeys Nyquist's
4 k T Re Z on any mesh, as the flows obey detailed balance.

What they do to a read-out follows from the transposed matrix of the small signal, one solve for all of them:

    (T + i w C)^T lam = border,   a = z w_f F - F (lam_left - lam_right),   S_I = sum |a|^2 S

Left out: 1/f noise of carriers, lateral modes of a stack: the densities are a lower limit, of an area that is the same
all over. Far from equilibrium an interface has full shot noise, a bulk the thermal noise of its carriers. At an ohmic
contact the relation fails where a host has lost its electrons at rest (`equations.electrons_at_metals`): by 3e-6 where
it lacks a fortieth of them, by up to eight percent where it lacks two fifths; and where a current flows through it, by
1e-4 above sigma/(2 pi eps) of the host.
"""

from typing import NamedTuple

import numpy as np

from eisfv.analysis.noise_sources import sources
from eisfv.analysis.small_signal import Response, SmallSignal
from eisfv.constants import AVOGADRO, FARADAY, GAS_CONSTANT
from eisfv.device.tables import Floats
from eisfv.equations.flow_sums import transposed_rest_by_flows

BOLTZMANN = GAS_CONSTANT / AVOGADRO  # J/K


class Densities(NamedTuple):
    """At one frequency, one-sided: of the gate's current where its voltage is given (A2/Hz), of its voltage at open
    circuit and what that is at equilibrium, 4 k T Re 1/Y (V2/Hz), of the conductance where the source's voltage is
    given and at open circuit (S2/Hz)."""

    current: float
    voltage: float
    nyquist: float
    conductance_closed: float
    conductance_open: float
    resistances: Floats  # (processes) ohm: what of Re 1/Y each makes up at equilibrium, where they add up to it


class Noise:
    """The sources of a device at a state, and what they do."""

    def __init__(self, signal: SmallSignal) -> None:
        self.signal, self.sources = signal, sources(signal)
        self.processes = self.sources.processes

    def at(self, response: Response, resistance: float = 0.0) -> Densities:
        """Return the densities at the frequency of a response, the one that `signal` was asked for last.

        resistance  in series with the gate, ohm; its own noise is in the conductance where a voltage is given
        """
        slopes, y, h = self.signal.system.slopes, response.admittance, response.transfer
        by_storage = 2j * np.pi * response.frequency
        by_current = self.felt(slopes.gate_current + by_storage * slopes.gate_charge, by_storage)
        current = FARADAY * (self.sources.through - by_current)
        conductance = -self.felt(self.signal.by_unknowns.astype(complex), by_storage)
        seen = h / (1.0 + resistance * y)
        closed = self.summed(conductance - seen * resistance * current)
        thermal = 4.0 * BOLTZMANN * self.signal.built.device.temperature
        of_current = self.summed(current)
        parts = np.bincount(self.sources.process, np.abs(current) ** 2 * self.sources.density, len(self.processes))
        return Densities(
            of_current,
            of_current / abs(y) ** 2,
            thermal * (1.0 / y).real,
            closed + thermal * resistance * abs(seen) ** 2,
            self.summed(conductance - h / y * current),
            parts / (thermal * abs(y) ** 2),
        )

    def felt(self, row: Floats, by_storage: complex) -> Floats:
        """Return what the cells' part of every source does to a read-out of this row (cells, m)."""
        signal = self.signal
        answer = signal.linear.solve_transposed(row)
        rest = transposed_rest_by_flows(signal.t, signal.slopes, signal.own, by_storage, row, answer)
        answer = answer + signal.linear.solve_transposed(rest)
        return self.sources.felt(answer)

    def summed(self, response: Floats) -> float:
        """Return the density of what every source does."""
        return float(np.abs(response) ** 2 @ self.sources.density)
