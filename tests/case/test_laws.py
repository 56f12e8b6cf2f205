"""Laws of materials, interfaces and contacts in a case: each mistake in one line, each law written back as it is."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from tomli_w import dumps

from eisfv.case import Case, CaseError, load
from eisfv.case.file_tree import read_toml
from eisfv.materials import library
from eisfv.model.back_gate import BackGate
from eisfv.model.contacts import OhmicContact
from eisfv.model.species import Bound, Solvated
from eisfv.model.vtf import Vtf

MAIN = Path(__file__).parents[2] / "cases" / "mg_wo3_pulses" / "case.toml"


def sourced(value: Any) -> dict[str, Any]:
    return {"value": value, "source": "round numbers"}


TRAPS = {
    "charge": 2,
    "statistics": "bound",
    "of": "Mg",
    "density": sourced("10 mol/m^3"),
    "capture": sourced("5 1/s"),
    "release": sourced("0.2 1/s"),
    "release_energy": sourced("0.6 eV"),
}
SHELL = {"statistics": "solvated", "solvent": sourced("15 mol/l"), "solvation_number": sourced(4.0)}
LAW = {"b": sourced("1000 K"), "t0": sourced("200 K")}


def case_of(folder: Path, species: dict[str, dict[str, Any]], *overrides: str) -> Case:
    """Return the main case on an electrolyte whose species are changed; a key of None is removed."""
    tree = read_toml(library.path("pce_succinonitrile_mg"))
    for name, changes in species.items():
        entry = {**tree["species"].get(name, {}), **changes}
        tree["species"][name] = {key: value for key, value in entry.items() if value is not None}
    (folder / "own.toml").write_text(dumps(tree))
    (folder / "case.toml").write_text(MAIN.read_text().replace('"pce_succinonitrile_mg"', '"own.toml"'))
    return load(folder, list(overrides))


def both(**changes: Any) -> dict[str, dict[str, Any]]:
    """Return ions with shells; the library's dilute ones have no key that these lack."""
    return {"Mg": {**SHELL, **changes}, "TFSI": SHELL}


def test_the_laws_are_read_and_written_back(tmp_path: Path) -> None:
    law = '{law="over_barrier", exchange_current="0.1 uA/cm^2", barrier="0.6 eV"}'
    coupled = '{law="coupled_ion_electron", exchange_current="0.1 uA/cm^2", reorganisation_energy="0.4 eV"}'
    loss = '{kind="ohmic", loss={rate="1 nm/s", activation_energy="0.3 eV"}}'
    species = {**both(vtf=LAW), "trapped": TRAPS}
    case = case_of(
        tmp_path,
        species,
        f"device.interface[0].ion={law}",
        f"device.interface[1].ion={coupled}",
        f"device.contact.channel={loss}",
    )
    found = case.device.regions[1].material.species
    assert isinstance(found["trapped"], Bound)
    assert isinstance(found["Mg"], Solvated)
    assert found["Mg"].vtf == Vtf(1000.0, 200.0)
    (tmp_path / "case.toml").write_text(case.resolved_toml())
    assert load(tmp_path) == case


def test_a_back_gate_is_read_and_written_back_and_asks_for_its_voltage(tmp_path: Path) -> None:
    place = MAIN.parents[1] / "gated_graphene"
    gate = "device.contact.channel.back_gate"
    case = load(place, [f'{gate}={{capacitance="11.5 nF/cm^2", voltage="10 V"}}'])
    channel = case.device.channel
    assert isinstance(channel, OhmicContact)
    assert channel.back_gate == BackGate(1.15e-4, 10.0)
    shutil.copytree(place / "materials", tmp_path / "materials")
    (tmp_path / "case.toml").write_text(case.resolved_toml())
    assert load(tmp_path) == case
    with pytest.raises(CaseError, match=r"back_gate\.voltage is missing; add for example"):
        load(place, [f'{gate}={{capacitance="11.5 nF/cm^2"}}'])


@pytest.mark.parametrize(
    "species, told",
    [
        (
            {"trapped": {**TRAPS, "of": "Mh"}},
            'species.trapped.of = "Mh" is no ion of the material; known are "Mg", "TFSI"',
        ),
        ({"trapped": {**TRAPS, "charge": 1}}, "species.trapped.charge = 1 must be that of Mg, 2"),
        ({"trapped": {**TRAPS, "diffusivity": sourced("1 m^2/s")}}, "is of ions that move, and bound ones do not"),
        ({"trapped": {**TRAPS, "capture": None}}, "species.trapped.capture is missing; add for example"),
        ({"trapped": {**TRAPS, "capture": sourced("5 s")}}, "measures time, not frequency"),
        (both(solvent=sourced("14 mol/l")), "must be that of Mg: one material has one solvent"),
        (both(density=sourced("14 mol/l")), "species.Mg.density is of sites; a solvated ion has a solvent; remove it"),
        (both(solvation_number=sourced(-1.0)), "must be at least 0"),
        ({"Mg": {"vtf": LAW, "activation_energy": sourced("0.3 eV")}}, "stands beside activation_energy; remove one"),
        ({"Mg": {"vtf": {**LAW, "t0": sourced("300 K")}}}, "must be below 298.15 K, where the value is given"),
        ({"Mg": {"hop_threshold": sourced("1 V/nm")}}, "species.Mg.hop_threshold is for a hop_length; add it"),
    ],
)
def test_a_mistake_of_a_material_is_told_in_one_line(tmp_path: Path, species: Any, told: str) -> None:
    with pytest.raises(CaseError) as error:
        case_of(tmp_path, species)
    assert len(error.value.lines) == 1, error.value.lines
    assert told in error.value.lines[0]


@pytest.mark.parametrize(
    "species, override, told",
    [
        (
            {},
            'device.interface[0].ion={law="over_barrier", exchange_current="1 A/m^2"}',
            "barrier is missing; add for example",
        ),
        (
            {},
            'device.interface[0].ion={law="over_barrier", exchange_current="1 A/m^2", barrier="1 eV", '
            'activation_energy="1 eV"}',
            "stands beside a barrier, which is the activation energy itself; remove it",
        ),
        ({}, 'device.contact.channel={kind="ohmic", loss={rate="1 nm"}}', "measures length, not velocity"),
        (
            {},
            'device.contact.channel={kind="ohmic", back_gate={capacitance="11.5 nF/cm^2", voltage="10 V"}}',
            "is of a semiconductor, whose carriers are bands, and",
        ),
        (
            {},
            'device.contact.gate={kind="reversible", electrode="pd_hx"}',
            'exchanges "H", which "mg_wo3" does not have',
        ),
        ({"Mg": {"vtf": LAW}}, 'device.temperature="200 K"', "is not above t0 of the mobility of Mg in electrolyte"),
        ({"Mg": {"vtf": LAW}}, 'device.temperature="202 K"', "makes the mobility of Mg in electrolyte 10^-"),
    ],
)
def test_a_mistake_of_a_device_is_told_in_one_line(tmp_path: Path, species: Any, override: str, told: str) -> None:
    with pytest.raises(CaseError) as error:
        case_of(tmp_path, species, override)
    assert len(error.value.lines) == 1, error.value.lines
    assert told in error.value.lines[0]
