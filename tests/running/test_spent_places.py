"""Where the carriers of a run are spent is told with the figures of the state."""

import re
from pathlib import Path

import numpy as np
import pytest

from case.test_well_posed_films import HELD, INJECTING, OHMIC, case_of
from eisfv.case import load
from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.simulation import Simulation
from eisfv.spent_places import bare, slow, starved
from support.devices import binary, h_stack, one_layer


def test_a_film_slower_than_its_current_is_told_with_both_times_where_no_field_ends(tmp_path: Path) -> None:
    case = load(case_of(tmp_path, OHMIC))
    simulation = Simulation(case.device, case.solver)
    answers = 9.0 * VACUUM_PERMITTIVITY / (FARADAY * 1e-4 * HELD)  # eps/sigma, s
    (line,) = slow(simulation.built, simulation.state, 0.5 * answers)
    assert f"the carriers of film answer within {answers:.2g} s, and the current lasts {0.5 * answers:.2g} s" in line
    assert list(slow(simulation.built, simulation.state, 2.0 * answers)) == []
    injecting = Simulation(load(case_of(tmp_path, INJECTING)).device, case.solver)
    assert list(slow(injecting.built, injecting.state, 1e-30)) == []


@pytest.mark.parametrize("volts, share, told", [(20.0, 1e-5, 1), (20.0, 0.1, 0), (1.0, 1e-5, 0)])
def test_an_end_without_ions_across_which_many_volts_fall_is_told(volts: float, share: float, told: int) -> None:
    simulation = Simulation(one_layer(binary(10.0), 1e-6))
    at, cation = simulation.state.at, of_species(simulation.built.number("cation"))
    u = at.u.copy()
    u[0, POTENTIAL] += volts / simulation.thermal_voltage
    u[0, cation] += np.log(share)
    lines = list(starved(simulation.built, simulation.state._replace(at=at._replace(u=u))))
    assert len(lines) == told
    assert all(f"{10.0 * share:.2g} mol/m3 of its cation left at the gate, " in line for line in lines)
    assert all(f"{volts:.3g} V fall there" in line for line in lines)


@pytest.mark.parametrize("share, told", [(1e-4, 1), (0.5, 0)])
def test_a_host_that_has_lost_its_electrons_is_told_with_what_is_left(share: float, told: int) -> None:
    simulation = Simulation(h_stack(x=0.1))
    electron, host = simulation.built.number("electron"), len(simulation.device.regions) - 1
    own = simulation.built.mesh.region == host
    state = simulation.state
    stored, base = state.stored.copy(), state.ledger.base.copy()
    stored[own, electron] *= share
    base[own, electron] *= share
    lines = list(bare(simulation.built, state._replace(stored=stored, ledger=state.ledger._replace(base=base))))
    assert len(lines) == told
    assert all(re.search(rf"channel has lost its electrons \({100.0 * share:.2g} % of those", line) for line in lines)
