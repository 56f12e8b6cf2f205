"""What the target writes, says, and refuses."""

import dataclasses
import re
import subprocess
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from pydantic import Field
from pydantic.dataclasses import dataclass

from eisfv.case import load
from eisfv.model import CaseFile
from eisfv.model.contacts import ContactKind
from eisfv.model.interface_laws import Kinetic
from eisfv.model.protocol import CurrentStep
from eisfv.model.record import RECORD, Record
from eisfv.model.section import Section
from eisfv.model.species import Stored
from eisfv.model.waveforms import Constant
from eisfv.postprocess.circuit.target import SPICE, VERILOG, write
from eisfv.postprocess.extract.measured import Extraction, Pulses, Written
from eisfv.result import Run, read
from support import synthetic_run
from support.compact import CASES, Trained, records, run_of
from support.ngspice import needs_ngspice
from support.waiting import PATIENCE
from support.waves import with_fields

NONE = np.empty(0)


@dataclass(frozen=True, config=RECORD)
class MadeUpLaw(Kinetic):
    """A law that no table lists."""

    law: Literal["made_up_law"] = Field(default="made_up_law", kw_only=True)


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


def extraction(*runs: Run, case: CaseFile | None = None) -> Extraction:
    """Return what the target looks at of an extraction: runs and cases."""
    fields = {field.name: NONE for field in dataclasses.fields(Pulses)}
    cases = tuple(case if case is not None else records(run) for run in runs)
    return Extraction(runs, cases, Pulses(**fields), None, None, {})


def refused(case: CaseFile, run: Run, out: Path) -> str:
    """Return the reason why nothing was written for a case."""
    found = write(extraction(run, case=case), out)
    assert isinstance(found, Written)
    assert not found.files
    assert not list(out.iterdir())
    return found.reason


@pytest.fixture(scope="module")
def written(mg: Trained, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """What the target makes of the magnesium run."""
    return write(extraction(mg.run), tmp_path_factory.mktemp("out"))


def test_both_files_a_table_and_a_picture_are_written(written: Written) -> None:
    assert {path.name for path in written.files} == {SPICE, VERILOG}
    assert all(path.is_file() for path in written.files)
    assert written.section is not None
    names = [row[0] for row in written.section.rows[1:]]
    assert names == [name for name in written.quantities if not name.startswith("closure")]
    case = {row[0]: row[3] for row in written.section.rows}
    assert case["exchange_current_channel"] == "0.001 A/m^2"
    for name in names:
        one = written.quantities[name]
        assert one.value is not None
        assert one.low is not None
        assert one.high is not None
        assert one.low < one.value < one.high
        assert one.window == "pulses 1 to 4"
    (picture,) = written.section.figures
    assert picture.png.startswith(b"\x89PNG")


def test_the_errors_of_the_closure_are_told(written: Written) -> None:
    assert written.section is not None
    (told,) = [text for text in written.section.paragraphs if text.startswith("Against the run")]
    for name in ("closure_conductance", "closure_change"):
        value = written.quantities[name].value
        assert value is not None
        assert f"{value:.2%}" in told


def test_a_head_shows_an_instance_and_no_parameter_is_without_use(written: Written) -> None:
    spice, verilog = (path.read_text() for path in written.files)
    assert "* X1 my_gate my_drain my_source my_g synapse" in spice
    assert "// synapse X1(my_gate, my_drain, my_source, my_g);" in verilog
    for text, start, told in ((spice, r"\+ (\w+)=", 2), (verilog, r"    parameter real (\w+) =", 1)):
        names = [found[1] for line in text.splitlines() if (found := re.match(start, line))]
        assert "squares" in names
        assert all(len(re.findall(rf"\b{name}\b", text)) > told for name in names)


@pytest.mark.ngspice
@needs_ngspice
def test_an_instance_may_have_parameters_of_its_own(written: Written, tmp_path: Path) -> None:
    """Twice the width over the length is twice the conductance."""
    lines = [
        "two",
        f".include {written.files[0]}",
        "X1 a 0 0 one synapse",
        "X2 a 0 0 two synapse squares=10",
        "V1 a 0 0",
    ]
    lines += [".control", "tran 1u 10u uic", "print one[length(one)-1] two[length(two)-1]", ".endc", ".end"]
    deck = tmp_path / "deck.cir"
    deck.write_text("\n".join(lines))
    said = subprocess.run(["ngspice", "-b", str(deck)], capture_output=True, text=True, timeout=PATIENCE).stdout
    one, two = (float(value) for value in re.findall(r"length\(\w+\)-1\] = (\S+)", said))
    squares = float(re.findall(r"\+ squares=(\S+)", written.files[0].read_text())[0])
    np.testing.assert_allclose(two / one, 10.0 / squares, rtol=1e-6)


@pytest.mark.ngspice
@needs_ngspice
def test_the_overlay_is_of_ngspice_where_it_is(written: Written) -> None:
    assert written.section is not None
    assert "ngspice" in written.section.figures[0].caption
    assert (written.quantities["closure_change"].value or 1.0) < 0.005


def test_without_ngspice_the_overlay_is_of_python_and_says_so(
    mg: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    found = write(extraction(mg.run), tmp_path)
    assert found.section is not None
    assert "Python" in found.section.figures[0].caption
    assert any("ngspice is not installed" in text for text in found.section.paragraphs)
    assert (found.quantities["closure_change"].value or 1.0) < 0.005


def test_another_run_of_the_device_is_held_against_the_fit(mg: Trained, tmp_path: Path) -> None:
    other = run_of("mg_compact", tmp_path / "other", *[f"protocol[{k}].repeat=1" for k in (1, 2, 3, 4)])
    out = tmp_path / "out"
    out.mkdir()
    found = write(extraction(mg.run, other), out)
    assert found.section is not None
    assert any("not fitted: conductance to" in text for text in found.section.paragraphs)


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


@pytest.mark.parametrize("key, reason", [("ion", "an ion passes"), ("electron", "electrons pass")])
def test_a_law_that_the_model_does_not_know_is_named_and_not_taken_for_another(
    mg: Trained, tmp_path: Path, key: str, reason: str
) -> None:
    first, *others = records(mg.run).device.interface
    interfaces = (with_fields(first, **{key: MadeUpLaw(1.0)}), *others)
    assert f"{reason} an interface by Made-Up-Law" in refused(changed(mg.run, interface=interfaces), mg.run, tmp_path)


def test_a_reactive_contact_of_an_unknown_law_is_refused_by_its_name(ysz: Trained, tmp_path: Path) -> None:
    contact = records(ysz.run).device.contact
    gate = with_fields(contact.gate, law=MadeUpLaw(1.0))
    assert "an ion passes an interface by Made-Up-Law" in refused(
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


@pytest.mark.parametrize("key, what", [("open_circuit", "open-circuit curve"), ("conductivity", "conductivity")])
def test_a_curve_of_an_unknown_form_is_refused_by_its_name(mg: Trained, tmp_path: Path, key: str, what: str) -> None:
    *others, channel = records(mg.run).device.region
    host = with_fields(channel.material, **{key: MadeUpForm()})
    regions = (*others, with_fields(channel, material=host))
    assert f"the {what} of a host is made_up_form" in refused(changed(mg.run, region=regions), mg.run, tmp_path)


def test_statistics_that_the_model_does_not_know_are_refused_by_their_name(mg: Trained, tmp_path: Path) -> None:
    gate, middle, channel = records(mg.run).device.region
    other = with_fields(middle.material, species={**middle.material.species, "other": MadeUpSpecies(1)})
    regions = (gate, with_fields(middle, material=other), channel)
    assert "other follows made_up_statistics statistics" in refused(changed(mg.run, region=regions), mg.run, tmp_path)


def test_a_drive_that_the_model_does_not_know_is_refused_by_its_name(mg: Trained, tmp_path: Path) -> None:
    driven = with_fields(CurrentStep(10.0, Constant(0.0)), drive="made_up_drive")
    case = records(mg.run)
    first, *others = case.protocol
    protocol = (with_fields(driven, duration=first.duration), *others)  # type: ignore[union-attr]
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
