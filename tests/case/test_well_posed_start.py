"""Starts that have no answer: an emptied film, a plane with more charge than a solid bears."""

from pathlib import Path

import numpy as np
import pytest

from case.one_rule_case import AMPERE, BLOCKING, CASE, OHMIC, OPEN, PASSING, VOLT, E, judged
from eisfv.case import CaseError, load
from eisfv.case.emptied_films import after_contact
from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY
from eisfv.model.steps import CurrentStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation, SolverError

REGIONS = """
[[device.region]]
name = "e"
material = "e0"
thickness = "10 nm"
[[device.region]]
name = "h"
material = "h0"
thickness = "10 nm"
initial.x = 0.2
[[device.region]]
name = "film"
material = "film"
thickness = "10 nm"
"""
JOINTS = f"""
[[device.interface]]
between = ["e", "h"]
{PASSING}
[[device.interface]]
between = ["h", "film"]
"""
FILM = """
[material.film]
kind = "semiconductor"
relative_permittivity = {{ value = 9.0, source = "r" }}
fixed_charge = {{ value = "{0} mol/m^3", source = "r" }}
[material.film.species.electron]
charge = -1
statistics = "band"
filling = "boltzmann"
density = {{ value = "40 mol/m^3", source = "r" }}
mobility = {{ value = "1e-4 m^2/V/s", source = "r" }}
concentration = {{ value = "{0} mol/m^3", source = "r" }}
"""
INJECTING = 'kind = "injecting"\ncarrier = "electron"\nbarrier = "0.3 eV"'


EMPTIES, FILLS = 1.0, -0.2  # V: of a host whose electrons stand far below, or above, those of the film


def film_on_host(directory: Path, volts: float, channel: str = OHMIC, drive: str = OPEN) -> Path:
    """Return the file of a film of 1e-3 mol/m3 on a host with a standard potential."""
    curve = f'form = "analytic"\nstandard = {{ value = "{volts} V", source = "r" }}'
    file = directory / "case.toml"
    text = CASE.format(regions=REGIONS, joints=JOINTS, gate=BLOCKING, channel=channel, drive=drive, curve=curve, e0="")
    file.write_text(text + FILM.format(1e-3))
    return file


@pytest.mark.parametrize("drive", [OPEN, AMPERE])
def test_an_emptied_film_behind_a_metal_without_field_is_refused(tmp_path: Path, drive: str) -> None:
    with pytest.raises(CaseError) as error:
        load(film_on_host(tmp_path, EMPTIES, drive=drive))
    (line,) = error.value.lines
    assert "device.contact.channel: ohmic on film, which h empties to" in line
    assert 'take "injecting" with a barrier' in line


def test_its_current_has_no_solution_indeed(tmp_path: Path) -> None:
    case = load(film_on_host(tmp_path, EMPTIES, drive=VOLT))
    with pytest.raises(SolverError):
        Simulation(case.device, case.solver).run(CurrentStep(1e-6, Constant(1e-12)))


@pytest.mark.parametrize(
    "volts, channel, drive", [(EMPTIES, INJECTING, OPEN), (EMPTIES, OHMIC, VOLT), (FILLS, OHMIC, OPEN)]
)
def test_one_whose_metal_ends_the_field_that_is_filled_or_at_a_voltage_runs(
    tmp_path: Path, volts: float, channel: str, drive: str
) -> None:
    case = load(film_on_host(tmp_path, volts, channel, drive))
    simulation = Simulation(case.device, case.solver)
    for step in case.protocol:
        simulation.run(step)


def test_what_a_film_keeps_is_what_it_starts_with(tmp_path: Path) -> None:
    """The start solves Poisson's equation with both at one level; the rule knows their bulks alone."""
    case = load(film_on_host(tmp_path, EMPTIES, drive=VOLT))
    left, _ = after_contact(case.device, 2, 1)
    simulation = Simulation(case.device, case.solver)
    own, electron = simulation.built.mesh.region == 2, simulation.built.number("electron")
    np.testing.assert_allclose(simulation.profile().concentration[own, electron], left, rtol=0.02)


@pytest.mark.parametrize("share, refused", [(0.9, False), (1.1, True)])
def test_a_plane_whose_charge_no_solid_bears_is_refused(tmp_path: Path, share: float, refused: bool) -> None:
    coverage = 0.5
    sites = share * 2e9 * 2.0 * 6.0 * VACUUM_PERMITTIVITY / (FARADAY * coverage)
    plane = (
        f'{PASSING}\nadsorbed.plane = {{ of = "H", region = "e", sites = "{sites} mol/m^2", capture = "1e-9 m/s", '
        f'release = "1 1/s", coverage = {coverage} }}'
    )
    lines, _ = judged(tmp_path, E, ("f", "e0", "10 nm", None), joint=plane, channel=BLOCKING, drive=OPEN)
    assert len(lines) == refused
    assert all("the charge of plane at the start, 0.234 C/m2, makes a field of 2.2 V/nm" in line for line in lines)
