"""What the target writes and says."""

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.circuit import target
from eisfv.postprocess.circuit.target import SPICE, VERILOG, write
from eisfv.postprocess.extract.measured import Written
from support.compact import Trained, extraction, run_of
from support.ngspice import needs_ngspice
from support.waiting import PATIENCE


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


def test_a_model_that_misses_the_changes_says_so_in_its_files(
    mg: Trained, written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert written.warning == ""
    assert not any("does not follow" in path.read_text() for path in written.files)
    monkeypatch.setattr(target, "LARGEST_ERROR", 1e-9)
    poor = write(extraction(mg.run), tmp_path)
    value = poor.quantities["closure_change"].value
    assert value is not None
    assert f"The model does not follow this run: it misses {value:.0%} of the changes." in poor.warning
    assert all(poor.warning in path.read_text() for path in poor.files)


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


@pytest.mark.long
def test_another_run_of_the_device_is_held_against_the_fit(mg: Trained, tmp_path: Path) -> None:
    other = run_of("mg_compact", tmp_path / "other", *[f"protocol[{k}].repeat=1" for k in (1, 2, 3, 4)])
    out = tmp_path / "out"
    out.mkdir()
    found = write(extraction(mg.run, other), out)
    assert found.section is not None
    assert any("not fitted: conductance to" in text for text in found.section.paragraphs)
