"""`check`, `info` and `compare`: what they tell of a case and of a run."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from eisfv.case import load
from support.small_case import DEVICE, OUTPUT, PULSES, write_case

Invoke = Callable[..., Result]
Typed = Callable[..., subprocess.CompletedProcess[str]]

EXPECTED = """
[[quantity]]
name = "charge of the current pulse"
value = "{value}"
tolerance = 1e-6
kind = "exact"
source = "current times time"
from = "pulses"
column = "charge_C"
select = "last 1"
reduce = "first"
"""


def test_check_tells_lengths_times_mesh_and_protocol(tmp_path: Path, invoke: Invoke) -> None:
    result = invoke("check", write_case(tmp_path / "case"))
    assert result.exit_code == 0
    rows = [line.split()[:4] for line in result.stdout.splitlines()]
    assert ["reservoir", "80", "nm", "10"] in rows
    assert ["electrolyte", "1", "µm", "20"] in rows
    for words in ("open-circuit voltage", "9 steps, 4 pulses, 5.6 s", "linear solver banded", "Debye"):
        assert words in result.stdout
    assert not (tmp_path / "case" / "runs").exists()


def test_check_can_be_read_on_a_terminal_without_greek(tmp_path: Path, typed: Typed) -> None:
    result = typed("check", write_case(tmp_path / "case"), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (result.returncode, result.stderr) == (0, "")
    assert "electrolyte" in result.stdout


def test_check_warns_of_a_mesh_that_is_too_coarse(tmp_path: Path, invoke: Invoke) -> None:
    coarse = invoke("check", write_case(tmp_path / "coarse")).stdout
    assert "warning: electrolyte: the smallest cell exceeds the Debye length" in coarse
    graded = DEVICE.partition("[mesh]")[0]
    assert "exceeds" not in invoke("check", write_case(tmp_path / "fine", PULSES, OUTPUT, graded)).stdout


def test_check_warns_of_a_protocol_without_pulses(tmp_path: Path, invoke: Invoke) -> None:
    case = write_case(tmp_path / "case", PULSES.replace(", pulse = true", ""))
    assert "pulses.csv will be empty" in invoke("check", case).stdout


def test_info_without_a_run_tells_versions_solvers_and_materials(invoke: Invoke) -> None:
    text = invoke("info").stdout
    for words in ("eisfv 0", "numpy", "banded", "superlu", "petsc", "mg_wo3"):
        assert words in text


def test_info_tells_how_a_run_went(tmp_path: Path, invoke: Invoke) -> None:
    case = write_case(tmp_path / "case")
    assert invoke("run", case, "--quiet").exit_code == 0
    for place in (case, case / "runs" / "latest"):
        text = invoke("info", place).stdout
        for words in ("finished at t = 5.6 s", "steps", "newton iterations", "wall time", "pulses"):
            assert words in text
        (line,) = (line for line in text.splitlines() if "numerical error" in line)
        assert re.fullmatch(r"  numerical error +mesh \d\.\de-\d\d \(\w+\); time steps \d\.\de-\d\d \(\w+\)", line), (
            line
        )


@pytest.mark.parametrize("protocol", [PULSES.replace(", pulse = true", ""), PULSES.replace("repeat = 2", "repeat = 1")])
def test_a_run_with_few_or_no_pulses_still_ends(tmp_path: Path, invoke: Invoke, protocol: str) -> None:
    result = invoke("run", write_case(tmp_path / "case", protocol))
    assert result.exit_code == 0, result.stderr


@pytest.mark.parametrize("value, code, verdict", [("-2 uC", 0, "within"), ("-2.1 uC", 1, "OUTSIDE")])
def test_compare_holds_a_run_against_what_is_expected(
    tmp_path: Path, invoke: Invoke, value: str, code: int, verdict: str
) -> None:
    case = write_case(tmp_path / "case")
    (case / "expected.toml").write_text(EXPECTED.format(value=value))
    assert invoke("run", case, "--quiet").exit_code == 0
    result = invoke("compare", case)
    assert result.exit_code == code
    assert verdict in result.stdout


def test_compare_tells_what_is_missing(tmp_path: Path, invoke: Invoke) -> None:
    case = write_case(tmp_path / "case")
    for missing in ("runs", "expected.toml"):
        result = invoke("compare", case)
        assert (result.exit_code, result.stdout) == (2, "")
        (line,) = result.stderr.splitlines()
        assert missing in line
        invoke("run", case, "--quiet")


def test_info_tells_a_material_with_its_sources_and_curves(tmp_path: Path, invoke: Invoke) -> None:
    told = invoke("info", "mg_wo3")
    assert told.exit_code == 0
    assert re.search(r"open_circuit.slope +0.428 V +calculated +calculated from Schwacke", told.stdout)
    assert "U against the metal (V)" in told.stdout
    assert "conductivity (S/cm), logarithmic" in told.stdout
    picture = tmp_path / "curves.png"
    assert invoke("info", "mg_wo3", "--png", str(picture)).exit_code == 0
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert "potential" in invoke("info", "li_metal").stdout


@pytest.mark.parametrize(
    "words, line",
    [
        (("info", "mg_wo"), 'mg_wo: is neither a run nor a material of the library; did you mean "mg_wo3"?'),
        (("info", "none.toml"), "none.toml: does not exist"),
        (("info", "li_metal", "--png", "x.png"), "--png: li_metal has no curves"),
        (("info", "--png", "x.png"), "--png: draws the curves of a material"),
        (("info", "mg_wo3", "--png", "/dev/null/x.png"), "--png: /dev/null/x.png cannot be written: "),
        (("new", "--from", "mg_wo3_puls", "q"), 'is no shipped case; did you mean "mg_wo3_pulses"?'),
        (("new", "--from", "mg_wo3_pulses", "/tmp"), "/tmp: is already there"),
    ],
)
def test_a_wrong_name_is_one_line(words: tuple[str, ...], line: str, invoke: Invoke) -> None:
    told = invoke(*words)
    assert told.exit_code == 2
    assert line in told.stderr
    assert told.stderr.count("\n") == 1


def test_a_shipped_case_is_copied_without_what_runs_made_of_it(tmp_path: Path, invoke: Invoke) -> None:
    copy = tmp_path / "mine"
    assert invoke("new", "--from", "mg_galvanostatic", str(copy)).exit_code == 0
    assert (copy / "case.toml").is_file()
    assert (copy / "materials").is_dir()
    assert not list(copy.glob("*.png"))
    assert not (copy / "runs").exists()


def test_a_copy_brings_the_materials_of_its_neighbours_and_names_the_cases_it_leaves(
    tmp_path: Path, invoke: Invoke
) -> None:
    copy = tmp_path / "mine"
    told = invoke("new", "--from", "mg_energy", str(copy))
    assert told.exit_code == 0
    assert 'material = "brought/materials/pce_tight.toml"' in (copy / "case.toml").read_text()
    assert (copy / "brought" / "materials" / "pce_tight.toml").is_file()
    assert "looks at the case h_energy as well" in told.stderr
    mine, shipped = (
        load(place).device.regions[1].material for place in (copy, Path(__file__).parents[2] / "cases/mg_energy")
    )
    assert (mine.title, mine.species) == (shipped.title, shipped.species)


def test_info_lists_the_shipped_cases_wherever_it_is_asked(
    tmp_path: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cases").mkdir()
    for place in (tmp_path, Path(__file__).parents[2]):
        monkeypatch.chdir(place)
        listed = dict(line.split(maxsplit=1) for line in invoke("info", "cases").stdout.splitlines())
        assert listed["mg_wo3_pulses"] == load(Path(__file__).parents[2] / "cases/mg_wo3_pulses").title
        assert "table1/08_wse2" in listed


def test_a_case_of_a_series_is_copied_by_both_names(tmp_path: Path, invoke: Invoke) -> None:
    assert invoke("new", "--from", "sweeps/channel", str(tmp_path / "mine")).exit_code == 0
    assert (tmp_path / "mine" / "sweep.toml").is_file()


def test_the_version_is_told(invoke: Invoke) -> None:
    assert re.fullmatch(r"eisfv \d+\.\d+\.\d+\n", invoke("--version").stdout)
