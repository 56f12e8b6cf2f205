"""Towards the end of a host every row that is accepted carries the current that is imposed, through every region, or
the run stops with the cause. What was seen before: 0 instead of -10 nA, down to -36 kV, in 36 of 154 rows.
"""

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from eisfv.constants import ELEMENTARY_CHARGE, FARADAY
from eisfv.device.tables import Floats
from eisfv.equations.unknowns import species
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation, SolverError
from eisfv.stepping.accepted import Accepted
from support.devices import SITES, h_stack

CURRENT = 1e-8  # A
AREA, LEFT = 1e-6, 0.05  # m2; share of the sites that is left to fill, or to empty
END = LEFT * FARADAY * SITES * 10e-9 * AREA / CURRENT  # s
Method = Literal["bdf", "tr_bdf2"]


def driven(x: float, current: float, method: Method) -> tuple[Simulation, list[Accepted], str]:
    """Return a device after a current (A) that lasts three times as long as its host holds, its rows, what was told."""
    simulation = Simulation(replace(h_stack(x=x), area=AREA), SolverOptions(method=method))
    rows: list[Accepted] = []
    with pytest.raises(SolverError) as error:
        rows.extend(simulation.drive(CurrentStep(3.0 * END, Constant(current))))
    return simulation, rows, str(error.value)


def through(simulation: Simulation, row: Accepted) -> Floats:
    """Return the mean current (A) within each region, F sum z N + dD/dt over its faces."""
    t, mesh = simulation.built.tables, simulation.built.mesh
    current = FARADAY * (species(row.end.flow, t) @ t.charge + row.end.displacement_rate)
    inside = [(mesh.distance > 0.0) & (mesh.region[t.left] == r) for r in range(len(mesh.regions))]
    return np.array([np.average(current[faces], weights=mesh.distance[faces]) for faces in inside])


def told_by(simulation: Simulation, row: Accepted) -> float:
    """Return the current (A) below which a step tells none: the rounding of what moved, and of the charge of the field
    at the voltage there, C V, with the capacitance of the thinner region."""
    t = simulation.built.tables
    moved = FARADAY * float((np.abs(row.end.stored) @ np.abs(t.charge)).sum())
    field = 30.0 * 8.854e-12 * AREA / 10e-9 * max(1.0, abs(row.end.at.voltage) * simulation.thermal_voltage)
    return float(np.finfo(float).eps) * (moved + len(t.left) * field) / row.h


@pytest.mark.parametrize("method", ["bdf", pytest.param("tr_bdf2", marks=pytest.mark.long)])
@pytest.mark.parametrize("x, current, what", [(LEFT, -CURRENT, "empty"), (1.0 - LEFT, CURRENT, "full")])
def test_every_row_towards_the_end_of_a_host_carries_the_imposed_current(
    x: float, current: float, what: str, method: Method
) -> None:
    simulation, rows, told = driven(x, current, method)
    assert f"channel is {what} since t = " in told
    assert rows[-1].end.time > END  # where rows used to break
    for row in rows:
        assert abs(row.end.at.voltage) * simulation.thermal_voltage < 50.0
        np.testing.assert_allclose(row.end.current * FARADAY, current, rtol=1e-9)
        atol = told_by(simulation, row)
        np.testing.assert_allclose(through(simulation, row), current, rtol=1e-6, atol=atol)
    assert np.median([told_by(simulation, row) for row in rows]) < 1e-3 * CURRENT  # so that this tells something


@pytest.mark.parametrize("share, stops", [(0.0, True), (0.4, True), (3.0, True), (0.9, False)])
def test_a_row_that_breaks_its_own_drive_is_no_accepted_step(
    share: float, stops: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tenth row is given a share of its flows alone."""
    simulation = Simulation(replace(h_stack(x=0.5), area=AREA), SolverOptions(method="tr_bdf2"))
    step = CurrentStep(0.1 * END, Constant(CURRENT))
    stretches = simulation.stretches

    def broken(*given):
        for number, row in enumerate(stretches(*given)):
            assert isinstance(row, Accepted)
            flow = row.end.flow * (share if number == 10 else 1.0)
            rate = row.end.displacement_rate * (share if number == 10 else 1.0)
            yield row._replace(end=row.end._replace(flow=flow, displacement_rate=rate))

    monkeypatch.setattr(simulation, "stretches", broken)
    rows: list[Accepted] = []
    if not stops:
        rows.extend(simulation.drive(step))
        assert len(rows) > 11
        return
    with pytest.raises(SolverError, match=r"would carry \S+ A of the 1e-08 A that are imposed.*the step is not taken"):
        rows.extend(simulation.drive(step))
    assert len(rows) == 10


@pytest.mark.parametrize("last", [10, 1000])
def test_less_than_a_carrier_stops_no_run_but_a_leak_adds_up(last: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device ten nanometres wide carries a few electrons altogether: from the tenth row on it is given no flow, in
    one row, or up to the last."""
    share = 1e-10
    options = SolverOptions(method="tr_bdf2", largest_step=0.05)  # s: a third of a carrier
    simulation = Simulation(replace(h_stack(x=0.5), area=share * AREA), options)
    step = CurrentStep(0.01 * END, Constant(share * CURRENT))
    assert 5.0 < step.duration * share * CURRENT / ELEMENTARY_CHARGE < 10.0
    stretches, given = simulation.stretches, []

    def leaking(*of):
        for number, row in enumerate(stretches(*of)):
            assert isinstance(row, Accepted)
            flows = 0.0 if 10 <= number <= last else 1.0
            given.append((row.end.offset, row.h if flows == 0.0 else 0.0))
            flow, rate = flows * row.end.flow, flows * row.end.displacement_rate
            yield row._replace(end=row.end._replace(flow=flow, displacement_rate=rate))

    monkeypatch.setattr(simulation, "stretches", leaking)
    rows: list[Accepted] = []
    if last == 10:
        rows.extend(simulation.drive(step))
        assert rows[-1].end.offset == step.duration
        return
    with pytest.raises(SolverError, match=r"that are imposed.*the step is not taken"):
        rows.extend(simulation.drive(step))
    lost = np.cumsum([h for _, h in given]) * share * CURRENT / ELEMENTARY_CHARGE
    assert lost[-2] <= 1.0 < lost[-1]
