"""A film that a voltage has emptied is refilled by a current through its metal, and the voltage is what that says."""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tomli_w import dumps

from case.test_well_posed_films import HELD, INJECTING, OHMIC, case_of
from eisfv.case import load
from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.model.solver_options import Method
from eisfv.model.steps import CurrentStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation, SolverError
from eisfv.stepping.charged_film import KEPT, films_hold

AREA, FILM, OXIDE = 1e-12, 10e-9, 20e-9  # m2, m, m
REST = FARADAY * HELD * AREA * FILM  # C of electrons in the film at rest
TIME = 1e-3  # s
CHANNEL, GATE = 1.0, -1.0  # which contact is the film's: the sign of the voltage that brings electrons


def emptied(folder: Path, side: float = CHANNEL, method: Method = "bdf") -> tuple[Simulation, float]:
    """Return a run whose gate has been held 5 V from open circuit, where e^-193 of the film's electrons are left, and
    the voltage at open circuit."""
    file = case_of(folder, OHMIC)
    if side == GATE:
        tree = tomllib.loads(file.read_text())
        device = tree["device"]
        device["region"].reverse()
        device["contact"] = {"gate": device["contact"]["channel"], "channel": device["contact"]["gate"]}
        file.write_text(dumps(tree))
    case = load(file)
    made = Simulation(case.device, replace(case.solver.left_to_pilots(processes=1), method=method))
    rest = made.voltage
    made.run(VoltageStep(1e-6, Constant(rest - 5.0 * side)))
    return made, rest


@pytest.mark.parametrize("side", [CHANNEL, GATE])
@pytest.mark.parametrize("method", ["bdf", "tr_bdf2"])
@pytest.mark.parametrize("share", [1e-3, 0.5])
def test_a_current_refills_an_emptied_film_and_sets_its_level(
    tmp_path: Path, method: Method, share: float, side: float
) -> None:
    made, rest = emptied(tmp_path, side, method)
    made.run(CurrentStep(TIME, Constant(side * share * REST / TIME)))  # electrons enter by the metal of the film
    (film,) = made.films.films
    _, whole = made.films.held(film, made.state)
    np.testing.assert_allclose(FARADAY * whole, share * REST, rtol=1e-6)
    # Level with the metal, all at one potential but for what its own charge bends, 1e-3 RT/F.
    volt, oxide = thermal_voltage(made.device.temperature), 9.0 * VACUUM_PERMITTIVITY * AREA / OXIDE
    rise = volt * np.log(share) - (1.0 - share) * REST / oxide
    np.testing.assert_allclose(made.voltage - rest, side * rise, atol=2e-3 * volt)


def test_a_current_that_takes_carriers_from_an_emptied_film_has_no_solution(tmp_path: Path) -> None:
    made, _ = emptied(tmp_path)
    with pytest.raises(SolverError) as ended:
        made.run(CurrentStep(TIME, Constant(-1e-3 * REST / TIME)))
    assert ended.value.failure.of_device


@pytest.mark.parametrize("off, holds", [(0.9, True), (1.1, False), (-1.1, False)])
def test_a_step_that_brings_a_film_something_else_is_not_taken(tmp_path: Path, off: float, holds: bool) -> None:
    """Electrons enter with a positive current: charge leaves."""
    made = Simulation((case := load(case_of(tmp_path, OHMIC))).device, case.solver)
    state, (film,) = made.state, made.films.films
    brought = 1e-3 * REST / FARADAY
    now = state.stored.copy()
    now[film.cells[0], next(iter(film.carriers))] += brought + off * KEPT * (REST / FARADAY + brought)
    assert films_hold(made.built.tables, state.stored, now, state.ledger, brought) is holds


def test_a_metal_that_ends_the_field_leaves_no_film_to_charge(tmp_path: Path) -> None:
    for channel, found in ((OHMIC, [-1, 1]), (INJECTING, [-1, -1])):
        case = load(case_of(tmp_path, channel))
        assert Simulation(case.device, case.solver).built.tables.sealed.tolist() == found
