"""`eisfv extract`: what a user types, gets, and is told."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from eisfv.result import read
from support.made_run import HEAD, Made, block, made_run, rest, train
from support.small_case import write_case
from support.without_checksums import without_checksums

Invoke = Callable[..., Result]

ONE = ("--target", "crosssim")  # a quick one
CYCLES = train("1 uA", 6) + train("-1 uA", 6)


def quantities(out: Path) -> dict[str, dict[str, object]]:
    """Return the quantities of extract.json."""
    tree: dict[str, dict[str, dict[str, object]]] = json.loads((out / "extract.json").read_text())
    return tree["quantities"]


def test_a_run_of_the_solver_is_extracted_beside_it(tmp_path: Path, invoke: Invoke) -> None:
    case = write_case(tmp_path / "case")
    assert invoke("run", case, "--quiet").exit_code == 0
    result = invoke("extract", case, *ONE)
    assert result.exit_code == 0, result.stderr
    out = case / "runs" / "latest" / "extract"
    for words in ("G_min", "usable_states", str(out / "extract.json"), str(out / "report.html")):
        assert words in result.stdout
    pulses = read(case / "runs" / "latest").pulses
    largest = max(pulses["G_before_S"].max(), pulses["G_after_S"].max())
    assert quantities(out)["G_max"]["value"] == largest


def test_several_runs_are_put_together(tmp_path: Path, invoke: Invoke) -> None:
    places = [made_run(tmp_path / name, CYCLES) for name in ("a", "b")]
    out = tmp_path / "out"
    assert invoke("extract", *places, *ONE, "--out", out).exit_code == 0
    assert quantities(out)["energy_per_pulse"]["points"] == 24


def test_runs_of_two_devices_are_refused(tmp_path: Path, invoke: Invoke) -> None:
    one = made_run(tmp_path / "a", CYCLES)
    other = made_run(tmp_path / "b", CYCLES, head=HEAD.replace("1 um", "2 um"))
    refused(invoke("extract", one, other), "another device", "[readout]")
    assert not (one / "extract").exists()


def refused(result: Result, *words: str) -> None:
    """Check for one line with these words and exit code 2."""
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert all(word in line for word in words), line


def test_what_is_no_run_is_one_line(tmp_path: Path, invoke: Invoke) -> None:
    refused(invoke("extract", tmp_path / "nowhere"), "nowhere", "not a run directory")
    refused(invoke("extract", write_case(tmp_path / "case")), "not a run directory")


def test_a_broken_case_is_one_line(tmp_path: Path, invoke: Invoke) -> None:
    run = made_run(tmp_path / "run", CYCLES)
    without_checksums(run)  # which would tell that it was damaged, not what it lacks
    case = run / "case.resolved.toml"
    for text, words in (("[device\n", "damaged"), (HEAD, "protocol"), ("\xff\xfe", "damaged")):
        case.write_bytes(text.encode("latin-1"))
        refused(invoke("extract", run), "case.resolved.toml", words)
    case.unlink()
    refused(invoke("extract", run), "case.resolved.toml", "run the case again")
    assert not (run / "extract").exists()


def test_an_unknown_target_is_told_before_anything_is_read(tmp_path: Path, invoke: Invoke) -> None:
    refused(invoke("extract", tmp_path, "--target", "croszsim"), "croszsim", 'did you mean "crosssim"')


def test_an_extraction_is_never_replaced_unasked(tmp_path: Path, invoke: Invoke) -> None:
    run = made_run(tmp_path / "run", CYCLES)
    assert invoke("extract", run, *ONE).exit_code == 0
    before = (run / "extract" / "extract.json").read_bytes()
    refused(invoke("extract", run, *ONE), "extract.json", "--force")
    assert (run / "extract" / "extract.json").read_bytes() == before
    assert invoke("extract", run, *ONE, "--force").exit_code == 0


@pytest.mark.parametrize("state", ["interrupted", "failed"])
def test_an_unfinished_run_is_used_and_told(tmp_path: Path, invoke: Invoke, state: str) -> None:
    run = made_run(tmp_path / "run", CYCLES, state=state, pulses=9)
    result = invoke("extract", run, *ONE)
    assert result.exit_code == 0
    assert f"the run is {state}" in result.stderr
    assert quantities(run / "extract")["energy_per_pulse"]["points"] == 9


def test_a_run_without_pulses_says_what_it_cannot_give_and_gives_the_rest(tmp_path: Path, invoke: Invoke) -> None:
    run = made_run(tmp_path / "run", block(rest("100 s")))
    result = invoke("extract", run, *ONE)
    assert result.exit_code == 0
    assert "no pulses" in result.stderr
    found = quantities(run / "extract")
    assert found["step_up_at_middle"]["value"] is None
    assert found["retention_ratio"]["value"] is not None


def test_only_potentiation_is_told(tmp_path: Path, invoke: Invoke) -> None:
    run = made_run(tmp_path / "run", train("1 uA", 6))
    result = invoke("extract", run, *ONE)
    assert result.exit_code == 0
    assert "no kind of pulse lowers the conductance" in result.stderr
    assert quantities(run / "extract")["step_up_at_middle"]["value"] is not None


def test_a_run_that_reads_no_conductance_gives_its_energies_alone(tmp_path: Path, invoke: Invoke) -> None:
    run = made_run(tmp_path / "run", CYCLES, Made(step=lambda g, a, w: 0.0, start=0.0))
    result = invoke("extract", run, *ONE)
    assert result.exit_code == 0
    assert "no pulse has a conductance" in result.stderr
    found = quantities(run / "extract")
    assert found["energy_per_pulse"]["value"] is not None
    assert found["G_min"]["value"] is None


def test_a_run_with_nothing_at_all_is_exit_code_1(tmp_path: Path, invoke: Invoke) -> None:
    run = made_run(tmp_path / "run", block(rest("1 s")), Made(start=0.0))
    result = invoke("extract", run, *ONE)
    assert result.exit_code == 1
    assert "nothing can be extracted" in result.stderr
    assert not (run / "extract").exists()


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path, invoke: Invoke) -> None:
    run = made_run(tmp_path / "run", CYCLES)
    (tmp_path / "file").write_text("")
    refused(invoke("extract", run, *ONE, "--out", tmp_path / "file" / "out"), "file", "choose another place")
