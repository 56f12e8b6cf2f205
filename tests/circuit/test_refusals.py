"""What has no place in the compact model, and what is said of it."""

from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import Field
from pydantic.dataclasses import dataclass

from eisfv.case import load
from eisfv.model import CaseFile
from eisfv.model.adsorption import Adsorption
from eisfv.model.contacts import ContactKind, OhmicContact, ResistiveContact
from eisfv.model.diffusion import ConstantDiffusion
from eisfv.model.interface_laws import BarrierTransfer, CoupledTransfer, Kinetic, MarcusHushChidsey
from eisfv.model.record import RECORD, Record
from eisfv.model.section import Section
from eisfv.model.species import Bound, Stored
from eisfv.model.steps import CurrentStep, Timed
from eisfv.model.surface_loss import SurfaceLoss
from eisfv.model.waveforms import Constant
from eisfv.postprocess.circuit.target import write
from eisfv.postprocess.extract.measured import Written
from eisfv.result import Run, read
from support import synthetic_run
from support.compact import CASES, Trained, extraction, records
from support.waves import with_fields


@dataclass(frozen=True, config=RECORD)
class MadeUpLaw(Kinetic):
    """A law that no table lists."""

    law: Literal["made_up_law"] = Field(default="made_up_law", kw_only=True)

    def parameters(self, temperature: float) -> tuple[float, ...]:
        return ()


# Laws without a place in the compact model, and their names in words.
UNKNOWN_LAWS = [
    (MadeUpLaw(1.0), "Made-Up-Law"),
    (MarcusHushChidsey(1.0, 5e4), "Marcus-Hush-Chidsey"),
    (CoupledTransfer(1.0, 5e4), "Coupled-Ion-Electron"),
    (BarrierTransfer(1.0, 5e4), "Over-Barrier"),
]


@dataclass(frozen=True, config=RECORD)
class MadeUpContact(ContactKind):
    """A contact that no table lists."""

    kind: Literal["made_up_contact"] = "made_up_contact"


@dataclass(frozen=True, config=RECORD)
class MadeUpForm(Record):
    """A curve that no table lists."""

    form: Literal["made_up_form"] = "made_up_form"
    activation_energy: float = 0.0


@dataclass(frozen=True, config=RECORD)
class MadeUpSpecies(Stored):
    """A species of statistics that no table lists."""

    statistics: Literal["made_up_statistics"] = Field(default="made_up_statistics", kw_only=True)


def refused(case: CaseFile, run: Run, out: Path) -> str:
    """Return the reason why nothing was written for a case."""
    found = write(extraction(run, case=case), out)
    assert isinstance(found, Written)
    assert not found.files
    assert not list(out.iterdir())
    return found.reason


def changed(run: Run, **changes: Any) -> CaseFile:
    """Return a run's case with parts of its device changed."""
    case = records(run)
    return with_fields(case, device=with_fields(case.device, **changes))


def test_what_has_no_place_in_the_model_is_refused_with_the_reason(mg: Trained, tmp_path: Path) -> None:
    case = records(mg.run)
    assert "section" in refused(changed(mg.run, section=Section(depth=1e-6)), mg.run, tmp_path)
    assert "host | electrolyte | host" in refused(changed(mg.run, region=case.device.region[:1]), mg.run, tmp_path)
    assert "conductance" in refused(with_fields(case, readout=None), mg.run, tmp_path)
    assert "case.resolved.toml does not state a stack: it lacks device.area" in refused(
        changed(mg.run, area=None), mg.run, tmp_path
    )


@pytest.mark.parametrize("law, name", UNKNOWN_LAWS)
@pytest.mark.parametrize("key, reason", [("ion", "an ion passes"), ("electron", "electrons pass")])
def test_a_law_that_the_model_does_not_know_is_named_and_not_taken_for_another(
    mg: Trained, tmp_path: Path, key: str, reason: str, law: Kinetic, name: str
) -> None:
    first, *others = records(mg.run).device.interface
    interfaces = (with_fields(first, **{key: law}), *others)
    assert f"{reason} an interface by {name};" in refused(changed(mg.run, interface=interfaces), mg.run, tmp_path)


@pytest.mark.parametrize("law, name", UNKNOWN_LAWS)
def test_a_reactive_contact_of_an_unknown_law_is_refused_by_its_name(
    ysz: Trained, tmp_path: Path, law: Kinetic, name: str
) -> None:
    contact = records(ysz.run).device.contact
    gate = with_fields(contact.gate, law=law)
    assert f"an ion passes an interface by {name};" in refused(
        changed(ysz.run, contact=with_fields(contact, gate=gate)), ysz.run, tmp_path
    )


@pytest.mark.parametrize("name", ["mg", "ysz"])
@pytest.mark.parametrize("end", ["gate", "channel"])
def test_a_contact_that_the_model_does_not_know_is_refused_by_its_name(
    name: str, end: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    run = request.getfixturevalue(name).run
    contact = with_fields(records(run).device.contact, **{end: MadeUpContact()})
    assert "contact is made_up_contact" in refused(changed(run, contact=contact), run, tmp_path)


@pytest.mark.parametrize("end, what", [("gate", "reservoir"), ("channel", "channel")])
def test_a_resistive_contact_is_not_taken_for_an_ohmic_one(mg: Trained, end: str, what: str, tmp_path: Path) -> None:
    contact = with_fields(records(mg.run).device.contact, **{end: ResistiveContact(1e-3)})
    reason = refused(changed(mg.run, contact=contact), mg.run, tmp_path)
    assert f"the {what}'s contact is resistive, not ohmic" in reason


@pytest.mark.parametrize("key, what", [("open_circuit", "open-circuit curve"), ("conductivity", "conductivity")])
def test_a_curve_of_an_unknown_form_is_refused_by_its_name(mg: Trained, tmp_path: Path, key: str, what: str) -> None:
    *others, channel = records(mg.run).device.region
    host = with_fields(channel.material, **{key: MadeUpForm()})
    regions = (*others, with_fields(channel, material=host))
    assert f"the {what} of a host is made_up_form" in refused(changed(mg.run, region=regions), mg.run, tmp_path)


def test_a_diffusivity_that_follows_x_is_refused_by_its_law(mg: Trained, tmp_path: Path) -> None:
    *others, channel = records(mg.run).device.region
    for law, reason in (
        (ConstantDiffusion("chemical"), "follows x (constant, chemical)"),
        (ConstantDiffusion("tracer"), ""),
    ):
        host = with_fields(channel.material, diffusion=law)
        case = changed(mg.run, region=(*others, with_fields(channel, material=host)))
        if reason:
            assert reason in refused(case, mg.run, tmp_path)
        else:
            assert write(extraction(mg.run, case=case), tmp_path).files


def test_traps_and_surfaces_that_lose_ions_are_refused_by_their_law(mg: Trained, tmp_path: Path) -> None:
    gate, middle, channel = records(mg.run).device.region
    free = channel.material.host.working_ion.charge
    traps = Bound(free, of="Mg", density=1.0, capture=1.0, release=1.0)
    host = with_fields(channel.material, species={**channel.material.species, "traps": traps})
    regions = (gate, middle, with_fields(channel, material=host))
    assert "traps is bound at traps in channel" in refused(changed(mg.run, region=regions), mg.run, tmp_path)
    first, second = records(mg.run).device.interface
    sites = {"held": Adsorption(of="Mg", sites=1e-8, capture=1e-9, release=1.0, region="electrolyte")}
    joints = (first, with_fields(second, adsorbed=sites))
    assert "ions adsorb between electrolyte and channel" in refused(changed(mg.run, interface=joints), mg.run, tmp_path)
    contact = with_fields(records(mg.run).device.contact, channel=OhmicContact(loss=SurfaceLoss(1e-9)))
    assert "a contact's surface loses ions" in refused(changed(mg.run, contact=contact), mg.run, tmp_path)


def test_a_threshold_of_hopping_is_refused(ysz: Trained, tmp_path: Path) -> None:
    first, *others = records(ysz.run).device.region
    ions = {
        name: with_fields(one, hop_threshold=1e8) if name == "H" else one
        for name, one in first.material.species.items()
    }
    regions = (with_fields(first, material=with_fields(first.material, species=ions)), *others)
    assert "H hops from a threshold field on" in refused(changed(ysz.run, region=regions), ysz.run, tmp_path)


def test_statistics_that_the_model_does_not_know_are_refused_by_their_name(mg: Trained, tmp_path: Path) -> None:
    gate, middle, channel = records(mg.run).device.region
    other = with_fields(middle.material, species={**middle.material.species, "other": MadeUpSpecies(1)})
    regions = (gate, with_fields(middle, material=other), channel)
    assert "other follows made_up_statistics statistics" in refused(changed(mg.run, region=regions), mg.run, tmp_path)


def test_a_drive_that_the_model_does_not_know_is_refused_by_its_name(mg: Trained, tmp_path: Path) -> None:
    driven = with_fields(CurrentStep(10.0, Constant(0.0)), drive="made_up_drive")
    case = records(mg.run)
    first, *others = case.protocol
    assert isinstance(first, Timed)
    protocol = (with_fields(driven, duration=first.duration), *others)
    assert "the drive of a step is made_up_drive" in refused(with_fields(case, protocol=protocol), mg.run, tmp_path)


def test_a_run_without_pulses_is_refused_with_the_reason(mg: Trained, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    silent = read(synthetic_run.finished(tmp_path / "run"))
    assert "no finished pulse" in refused(records(mg.run), silent, out)


def test_a_section_on_disk_is_refused(tmp_path: Path) -> None:
    case = load(CASES / "h_ysz_3um_section").file
    assert "section" in refused(case, read(synthetic_run.finished(tmp_path / "run")), made(tmp_path / "out"))


def made(path: Path) -> Path:
    path.mkdir()
    return path
