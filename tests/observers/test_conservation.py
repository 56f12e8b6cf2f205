"""What a run conserves is watched: the current through every region and the ions. A fault of a known size is found with
that size, told from the bound on, and what is sound is not told."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.constants import FARADAY
from eisfv.device.device import Device
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.model.contacts import BathContact
from eisfv.model.protocol import Protocol
from eisfv.model.steps import OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.observers.flatness import FLAT, Flatness, halves
from eisfv.observers.ion_balance import KEPT, IonBalance
from eisfv.running import run_case
from eisfv.running.notices import warnings
from eisfv.simulation import Simulation
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.tr_bdf2 import GAMMA
from support.devices import binary, h_stack, mg_stack, one_layer
from support.runs import TIGHT
from support.small_case import COARSE, silent, small_case

PULSE = VoltageStep(0.1, Constant(0.3))


@pytest.fixture(scope="module")
def run() -> tuple[Simulation, list[Accepted]]:
    simulation = Simulation(mg_stack(), TIGHT)
    return simulation, list(simulation.drive(PULSE))


def flatness(simulation: Simulation, steps: list[Accepted]) -> Flatness:
    seen = Flatness(simulation.built)
    for accepted in steps:
        seen.accept(accepted)
    return seen


def balance(simulation: Simulation, steps: list[Accepted]) -> IonBalance:
    seen = IonBalance(simulation.built)
    seen.begin(PULSE, steps[0].start)
    for accepted in steps:
        seen.accept(accepted)
    return seen


def with_loss(simulation: Simulation, accepted: Accepted, current: float) -> Accepted:
    """Return a step in which so much more current (A) passes through the faces within the electrolyte."""
    built = simulation.built
    electrolyte = built.mesh.regions.index("electrolyte")
    inside = (built.tables.interface < 0) & (built.mesh.region[built.mesh.left] == electrolyte)
    flow = accepted.end.flow.copy()
    flow[inside, of_species(built.number("Mg"))] += current / (2.0 * FARADAY)
    return accepted._replace(end=accepted.end._replace(flow=flow))


@pytest.mark.parametrize("share, told", [(0.5 * FLAT, False), (2.0 * FLAT, True)])
def test_a_current_lost_between_two_regions_is_found_with_its_size(
    run: tuple[Simulation, list[Accepted]], share: float, told: bool
) -> None:
    simulation, steps = run
    peak = flatness(simulation, steps).peak
    broken = flatness(simulation, [*steps, with_loss(simulation, steps[-1], share * peak)])
    np.testing.assert_allclose(broken.relative, share, rtol=1e-6)
    assert [f"by {share:.1e} of the largest one" in line for line in broken.warnings()] == [True] * told


def test_the_current_of_a_sound_run_is_flat(run: tuple[Simulation, list[Accepted]]) -> None:
    seen = flatness(*run)
    assert 0.0 < seen.spread < 1e-8 * seen.peak
    assert seen.relative <= seen.spread / seen.peak
    assert not list(seen.warnings())
    (line,) = seen.summary()
    assert "through all regions to " in line


def test_a_symmetric_device_at_rest_is_told_nothing_of_its_rounding() -> None:
    """Its largest current is rounding as well: the spread is 3 % of it. A current a thousand times what rounding drives
    that is lost in one region is told."""
    simulation = Simulation(mg_stack(x=(0.1, 0.1)))
    steps = list(simulation.drive(OpenCircuitStep(10.0)))
    seen = flatness(simulation, steps)
    assert seen.spread > FLAT * seen.peak  # else nothing is shown
    assert not list(seen.warnings())
    (line,) = seen.summary()
    assert line.endswith("to the rounding of its potentials")
    lost = with_loss(simulation, steps[-1], 1e3 * seen.roundings(steps[-1], seen.look(steps[-1]))[0].min())
    assert list(flatness(simulation, [*steps, lost]).warnings())


def test_the_rate_of_a_charge_carries_the_roundings_of_all_states_that_it_is_taken_from(
    run: tuple[Simulation, list[Accepted]],
) -> None:
    _, steps = run
    whole = [step for step in steps if not step.corner]
    for step in whole:
        times = np.array([1.0, 0.0]) * step.h
        if step.middle is not None:
            times = np.array([1.0, GAMMA, 0.0]) * step.h
        elif step.before:
            continue
        # d/dt at the end of the polynomial through the states, as backward Euler and TR-BDF2 take it.
        coefficients = np.linalg.solve(np.vander(times - step.h, increasing=True).T, np.eye(len(times))[1])
        np.testing.assert_allclose(halves(step), np.abs(coefficients).sum() * step.h, rtol=1e-12)
    assert any(step.middle is not None for step in whole)
    assert halves(whole[-1]._replace(middle=None, before=(whole[-1].start,))) == 4.0


def test_at_open_circuit_rounding_is_not_held_against_rounding() -> None:
    """The ions that leak back cancel the electrons: the spread is theirs, not that of their sum."""
    simulation = Simulation(mg_stack(), TIGHT)
    steps = list(simulation.drive(OpenCircuitStep(10.0)))
    seen = flatness(simulation, steps)
    total = max(np.abs(seen.look(step).carried.sum(axis=1)).max() for step in steps if not step.corner)
    assert seen.spread > 1e-3 * total  # against the whole current it would be told
    assert seen.relative < 1e-8


@pytest.mark.parametrize("share, told", [(0.5 * KEPT, False), (2.0 * KEPT, True)])
def test_ions_that_are_lost_are_found_with_their_amount(
    run: tuple[Simulation, list[Accepted]], share: float, told: bool
) -> None:
    simulation, steps = run
    ion = simulation.built.number("TFSI")
    cell = int(np.argmax(simulation.built.mesh.region == simulation.built.mesh.regions.index("electrolyte")))
    lost = share * 246.0 * simulation.device.area * 1e-6  # what the electrolyte holds: 246 mol/m3 over 1 um
    stored = steps[-1].end.stored.copy()
    stored[cell, ion] -= lost
    broken = steps[-1]._replace(end=steps[-1].end._replace(stored=stored))
    seen = balance(simulation, [*steps, broken])
    np.testing.assert_allclose(seen.largest, share, rtol=1e-4)
    assert ["TFSI has drifted" in line for line in seen.warnings()] == [True] * told


def test_the_ions_of_a_sound_run_are_kept(run: tuple[Simulation, list[Accepted]]) -> None:
    seen = balance(*run)
    assert [seen.names[ion] for ion in seen.ions] == ["Mg", "TFSI"]
    assert seen.largest < 1e-12
    assert not list(seen.warnings())
    assert list(seen.summary()) == [f"ions are kept to {seen.largest:.1e} of their amount"]


@pytest.mark.parametrize("device", [h_stack(), one_layer(binary(), 1e-7, BathContact(), BathContact())])
def test_ions_that_a_contact_lets_pass_are_not_counted(device: Device) -> None:
    simulation = Simulation(device)
    seen = balance(simulation, list(simulation.drive(PULSE)))
    assert not list(seen.ions)
    assert not [*seen.warnings(), *seen.summary()]


def test_what_is_not_conserved_is_told_on_the_screen_and_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, told = small_case(tmp_path, device=COARSE), list[str]()
    monkeypatch.setattr(Flatness, "relative", 2.0 * FLAT)
    monkeypatch.setattr(IonBalance, "held", lambda self, state: np.full(2, 1.0 + 1e-8 * (state.time > 0.0)))
    run_case(case, tmp_path / "run", silent, warn=told.append)
    log = (tmp_path / "run" / "run.log").read_text()
    for words in ("the current differs between the regions by 2.0e-03", "Mg has drifted by 1.0e-08"):
        assert [words in line for line in told].count(True) == 1
        assert f" warning: {words}" in log


def test_how_well_a_run_was_solved_stands_in_its_log_and_is_no_warning(tmp_path: Path) -> None:
    case, told = small_case(tmp_path, device=COARSE), list[str]()
    run_case(case, tmp_path / "run", silent, warn=told.append)
    log = (tmp_path / "run" / "run.log").read_text()
    assert log.count("the current is the same through all regions to ") == log.count("ions are kept to ") == 1
    assert not [line for line in told if "current" in line or "drifted" in line]


def test_a_channel_that_is_no_host_has_no_filling_and_says_so() -> None:
    layer = one_layer(binary(), 1e-7)
    (line,) = [line for line in warnings(Simulation(layer), Protocol((PULSE,))) if "no host" in line]
    assert line.startswith("layer is no host: x_channel in terminals.csv is its cation over 10 mol/m3")
    assert not [line for line in warnings(Simulation(mg_stack()), Protocol((PULSE,))) if "no host" in line]


@pytest.mark.parametrize("share, told", [(0.5, False), (1.5, True)])
def test_a_step_too_short_to_count_its_charges_tells_no_current(
    run: tuple[Simulation, list[Accepted]], share: float, told: bool
) -> None:
    """What the amounts of a short step are rounded by, F eps sum |z| n / h, is ten times what is told of a run."""
    simulation, steps = run
    seen = flatness(simulation, steps)
    last = steps[-1]
    short = last._replace(h=last.h * seen.roundings(last, seen.look(last))[1] / (10.0 * FLAT * seen.peak))
    rounding, uncounted = seen.roundings(short, seen.look(short))
    assert rounding.max() < 0.1 * uncounted
    seen.accept(with_loss(simulation, short, share * uncounted))
    assert bool(list(seen.warnings())) == told


def test_amounts_that_follow_from_a_level_are_known_as_the_level_is(run: tuple[Simulation, list[Accepted]]) -> None:
    """Eps of 80 RT is 80 eps of the electrons: k = 1 + |eta| + |phi|."""
    simulation, steps = run
    last, built = steps[-1], simulation.built
    u, held = last.end.at.u, np.abs(last.end.stored) + np.abs(last.end.ledger.base)
    electron, expected = built.number("electron"), 0.0
    for s, z in enumerate(built.tables.charge):
        known = 1.0 + np.abs(u[:, of_species(s)]) + np.abs(u[:, POTENTIAL]) if s == electron else 1.0
        expected += abs(z) * float((held[:, s] * known).sum())
    np.testing.assert_allclose(flatness(simulation, steps).look(last).charges, expected, rtol=1e-12)
