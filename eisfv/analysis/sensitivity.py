"""What a whole run has to do with its parameters: one sweep backward through the transpose of its own time steps.

A quantity O of the states is followed back over the stages k = K..1 of TR-BDF2 and of the implicit Euler steps behind
corners, their sizes as they were. Each stage solves

    R_k = q(u) - known_k + dh div N(u) = 0,   s_V V + s_I [I(u) + (D(u) - D_known)/dh] = source_k

and hands on q_k = q(u_k) and the rate r_k = (q_k - known_k)/dh, from which the later `known` are made:

    implicit Euler   known_1 = q_0
    TR-BDF2          known_g = q_0 + dh r_0,   known_1 = (1 + f) q_g - f q_0

so that, with the adjoints a_q of q_k and a_r of r_k (and in the same way those of D and its rate),

    A_k^T (lam, mu) = C^T (a_q + a_r/dh) + dO/du_k
    a_known = lam - a_r/dh
    dO/dp = sum over k of [(a_q + a_r/dh) . dq/dp - lam . dR/dp - mu d(row of the gate)/dp]
            + a_q0 . dq_0/dp + what O has to do with p by itself

    A_k   matrix of the stage, bordered by the gate
    p     any number that moves the tables of the device: dR/dp, dq/dp by central differences of the assembled equations
          at the unknowns as they are, dq_0/dp by those of the start; exact but for 1e-8, the square of `STEP`

It is the derivative of the discrete run, to rounding and to Newton's tolerance, not an approximation of the continuous
one. What the sizes of the steps themselves have to do with p is left out: it is of the size of the time error.

Source: W. W. Hager, Numer. Math. 87 (2000) 247 (the transpose of a Runge-Kutta scheme).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from eisfv.analysis.steps_taken import TakenStage, TakenStep
from eisfv.constants import FARADAY
from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.equations.assemble import assemble
from eisfv.equations.flow_sums import transposed_rest_by_flows
from eisfv.equations.linearised import combine, linearised_handle, new_blocks, shifted
from eisfv.equations.part import Part
from eisfv.equations.system import new_system, system_handle
from eisfv.equations.tables_handle import tables_handle
from eisfv.errors import EisfvError
from eisfv.physics.statistics import ABSENT, OHMIC
from eisfv.solve.banded import Banded
from eisfv.solve.pattern import Pattern
from eisfv.solve.stage_records import Iterate, Source
from eisfv.solve.superlu import SuperLU
from eisfv.stepping.tr_bdf2 import FROM_STAGE, FROM_START

STEP = 1e-4  # of ln p, to either side: a difference exact to 1e-8, its rounding 1e-12


class NoSensitivityError(EisfvError):
    """A run that cannot be followed backward."""


class Adjoint(NamedTuple):
    """dO against the stored amounts (cells, species) and their rate, the gate's displacement and its rate; and, beyond
    what these say, against the gate voltage (RT/F)."""

    stored: Floats
    rate: Floats
    charge: float = 0.0
    charge_rate: float = 0.0
    voltage: float = 0.0

    def plus(self, other: "Adjoint") -> "Adjoint":
        """Return the sum of both."""
        return Adjoint(
            self.stored + other.stored,
            self.rate + other.rate,
            self.charge + other.charge,
            self.charge_rate + other.charge_rate,
            self.voltage + other.voltage,
        )


class Equations:
    """The equations of one device at any state, amounts counted from nothing, the gate's current by a test function
    that may be another device's."""

    def __init__(self, built: Built, like: Built | None = None, part: Part | None = None) -> None:
        tables = built.tables
        if like is not None:
            tables = tables._replace(test=like.tables.test, test_fall=like.tables.test_fall)
        self.tables, self.t, self.system = tables, tables_handle(tables), new_system(tables, part)
        self.work, self.volt = system_handle(self.system), built.thermal_voltage
        self.none = np.zeros_like(self.system.stored)
        self.series = built.device.series_resistance

    def at(self, at: Iterate, dh: float, slopes: bool = False) -> tuple[Floats, Floats, Floats]:
        """Return residual (cells, m), stored amounts (cells, species) and the gate's current and displacement."""
        assemble(self.t, at.u, np.array([at.voltage, 0.0]), self.none, dh, slopes, self.work)
        return self.system.residual.copy(), self.system.stored.copy(), self.system.gate.copy()

    def row_of_gate(self, stage: TakenStage, volt: float, change: Floats) -> float:
        """Return s_V V + s_I I - source, of a stage that was driven at a thermal voltage `volt`, the current being the
        stage's and what the gate's (2) numbers have changed by."""
        source, current = stage.source, stage.current + change[0] + change[1] / stage.dh
        if source.kind == "current":
            return float(current - source.value)
        resistance = self.series * FARADAY / self.volt
        return float(stage.at.voltage + resistance * current - source.value * volt / self.volt)


class Backward:
    """The transposed stages of one device."""

    def __init__(self, built: Built) -> None:
        self.own = Equations(built)
        # The same kernels without a face leave what a cell does alone.
        self.alone = Equations(built, part=Part(0, len(built.tables.region), 0, 0, 0, 0))
        t = self.own.tables
        pattern = Pattern(t)
        self.linear = Banded(pattern) if pattern.chain else SuperLU(pattern)
        self.matrix = new_blocks(t)
        self.slopes = linearised_handle(self.own.system.slopes)
        self.move = t.test[:, None] * t.follow[t.region]
        kept = (t.kind != ABSENT) & (t.kind != OHMIC)
        self.kept = kept[t.region] & (t.volume > 0.0)[:, None]
        self.volt = built.thermal_voltage

    def nothing(self) -> Adjoint:
        """Return the adjoint of what no state has to do with."""
        none = np.zeros_like(self.own.none)
        return Adjoint(none, none)

    def through(self, stage: TakenStage, after: Adjoint) -> tuple[Floats, float, Adjoint]:
        """Return lam (cells, m) and mu of a stage, and the adjoint of what it knew: `known` and D_known."""
        dh, slopes, count = stage.dh, self.own.system.slopes, self.own.none.shape[1]
        self.own.at(stage.at, dh, slopes=True)
        self.alone.at(stage.at, dh, slopes=True)
        combine(self.own.t, self.slopes, 1.0, dh, self.matrix)
        if not self.linear.factor(self.matrix):
            raise NoSensitivityError(f"a time step cannot be gone back: {self.linear.reason}")
        amounts = np.where(self.kept, after.stored + after.rate / dh, 0.0)
        charge = after.charge + after.charge_rate / dh
        wanted = np.einsum("is,isq->iq", amounts, slopes.storage[:, 1 : 1 + count]) + charge * slopes.gate_charge
        lam = self.solved(wanted, dh)
        by_voltage, by_current = weights(stage.source)
        felt = shifted(self.own.t, self.matrix, self.own.system.part)
        # The column of the gate is felt - A move: what the rows feel, less the move of the unknowns with it.
        column = np.vdot(felt, lam) - np.vdot(self.move, wanted)
        row = slopes.gate_current + slopes.gate_charge / dh
        answer = self.solved(row, dh) if by_current != 0.0 else np.zeros_like(lam)
        across = np.vdot(felt, answer) - np.vdot(self.move, row)
        mu = float((after.voltage - column) / (by_voltage - by_current * across))
        lam = lam - by_current * mu * answer
        known = np.where(self.kept, lam[:, 1 : 1 + count] - after.rate / dh, 0.0)
        charge_known = mu * by_current / dh - after.charge_rate / dh
        return lam, mu, Adjoint(known, np.zeros_like(known), charge_known)

    def solved(self, rhs: Floats, dh: float) -> Floats:
        """Return the solution with the transposed matrix, refined once by a rest that is summed from the flows: of a
        good conductor the assembled diagonal has lost the digits."""
        answer = self.linear.solve_transposed(rhs)
        own, given, found = self.own.system.slopes.transport.diagonal, rhs.astype(complex), answer.astype(complex)
        rest = transposed_rest_by_flows(self.own.t, self.slopes, own, 1.0 / dh + 0j, given / dh, found)
        return answer + self.linear.solve_transposed(dh * rest.real)

    def differences(self, stage: TakenStage, after: Adjoint, lam: Floats, mu: float, moved: "Pair") -> float:
        """Return what a parameter does to the quantity through one stage, d ln p."""
        low, high = (equations.at(stage.at, stage.dh) for equations in moved)
        gate = self.own.system.gate.copy()
        amounts = np.where(self.kept, after.stored + after.rate / stage.dh, 0.0)
        charge = after.charge + after.charge_rate / stage.dh
        rows = [
            equations.row_of_gate(stage, self.volt, found[2] - gate)
            for equations, found in zip(moved, (low, high), strict=True)
        ]
        change = np.vdot(amounts, high[1] - low[1]) + charge * (high[2][1] - low[2][1])
        change -= np.vdot(lam, high[0] - low[0]) + mu * (rows[1] - rows[0])
        return float(change) / (2.0 * STEP)


Pair = tuple[Equations, Equations]  # with a parameter at e^-STEP and e^STEP of its value


def weights(source: Source) -> tuple[float, float]:
    """Return s_V and s_I of the gate's row."""
    return (0.0, 1.0) if source.kind == "current" else (1.0, source.resistance)


def swept(
    backward: Backward, steps: Sequence[TakenStep], seeds: Mapping[int, Adjoint], moved: Sequence[Pair]
) -> tuple[Floats, Adjoint]:
    """Return what every parameter does to a quantity through the time steps, d ln p, and the adjoint of the start.

    seeds  the quantity against the state after so many steps
    """
    out = np.zeros(len(moved))
    after = backward.nothing()

    def across(stage: TakenStage, end: Adjoint) -> Adjoint:
        lam, mu, known = backward.through(stage, end)
        for k, pair in enumerate(moved):
            out[k] += backward.differences(stage, end, lam, mu, pair)
        return known

    for number in range(len(steps), 0, -1):
        if number in seeds:
            after = after.plus(seeds[number])
        after = before(steps[number - 1], after, across)
    return out, after.plus(seeds[0]) if 0 in seeds else after


def before(step: TakenStep, after: Adjoint, across: Callable[[TakenStage, Adjoint], Adjoint]) -> Adjoint:
    """Return the adjoint of the start of a step from that of its end; across: what a stage knew, the last one first."""
    stages = step.stages
    known = across(stages[-1], after)
    if len(stages) == 1:
        return known
    middle = Adjoint(FROM_STAGE * known.stored, known.rate, FROM_STAGE * known.charge)
    first, dh = across(stages[0], middle), stages[0].dh
    return Adjoint(
        first.stored - FROM_START * known.stored,
        dh * first.stored,
        first.charge - FROM_START * known.charge,
        dh * first.charge,
    )
