"""A contact with a resistance: Ohm's law in series, the ohmic contact as its limit, and what a case says of it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfv.case import CaseError, load
from eisfv.device.device import Device
from eisfv.model.contacts import Contact, OhmicContact, ResistiveContact
from eisfv.model.regions import Initial, Region
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import AREA, TEMPERATURE, mg_stack, wo3
from support.runs import held
from support.small_case import small_case

VOLTS = 1e-4
RESISTANCE = 3e-9  # ohm m2, as much as some of the film's own
TIGHT = SolverOptions(newton=1e-9)


def film(contact: Contact) -> Device:
    """Return a host between two contacts."""
    region = Region("film", wo3(), 80e-9, Initial(0.1))
    return Device(TEMPERATURE, AREA, (region,), (), contact, contact)


def resistance(contact: Contact) -> float:
    """Return V/I (ohm) of a film between two contacts."""
    simulation = Simulation(film(contact), TIGHT)
    simulation.run(VoltageStep(1e-9, Constant(VOLTS)))
    return VOLTS / simulation.current


def test_the_resistances_add_up() -> None:
    bare = resistance(OhmicContact())
    np.testing.assert_allclose(resistance(ResistiveContact(RESISTANCE)), bare + 2.0 * RESISTANCE / AREA, rtol=1e-4)
    assert 0.01 * bare < 2.0 * RESISTANCE / AREA


def test_without_resistance_it_is_the_ohmic_contact() -> None:
    np.testing.assert_allclose(resistance(ResistiveContact(1e-20)), resistance(OhmicContact()), rtol=1e-4)


def test_at_rest_it_is_the_ohmic_contact_and_ions_do_not_pass() -> None:
    contact = ResistiveContact(1e-3)
    simulation = Simulation(replace(mg_stack(), gate=contact, channel=contact), TIGHT)
    np.testing.assert_allclose(simulation.voltage, Simulation(mg_stack()).voltage, atol=1e-12)
    before = held(simulation).sum(axis=0)
    simulation.run(OpenCircuitStep(0.1))
    simulation.run(VoltageStep(0.1, Constant(0.5)))
    np.testing.assert_allclose(held(simulation).sum(axis=0)[:2], before[:2], rtol=1e-13)


def test_a_case_takes_it_and_writes_it_back(tmp_path: Path) -> None:
    case = small_case(tmp_path)
    (tmp_path / "case.toml").write_text(case.resolved_toml())
    resistive = load(tmp_path, ['device.contact.channel={kind="resistive", resistance="1e-3 ohm cm^2"}'])
    assert resistive.device.channel == ResistiveContact(1e-7)
    (tmp_path / "case.toml").write_text(resistive.resolved_toml())
    assert load(tmp_path) == resistive


@pytest.mark.parametrize(
    "contact, told",
    [
        ('{kind="resistive"}', "device.contact.channel.resistance is missing"),
        ('{kind="resistive", resistance="1 ohm"}', "measures resistance, not resistance times area"),
        ('{kind="resistiv", resistance="1 ohm cm^2"}', 'did you mean "resistive"'),
    ],
)
def test_a_mistake_is_told_in_one_line(tmp_path: Path, contact: str, told: str) -> None:
    case = small_case(tmp_path)
    (tmp_path / "case.toml").write_text(case.resolved_toml())
    with pytest.raises(CaseError) as error:
        load(tmp_path, [f"device.contact.channel={contact}"])
    assert len(error.value.lines) == 1
    assert told in error.value.lines[0]
