"""A jump of the drive that Newton refuses at once is made in parts, and ends where Poisson's equation says."""

from dataclasses import replace
from itertools import accumulate, repeat, takewhile

import numpy as np
import pytest

from eisfv.constants import FARADAY
from eisfv.model.solver_options import Method, SolverOptions
from eisfv.model.steps import CurrentStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation, SolverError
from eisfv.stepping import integrate
from eisfv.stepping.step_size import FIRST_PART, next_part
from support import transistor
from support.transistor import AREA, exact, gated

JUMP = 8.0  # V, within a nanosecond
METHODS: tuple[Method, ...] = ("tr_bdf2", "bdf")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Carriers so slow that a jump finds none of them on its way."""
    monkeypatch.setattr(transistor, "MOBILITY", 1e-9)


def jumped(method: Method) -> Simulation:
    simulation = Simulation(gated("boltzmann"), SolverOptions(method=method))
    simulation.run(VoltageStep(1e-9, Constant(JUMP)))
    return simulation


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("method", METHODS)
def test_charge_behind_a_jump_of_volts_is_that_of_poissons_equation(method: Method) -> None:
    simulation = jumped(method)
    simulation.run(VoltageStep(1e3, Constant(JUMP)))
    np.testing.assert_allclose(simulation.state.charge * FARADAY / AREA, exact(np.exp, JUMP)[1], rtol=1e-3)


@pytest.mark.usefixtures("slow")
def test_without_parts_or_short_updates_no_step_is_short_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrate, "split_jump", lambda *of: None)
    monkeypatch.setattr(integrate, "SHORT_TRIES", 0)
    with pytest.raises(SolverError, match="in the first step after a corner"):
        jumped("tr_bdf2")


@pytest.mark.usefixtures("slow")
def test_parts_do_without_short_updates(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setattr(integrate, "SHORT_TRIES", 0)
        charge = jumped("tr_bdf2").state.charge
    np.testing.assert_allclose(jumped("tr_bdf2").state.charge, charge, rtol=1e-3)


@pytest.mark.usefixtures("slow")
def test_both_integrators_make_the_same_of_a_jump() -> None:
    charges = [jumped(method).state.charge for method in METHODS]
    np.testing.assert_allclose(charges[0], charges[1], rtol=1e-3)


def test_parts_that_succeed_reach_the_whole_and_parts_that_fail_end() -> None:
    grown = accumulate(repeat(True, 10), next_part, initial=FIRST_PART)
    assert sum(grown) > 1.0
    shrunk = list(takewhile(bool, accumulate(repeat(False, 100), next_part, initial=FIRST_PART)))
    assert len(shrunk) < 6


@pytest.mark.parametrize("method", METHODS)
def test_a_film_emptied_behind_a_resistance_leaves_the_charge_of_its_donors(
    method: Method, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No voltage moves the current of a film that is switched off: a source of voltage need not ask."""
    monkeypatch.setattr(transistor, "DONORS", 1e-3)
    device = replace(gated("fermi_dirac_2d", 4), series_resistance=2.45e4)
    simulation = Simulation(device, SolverOptions(method=method))
    simulation.run(VoltageStep(1.0, Constant(-3.0)))
    gate = -FARADAY * 1e-3 * transistor.FILM
    np.testing.assert_allclose(simulation.state.charge * FARADAY / AREA, gate, rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_a_current_out_of_an_emptied_film_is_told_to_have_no_source(method: Method) -> None:
    whole = FARADAY * transistor.DONORS * transistor.FILM * AREA  # C
    simulation = Simulation(gated("boltzmann", 8), SolverOptions(method=method))
    with pytest.raises(SolverError, match=r"film has lost its electrons .* the current has nowhere to come") as told:
        simulation.run(CurrentStep(2e-6, Constant(-whole / 1e-6)))
    assert 0.9e-6 < told.value.failure.state.time < 1e-6
