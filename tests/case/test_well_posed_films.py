"""What no film of a semiconductor can do is refused with the figure; the same device with the remedy passes."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.case import CaseError, load
from eisfv.constants import FARADAY, GAS_CONSTANT
from eisfv.device.electron_paths import closed
from eisfv.failure_causes import stranded
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation

CASE = """
[case]
title = "a gated film"
[device]
temperature = "{kelvin} K"
area = "1 um^2"
[[device.region]]
name = "oxide"
material = "oxide"
thickness = "20 nm"
[[device.region]]
name = "film"
material = "film"
thickness = "10 nm"
[[device.interface]]
between = ["oxide", "film"]
[device.contact.gate]
kind = "blocking"
[device.contact.channel]
{channel}
[[protocol]]
drive = "open_circuit"
duration = "1 ms"
[[protocol]]
drive = "current"
value = "{current}"
duration = "1 ms"
[material.oxide]
kind = "electrolyte"
relative_permittivity = {{ value = 9.0, source = "r" }}
[material.oxide.species]
[material.film]
kind = "semiconductor"
relative_permittivity = {{ value = 9.0, source = "r" }}
{doped}
[material.film.species.electron]
charge = -1
statistics = "band"
filling = "boltzmann"
density = {{ value = "40 mol/m^3", source = "r" }}
mobility = {{ value = "1e-4 m^2/V/s", source = "r" }}
{held}
"""
OHMIC, INJECTING = 'kind = "ohmic"', 'kind = "injecting"\ncarrier = "electron"\nbarrier = "0.3 eV"'
HELD = 1e-3  # mol/m3


def case_of(directory: Path, channel: str, current: str = "0 A", held: bool = True, kelvin: float = 300.0) -> Path:
    """Return the file of a film with or without carriers of its own."""
    amount = f'{{ value = "{HELD} mol/m^3", source = "r" }}'
    doped, own = (f"fixed_charge = {amount}", f"concentration = {amount}") if held else ("", "")
    file = directory / "case.toml"
    file.write_text(CASE.format(channel=channel, current=current, doped=doped, held=own, kelvin=kelvin))
    return file


def refused(file: Path) -> list[str]:
    try:
        load(file)
    except CaseError as error:
        return [line.removeprefix(f"{file}: ") for line in error.lines]
    return []


def test_an_ohmic_metal_on_a_film_without_carriers_has_no_level(tmp_path: Path) -> None:
    line = (
        "device.contact.channel: ohmic on film, which holds no electron of its own: nothing tells the level of the "
        "metal; give the electron a concentration and film the fixed_charge that balances it, or take "
        '"injecting" with a barrier'
    )
    assert refused(case_of(tmp_path, OHMIC, held=False)) == [line]
    assert refused(case_of(tmp_path, INJECTING, held=False)) == []
    assert refused(case_of(tmp_path, OHMIC)) == []


def test_a_current_that_takes_more_carriers_than_there_are_is_refused_with_the_time(tmp_path: Path) -> None:
    # F c L A = 96485 x 1e-3 x 1e-8 x 1e-12 = 9.6485e-19 C; at twice the current that takes them in 1 ms: 0.5 ms
    line = (
        "protocol[1]: -1.93e-15 A takes the last electron out of film after 500 µs of 1 ms, and then no current can "
        'flow; take a smaller current or charge, or device.contact.channel.kind = "injecting", which ends the field'
    )
    assert refused(case_of(tmp_path, OHMIC, "-1.92971e-15 A")) == [line]
    assert refused(case_of(tmp_path, OHMIC, "1.92971e-15 A")) == []  # it brings them
    assert refused(case_of(tmp_path, OHMIC, "-0.9e-15 A")) == []
    assert refused(case_of(tmp_path, INJECTING, "-1.92971e-15 A")) == []


@pytest.mark.parametrize("kelvin", [200.0, 400.0])
def test_an_empty_film_starts_level_with_its_metal_a_barrier_away(tmp_path: Path, kelvin: float) -> None:
    """Its edge is where potentials count from: V = -b/e at any temperature, and no charge anywhere."""
    case = load(case_of(tmp_path, INJECTING, held=False, kelvin=kelvin))
    simulation = Simulation(case.device, case.solver)
    np.testing.assert_allclose(simulation.voltage, -0.3, rtol=1e-9)
    assert abs(simulation.state.charge) * FARADAY < 1e-3 * FARADAY * 40.0 * 1e-8 * 1e-12
    for step in case.protocol:
        simulation.run(step)
    np.testing.assert_allclose(simulation.voltage, -0.3, rtol=1e-6)


def test_a_film_that_a_gate_has_emptied_is_told_where_open_circuit_follows(tmp_path: Path) -> None:
    """At -1 V hardly a carrier is left. An ohmic metal then holds no voltage, a barrier does."""
    for channel, told in ((OHMIC, 1), (INJECTING, 0)):
        case = load(case_of(tmp_path, channel))
        simulation = Simulation(case.device, case.solver)
        assert list(stranded(simulation.built, simulation.state)) == []
        simulation.run(VoltageStep(1e-3, Constant(-1.0)))
        lines = list(stranded(simulation.built, simulation.state))
        assert ["film has lost its electrons" in line and "the channel is at no voltage" in line for line in lines] == [
            True
        ] * told


OHMIC_ELECTRON = """
[material.oxide.species.electron]
charge = -1
statistics = "ohmic"
conductivity = { value = "1e-9 S/m", source = "r" }
"""


@pytest.mark.parametrize("gate, closed_off", [("blocking", True), ("ohmic", False)])
def test_electrons_that_reach_nothing_else_leave_a_film_closed(tmp_path: Path, gate: str, closed_off: bool) -> None:
    file = case_of(tmp_path, OHMIC)
    text = file.read_text().replace("[material.oxide.species]\n", OHMIC_ELECTRON).replace('"blocking"', f'"{gate}"')
    file.write_text(text)
    assert closed(load(file).device, 1) is closed_off


@pytest.mark.parametrize(
    "current, lasts, told",
    [
        ("-10 nA", 2.1, 1),
        ("-10 nA", 1.9, 0),
        ("10 nA", 2.1, 0),  # electrons enter
        ("-3 nA", 2.1, 0),  # slower than the film answers
    ],
)
def test_a_current_that_outruns_the_carriers_of_a_film_is_refused(
    tmp_path: Path, current: str, lasts: float, told: int
) -> None:
    flux = abs(float(current.split()[0])) * 1e-9 / FARADAY / 1e-12
    diffusivity = 1e-4 * GAS_CONSTANT * 300.0 / FARADAY
    sand = np.pi * diffusivity * (HELD / (2.0 * flux)) ** 2
    file = case_of(tmp_path, OHMIC, current)
    before, after = file.read_text().split(f'value = "{current}"\nduration = "1 ms"')
    text = f'{before}value = "{current}"\nduration = "{lasts * sand} s"{after}'
    file.write_text(text.replace('thickness = "10 nm"', 'thickness = "1 um"'))
    lines = refused(file)
    when = f"after {sand * 1e12:.3g} ps of "
    taken = f"protocol[1]: -1e-08 A takes the last electron from beside the metal of film {when}"
    assert [line.startswith(taken) for line in lines] == told * [True], lines
