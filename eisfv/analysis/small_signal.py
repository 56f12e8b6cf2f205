"""The device under a small wave of its gate voltage: admittance and transfer to the channel's conductance.

    (T + i w C) a = felt,    du = dV (follow t - a)                 w = 2 pi f
    Y = (F/V_T) sum over faces of w_f (z . dN + i w dD),  Z = R + 1/Y
    H = dG/dV = -(l . a)/V_T,    l = dG/du

    T, C    slopes of the flows and of the amounts, those that the time steps are made with (`equations.linearised`)
    t       test function of the terminal current, 1 at the gate; w_f its fall across a face; follow: what an unknown
            does when the potential rises
    R       series resistance of the source; H and Y are those of the device behind it

Waves e^{+i w t}, the current into the gate positive: a capacitor has Im Z < 0.

Gauss' law has no time; its row is taken times i w, which changes no solution. The solution is refined with a rest
summed from the flows, else a blocking device loses its low frequencies: `rounding` is by how much the last refinement
still moved Y.
"""

from dataclasses import dataclass
from math import pi
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eisfv.constants import FARADAY
from eisfv.device.build import Built
from eisfv.device.tables import Floats, Tables
from eisfv.equations.assemble import assemble
from eisfv.equations.flow_sums import current_of_unit_voltage, rest_by_flows
from eisfv.equations.linearised import (
    add_shift_of_drops,
    combine,
    linearised_handle,
    new_blocks,
    shifted,
)
from eisfv.equations.part import Part, whole
from eisfv.equations.system import System, new_system, system_handle
from eisfv.equations.tables_handle import tables_handle
from eisfv.equations.unknowns import of_species
from eisfv.errors import FAILED, EisfvError
from eisfv.physics.statistics import ABSENT, OHMIC
from eisfv.solve.banded import Banded
from eisfv.solve.pattern import Pattern
from eisfv.solve.stage_records import Iterate
from eisfv.solve.superlu import SuperLU

REFINEMENTS = 3  # at most; one is enough where nothing blocks
SETTLED = 1e-13  # change of Y by a refinement that needs no other one


class NoResponseError(EisfvError):
    """The device has no response at a frequency."""

    exit_code = FAILED


@dataclass(frozen=True)
class Response:
    """At one frequency (Hz): admittance Y (S) of the device, transfer H = dG/dV (S/V) at its own terminals, rounding of
    Y relative to |Y|."""

    frequency: float
    admittance: complex
    transfer: complex
    rounding: float


class Solution(NamedTuple):
    """Of one frequency: i w, what the cells lack to follow the gate (cells, m), the particle and displacement current
    of a unit voltage (mol/s), rounding."""

    by_storage: complex
    answer: Floats
    current: complex
    rounding: float


class SmallSignal:
    """The device linearised at a state.

    by_amounts   slope of the conductance against the amounts (cells, species), S/mol
    """

    def __init__(self, built: Built, at: Iterate, by_amounts: Floats) -> None:
        t = built.tables
        self.built, self.t, self.at_state = built, tables_handle(t), at
        self.system = evaluated(built, at, whole(t))
        # The same kernels without a face leave what a cell does alone.
        self.alone = evaluated(built, at, Part(0, len(t.region), 0, 0, 0, 0))
        self.own = self.system.slopes.transport.diagonal
        self.slopes = linearised_handle(self.system.slopes)
        self.matrix = new_blocks(t, complex)
        pattern = Pattern(t)
        self.linear = Banded(pattern) if pattern.chain else SuperLU(pattern)
        count = len(t.charge)
        self.by_unknowns = np.einsum("is,isq->iq", by_amounts, self.system.slopes.storage[:, 1 : 1 + count])

    def at(self, frequency: float) -> Response:
        """Return the response at one frequency (Hz). NoResponseError where there is none."""
        found = self.solved(frequency)
        volt = self.built.thermal_voltage
        transfer = -complex(np.vdot(self.by_unknowns, found.answer)) / volt
        return Response(frequency, complex(found.current) * FARADAY / volt, transfer, found.rounding)

    def drift(self) -> float:
        """Return the fastest change of what a region holds of an ion, over what it holds, 1/s."""
        t, flow = self.built.tables, self.system.flow
        crossing = np.flatnonzero(t.interface >= 0)
        largest = 0.0
        for s in np.flatnonzero(np.arange(len(t.charge)) != t.electron[0]):
            row = of_species(s)
            # Without a face and over one second, a balance is what is stored and what leaves by contacts and traps.
            out = np.where(stored_kinds(t)[t.region, s], self.alone.residual[:, row] - self.alone.stored[:, s], 0.0)
            loss = np.bincount(t.region, out, len(t.kind))
            np.add.at(loss, t.region[t.left[crossing]], flow[crossing, row])
            np.add.at(loss, t.region[t.right[crossing]], -flow[crossing, row])
            held = np.bincount(t.region, self.alone.stored[:, s], len(t.kind))
            there = stored_kinds(t)[:, s] & (held > 0.0)
            largest = max(largest, float(np.abs(loss[there] / held[there]).max(initial=0.0)))
        return largest

    def solved(self, frequency: float, slopes: Any = None) -> Solution:
        """Return what a unit voltage does at one frequency (Hz), its matrix factored. NoResponseError.

        slopes  other ones than the device's, the same within the cells
        """
        by_storage = 2j * pi * frequency
        slopes = self.slopes if slopes is None else slopes
        combine(self.t, slopes, by_storage, 1.0, self.matrix)
        if not self.linear.factor(self.matrix):
            raise NoResponseError(f"the device has no response at {frequency:g} Hz: {self.linear.reason}")
        felt = shifted(self.t, self.matrix, self.system.part)
        add_shift_of_drops(self.t, slopes, 1.0, self.system.part, felt)
        answer = self.linear.solve(felt)
        current = current_of_unit_voltage(self.t, slopes, by_storage, answer)
        rounding = np.inf
        for _ in range(REFINEMENTS):
            answer = answer + self.linear.solve(rest_by_flows(self.t, slopes, self.own, by_storage, felt, answer))
            before, current = current, current_of_unit_voltage(self.t, slopes, by_storage, answer)
            moved = abs(current - before) / abs(current) if current else np.inf
            if not moved < rounding:
                break
            rounding = moved
            if rounding < SETTLED:
                break
        if not np.isfinite(rounding):
            raise NoResponseError(f"the device lets no current through at {frequency:g} Hz")
        return Solution(by_storage, answer, current, float(rounding))


def stored_kinds(tables: Tables) -> NDArray[np.bool_]:
    """Return which regions store which species (regions, species)."""
    return np.asarray((tables.kind != ABSENT) & (tables.kind != OHMIC))


def evaluated(built: Built, at: Iterate, part: Part) -> System:
    """Return the work arrays at a state, with slopes."""
    system = new_system(built.tables, part)
    none, voltages = np.zeros_like(system.stored), np.array([at.voltage, 0.0])
    assemble(tables_handle(built.tables), at.u, voltages, none, 1.0, True, system_handle(system))
    return system
