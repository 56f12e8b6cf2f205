"""Currents that find no way: ions that pass neither end of a region, planes that nothing passes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from case.one_rule_case import BLOCKING, OHMIC, E, Tell, host
from case.test_well_posed_films import HELD, INJECTING, case_of, refused
from eisfv.case import charged_planes, drive_size, load, sealed_regions
from eisfv.case.case import Case
from eisfv.constants import BEYOND_REASON, FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.equations.unknowns import potential
from eisfv.model.steps import CurrentStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation

IONS = FARADAY * 20.0 * 10e-9 * 1e-6  # C: cations and anions of 10 mol/m3 in 10 nm on 1 mm2
ELECTRONS = 1e5  # ohm: 10 nm of 1e-7 S/m on 1 mm2
LESS = "; no device bears that: take a smaller current, or regions that conduct it better"
DRIVE = 'drive = "current"\nvalue = "{}"\nduration = "1 ms"'


def test_what_ions_that_pass_neither_end_cannot_carry_meets_the_electrons(told: Tell) -> None:
    # (0.1 A x 1 ms - 19.3 nC) / (1 ms / 100 kohm + 5.31 nF); the 1.3 kohm of ions that go on would make 132 V of it.
    where = "most of it in e, whose ions or carriers pass neither end"
    line = f"protocol[0]: 0.1 A for 1 ms needs at least 6.53 kV, {where}{LESS}"
    assert told(E, gate=OHMIC, channel=OHMIC, drive=DRIVE.format("0.1 A"))[0] == [line]


def test_ions_that_pass_one_end_are_not_counted(told: Tell) -> None:
    assert told(E, host("h", 0.1), gate=OHMIC, channel=OHMIC, drive=DRIVE.format("0.1 A"))[0] == []


def test_a_current_that_the_electrons_carry_passes_and_meets_no_less(told: Tell, tmp_path: Path) -> None:
    assert told(E, gate=OHMIC, channel=OHMIC, drive=DRIVE.format("1 uA")) == ([], [])
    case, current, time = load(tmp_path / "case.toml"), 1e-6, 0.5  # s: long behind what the ions carry, 19 ms
    step = CurrentStep(time, Constant(current))
    simulation = Simulation(case.device)
    simulation.run(step)
    ((_, _, bound, _),) = drive_size.needed(case.device, replace(case.file, protocol=(step,)))
    np.testing.assert_allclose(bound, (current * time - IONS) / (time / ELECTRONS + 5.3125e-9), rtol=1e-3)
    assert bound < abs(simulation.voltage) < 1.05 * bound


@pytest.mark.parametrize("share, told_of", [(0.99, 0), (1.01, 1)])
@pytest.mark.parametrize("neutral", [True, False])
def test_a_current_meets_the_resistance_of_an_electroneutral_region_however_short_it_is(
    told: Tell, share: float, told_of: int, neutral: bool
) -> None:
    # Of cations and anions, 10 mol/m3 each of 1e-13 m2/s, and of electrons; 1 ns charges the dielectric by 0.2 V.
    conducts = 20.0 * 1e-13 * FARADAY**2 / (GAS_CONSTANT * 298.15) + 1e-7
    current = share * BEYOND_REASON * conducts * 1e-6 / 10e-9
    drive = f'drive = "current"\nvalue = "{current} A"\nduration = "1 ns"'
    e0 = "electroneutral = true" if neutral else ""
    lines, _ = told(host("h", 0.3), E, host("g", 0.3), gate=OHMIC, drive=drive, e0=e0)
    assert sum("needs at least 1.0" in line and line.endswith(LESS) for line in lines) == (told_of if neutral else 0)
    assert len(lines) == (told_of if neutral else 0)


def film_on_oxide(directory: Path, current: str) -> Case:
    """Return the case of a film from which nothing passes to the oxide on it."""
    return load(case_of(directory, INJECTING, current))


def test_a_plane_that_nothing_passes_has_the_field_of_what_is_driven(tmp_path: Path) -> None:
    # 100 nA for 1 ms on 1 um2: 100 C/m2.
    field = 100.0 / (2.0 * 9.0 * VACUUM_PERMITTIVITY) * 1e-9
    lines = refused(case_of(tmp_path, INJECTING, "100 nA"))
    assert (
        f"oxide | film: nothing passes it: what the currents drive onto it makes a field of {field:.3g} V/nm in oxide "
        "at least, at 57 V/nm even tungsten evaporates; drive less charge, or let ions or electrons of both sides pass"
    ) in lines
    case = film_on_oxide(tmp_path, "1 nA")
    (told,) = [line for line in charged_planes.warnings(case.device, case.file) if line.startswith("oxide | film")]
    assert f"{1e-2 * field:.3g} V/nm in oxide at least, beyond any solid's breakdown" in told


def test_its_field_is_what_a_run_comes_to(tmp_path: Path) -> None:
    case = film_on_oxide(tmp_path, "0.1 pA")
    named = charged_planes.fields_of_charge(case.device, case.file)
    (bound,) = [field for plane, field in named if plane.name.startswith("oxide | film")]
    simulation = Simulation(case.device)
    mesh, falls = simulation.built.mesh, []
    inside = (mesh.distance > 0.0) & (mesh.region[mesh.left] == 0) & (mesh.region[mesh.right] == 0)
    for step in case.file.protocol or ():
        simulation.run(step)
        volts = potential(simulation.state.at.u) * simulation.thermal_voltage
        falls.append((volts[mesh.left] - volts[mesh.right])[inside] / mesh.distance[inside])
    # It begins without a charge, so that the swing is all of it.
    np.testing.assert_allclose(falls[-1] - falls[0], 2.0 * bound, rtol=1e-3)


@pytest.mark.parametrize("joint, planes", [('ion = { law = "blocking" }', 1), ('ion = { law = "continuous" }', 0)])
def test_a_plane_is_sealed_where_every_species_is_stopped(told: Tell, tmp_path: Path, joint: str, planes: int) -> None:
    stopped = joint + '\nelectron = { law = "blocking" }'
    assert told(E, host("h", 0.1), gate=BLOCKING, channel=OHMIC, joint=stopped)[0] == []
    assert len(list(sealed_regions.sealed_planes(load(tmp_path / "case.toml").device))) == planes


@pytest.mark.parametrize("channel, kept", [(BLOCKING, True), (INJECTING, False), (OHMIC, False)])
def test_carriers_of_a_film_are_counted_where_its_metal_takes_none(tmp_path: Path, channel: str, kept: bool) -> None:
    held = sealed_regions.kept_charge(load(case_of(tmp_path, channel)).device, 1)
    assert (held is not None) == kept
    if held is not None:
        np.testing.assert_allclose(held, FARADAY * HELD * 10e-9 * 1e-12, rtol=1e-12)


def test_ions_at_the_sites_of_a_wall_answer_what_is_driven_onto_it(told: Tell, tmp_path: Path) -> None:
    sites, current = 1e-6, 1e-3  # mol/m2, A: 1 C/m2 in 1 ms
    plane = f'adsorbed.plane = {{ of = "H", sites = "{sites} mol/m^2", capture = "1e-9 m/s", release = "1 1/s" }}'
    told(E, host("h", 0.1), gate=f"{BLOCKING}\n{plane}", drive=DRIVE.format(f"{current} A"))
    case = load(tmp_path / "case.toml")
    ((_, field),) = charged_planes.fields_of_charge(case.device, case.file)
    np.testing.assert_allclose(field, (1.0 - FARADAY * sites) / (2.0 * 6.0 * VACUUM_PERMITTIVITY), rtol=1e-9)
