"""A film of one carrier behind a metal that ends no field carries no more than its neighbour brings, and so long as its
carriers last: then the device goes no further."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from eisfv.constants import FARADAY, thermal_voltage
from eisfv.model.steps import CurrentStep
from eisfv.model.waveforms import Constant, Sine
from eisfv.simulation import Simulation, SolverError
from eisfv.spent_places import drained
from eisfv.stepping.state import amounts
from support.films_on_hosts import ELECTRONS, film_on_host

AREA, FILM, MOBILITY, TIME = 1e-10, 10e-9, 1e-10, 1.0  # m2, m, m2/(V s), s
VOLT = thermal_voltage(300.0)
ALONE = '[device.interface.electron]\nlaw = "blocking"'


def film_of(directory: Path, held: float, joint: str = "", gate: str = "ohmic") -> tuple[Simulation, float]:
    """Return a run, and the electrons in the film at rest, mol/m3; held: those of the neutral film."""
    file = directory / "case.toml"
    fixed = f'fixed_charge = {{ value = "{held} mol/m^3", source = "r" }}'
    film = fixed + ELECTRONS + f'concentration = {{ value = "{held} mol/m^3", source = "r" }}'
    file.write_text(film_on_host(film, "10 nm", 50, joint, gate))
    case = load(file)
    made = Simulation(case.device, case.solver.left_to_pilots(processes=1))
    own = made.built.tables.region == 1
    held_now = amounts(made.built.tables, made.state)[own, made.built.number("electron")].sum()
    return made, float(held_now) / (AREA * FILM)


def most(concentration: float) -> float:
    """Return what diffusion brings from the host to a metal that takes all, A: F A D n / h."""
    return FARADAY * AREA * MOBILITY * VOLT * concentration / FILM


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_up_to_what_diffusion_brings_the_film_carries_a_current(tmp_path: Path, share: float) -> None:
    """V = RT/F ln(1 - I/I_most): so few electrons bend no potential."""
    made, concentration = film_of(tmp_path, 1e-3)
    made.run(CurrentStep(TIME, Constant(-share * most(concentration))))  # electrons leave through the channel
    np.testing.assert_allclose(made.voltage / VOLT, np.log(1.0 - share), rtol=1e-4)


@pytest.mark.parametrize("held, share", [(1e-3, 1.01), (1e-3, 2.0), (4.0, 0.9), (4.0, 2.0)])
def test_beyond_it_the_device_goes_no_further(tmp_path: Path, held: float, share: float) -> None:
    """Of a film that begins half full its own charge goes with its electrons, which leaves less to diffuse."""
    made, concentration = film_of(tmp_path, held)
    with pytest.raises(SolverError, match=r"A of them come: then no current can flow") as ended:
        made.run(CurrentStep(TIME, Constant(-share * most(concentration))))
    assert ended.value.failure.of_device


def test_a_film_that_nothing_reaches_carries_one_as_long_as_its_carriers_last(tmp_path: Path) -> None:
    made, concentration = film_of(tmp_path, 0.1, ALONE, "blocking")
    charge = FARADAY * AREA * FILM * concentration
    with pytest.raises(SolverError, match=r"and no more come: then no current can flow") as ended:
        made.run(CurrentStep(TIME, Constant(-1e3 * charge / TIME)))
    assert ended.value.failure.of_device
    np.testing.assert_allclose(made.state.offset, TIME / 1e3, rtol=0.05)


def test_a_current_that_lasts_no_longer_or_is_not_constant_is_not_told(tmp_path: Path) -> None:
    made, concentration = film_of(tmp_path, 1e-3)
    current = -2.0 * most(concentration)
    with pytest.raises(SolverError):
        made.run(CurrentStep(TIME, Constant(current)))
    own = made.built.tables.region == 1
    left = FARADAY * amounts(made.built.tables, made.state)[own, made.built.number("electron")].sum()
    lasts = float(left / (abs(current) - most(concentration)))  # s
    state = made.state._replace(offset=0.0)
    for share, told in ((0.9, 0), (1.1, 1)):
        step = CurrentStep(share * lasts, Constant(current))
        assert len(list(drained(made.built, state, step))) == told
    assert list(drained(made.built, state, replace(step, value=Sine(amplitude=current, frequency=1.0)))) == []
