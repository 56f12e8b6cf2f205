"""Measures: each is what the protocol would have gone on to, from the state that it left."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from eisfv.case import CaseError, load
from eisfv.case.case import Case
from eisfv.postprocess.circuit.case_stack import read_stack
from eisfv.postprocess.circuit.unsupported import UnsupportedError
from eisfv.postprocess.quantities.compare import compare
from eisfv.postprocess.quantities.expected import ExpectedError
from eisfv.result import MemoryDirectory, ResultError, read
from eisfv.result.streams import read_table
from eisfv.running import run_case
from eisfv.running.branches import Branch
from eisfv.running.choice import by_solution
from eisfv.running.pilots import Pilots
from eisfv.running.run import one_after_the_other
from eisfv.solve.errors import SetupError
from eisfv.sweeping.measures import in_processes
from support.small_case import COARSE, DEVICE, finished, silent, small_case, write_case

PREPARED = """
[[protocol]]
drive = "voltage"
value = "0.3 V"
duration = "500 ms"
"""
STEPS = """steps = [
    { drive = "voltage", value = "0.5 V", duration = "10 ms", pulse = true },
    { drive = "open_circuit", duration = "100 ms", read = "last 50 ms" },
]
"""
MEASURES = f"""
[[measure]]
name = "width"
vary = {{ "steps[0].duration" = ["10 ms", "30 ms"] }}
{STEPS}
[[measure]]
{STEPS.replace('"0.5 V"', '"-0.5 V"')}"""
QUICK = "[mesh]\ncells = { reservoir = 5, electrolyte = 10, channel = 5 }\n"
METHODS = ("tr_bdf2", "bdf")
SHARED = ("amplitude", "G_before_S", "G_after_S", "dG_S", "charge_C", "energy_J", "x_channel", "width_s")


def prepared(place: Path, method: str = "tr_bdf2", device: str = COARSE) -> Case:
    return small_case(place, PREPARED + MEASURES, f'[solver]\nmethod = "{method}"\n', device)


@pytest.mark.parametrize("method", METHODS)
def test_a_measure_is_what_the_protocol_would_have_gone_on_to(tmp_path: Path, method: str) -> None:
    run_case(prepared(tmp_path / "case", method), tmp_path / "run", silent)
    for number, steps in enumerate((STEPS, STEPS.replace("10 ms", "30 ms"), STEPS.replace('"0.5 V"', '"-0.5 V"')), 1):
        whole = PREPARED + "[[protocol]]\n" + steps
        case = small_case(tmp_path / f"whole {number}", whole, f'[solver]\nmethod = "{method}"\n', COARSE)
        expected = finished(case, tmp_path / f"run {number}")
        branch = read(tmp_path / "run" / "measures" / str(number))
        for name in SHARED:
            np.testing.assert_array_equal(branch.pulses[name], expected.pulses[name], err_msg=name)
        later = expected.terminals["step"] > 1
        np.testing.assert_array_equal(branch.terminals["voltage_V"][1:], expected.terminals["voltage_V"][later])
        np.testing.assert_allclose(
            branch.terminals["time_s"][1:] + 0.5, expected.terminals["time_s"][later], rtol=1e-12
        )


def test_a_measure_from_rest_is_another(tmp_path: Path) -> None:
    run_case(prepared(tmp_path / "case"), tmp_path / "run", silent)
    rest = finished(small_case(tmp_path / "rest", "[[protocol]]\n" + STEPS, "", COARSE), tmp_path / "from rest")
    branch = read(tmp_path / "run" / "measures" / "1")
    assert abs(branch.pulses["dG_S"][0] / rest.pulses["dG_S"][0] - 1.0) > 0.05


def test_the_table_has_a_row_for_every_pulse_with_what_its_variant_is(tmp_path: Path) -> None:
    run_case(prepared(tmp_path / "case"), tmp_path / "run", silent)
    table = read_table(tmp_path / "run" / "measures.csv")
    assert table["variant"].tolist() == [1.0, 2.0, 3.0]
    assert table["name"].tolist() == ["width", "width", ""]
    np.testing.assert_array_equal(table["steps_0_duration_s"], [0.01, 0.03, np.nan])
    assert set(table["state"]) == {"finished"}
    branches = [read(tmp_path / "run" / "measures" / str(number)) for number in (1, 2, 3)]
    np.testing.assert_array_equal(table["dG_S"], [branch.pulses["dG_S"][0] for branch in branches])


@pytest.mark.long  # two processes start, and the kernels are read by each
def test_processes_give_the_bytes_of_one_after_the_other(tmp_path: Path) -> None:
    case, failed = prepared(tmp_path / "case"), list[str]()
    run_case(case, tmp_path / "one", silent)
    run_case(case, tmp_path / "two", silent, runner=in_processes(2, failed))
    assert failed == []
    assert (tmp_path / "two" / "measures.csv").read_bytes() == (tmp_path / "one" / "measures.csv").read_bytes()


def test_a_run_that_is_stopped_in_its_measures_goes_on_with_those_that_are_left(tmp_path: Path) -> None:
    case = prepared(tmp_path / "case")
    run_case(case, tmp_path / "whole", silent)
    made: list[int] = []

    def stopping(branches: list[Branch], *more: object) -> None:
        one_after_the_other(branches[:1], *more)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    def counting(branches: list[Branch], *more: object) -> None:
        made.extend(one.number for one in branches)
        one_after_the_other(branches, *more)  # type: ignore[arg-type]

    with pytest.raises(KeyboardInterrupt):
        run_case(case, tmp_path / "run", silent, runner=stopping)  # type: ignore[arg-type]
    assert read(tmp_path / "run").status.state == "interrupted"
    run_case(case, tmp_path / "run", silent, resume=True, runner=counting)  # type: ignore[arg-type]
    assert made == [2, 3]
    assert (tmp_path / "run" / "measures.csv").read_bytes() == (tmp_path / "whole" / "measures.csv").read_bytes()


def test_a_measure_that_fails_is_told_and_leaves_the_others(tmp_path: Path) -> None:
    wait = '{ drive = "voltage", value = "0 V", duration = "1 ms", until = { x = "above 0.9" } },'
    text = MEASURES.replace("[[measure]]\nsteps = [", f"[[measure]]\nsteps = [\n{wait}")
    case = small_case(tmp_path / "case", PREPARED + text, "", COARSE)
    warned: list[str] = []
    run_case(case, tmp_path / "run", silent, warn=warned.append)
    assert any("measure 3 of 3 (measure 3) failed: step 1 of the protocol ends after 0.001 s" in w for w in warned)
    assert read_table(tmp_path / "run" / "measures.csv")["state"].tolist() == ["finished", "finished", "failed"]


def test_force_removes_the_measures_of_the_run_before(tmp_path: Path) -> None:
    run_case(prepared(tmp_path / "case"), tmp_path / "run", silent)
    (tmp_path / "run" / "measures" / "mine.txt").write_text("not of the run")
    alone = small_case(tmp_path / "alone", PREPARED, "", COARSE)
    run_case(alone, tmp_path / "run", silent, force=True)
    assert [path.name for path in (tmp_path / "run" / "measures").iterdir()] == ["mine.txt"]
    assert not (tmp_path / "run" / "measures.csv").exists()


EXPECTED = """
[[quantity]]
name = "change"
value = "1 uS"
tolerance = 0.1
kind = "predicted"
source = "made up"
from = "measures"
column = "dG_S"
select = "rows 1 to 2"
reduce = "x_at"
against = "width_s"
at = "1 nS"
"""


def test_measures_are_held_against_what_is_expected_in_memory_as_on_disk(tmp_path: Path) -> None:
    case = prepared(tmp_path / "case")
    run_case(case, tmp_path / "run", silent)
    on_disk, memory = read(tmp_path / "run"), MemoryDirectory()
    run_case(case, memory, silent)
    place = memory.path if memory.files is not None else None
    assert place is not None
    assert not place.exists()
    for name, values in on_disk.measures.items():
        np.testing.assert_array_equal(memory.results.measures[name], values, err_msg=name)
    widths, changes = on_disk.measures["width_s"], on_disk.measures["dG_S"]
    at = 0.5 * (changes[0] + changes[1])
    (tmp_path / "expected.toml").write_text(EXPECTED.replace('"1 uS"', '"20 ms"').replace("1 nS", f"{float(at)!r} S"))
    for run in (on_disk, memory.results):
        (row,) = compare(tmp_path / "expected.toml", lambda _, run=run: run)  # type: ignore[misc]
        np.testing.assert_allclose(row.model, 0.5 * (widths[0] + widths[1]), rtol=1e-12)
        assert row.within
    bare = read(tmp_path / "run" / "measures" / "1")
    with pytest.raises(ExpectedError, match="the run has no measures"):
        compare(tmp_path / "expected.toml", lambda _: bare)


def started(tmp_path: Path, device: str = COARSE, extra: str = "") -> Path:
    """Return a case that starts where the run in `tmp_path/charged` has ended."""
    return write_case(tmp_path / "next", "[[protocol]]\n" + STEPS, extra, 'start = "../charged"\n' + device)


def charged(tmp_path: Path) -> None:
    run_case(small_case(tmp_path / "prepare", PREPARED, "", COARSE), tmp_path / "charged", silent)


def test_a_case_starts_where_another_run_has_ended(tmp_path: Path) -> None:
    charged(tmp_path)
    run = finished(load(started(tmp_path)), tmp_path / "run")
    whole = finished(small_case(tmp_path / "w", PREPARED + "[[protocol]]\n" + STEPS, "", COARSE), tmp_path / "whole")
    for name in SHARED:
        np.testing.assert_array_equal(run.pulses[name], whole.pulses[name], err_msg=name)
    assert run.terminals["time_s"][0] == 0.0
    with pytest.raises(UnsupportedError, match="starts from the state of another one"):
        read_stack(load(tmp_path / "run").file)
    shutil.rmtree(tmp_path / "charged")  # the run has the state with it
    run_case(load(tmp_path / "run"), tmp_path / "again", silent)
    assert (tmp_path / "again" / "pulses.csv").read_bytes() == (tmp_path / "run" / "pulses.csv").read_bytes()


def test_a_case_that_leaves_its_mesh_open_takes_mesh_and_time_steps_of_its_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = DEVICE.replace("cells = { reservoir = 10, electrolyte = 20, channel = 10 }", "error = 0.05")
    case = small_case(tmp_path / "prepare", PREPARED, "", chosen)
    assert by_solution(case)
    run_case(case, tmp_path / "charged", silent)

    def none(*_: object) -> None:
        raise AssertionError("pilots ran")

    monkeypatch.setattr(Pilots, "choose", none)
    following = load(started(tmp_path, chosen))
    assert not by_solution(following)
    line = run_case(following, tmp_path / "run", silent)
    assert line.startswith("numerical error: mesh ")
    assert line in (tmp_path / "run" / "run.log").read_text()
    provenances = (tmp_path / name / "provenance.json" for name in ("charged", "run"))
    cells = [json.loads(file.read_text())["solver"]["cells"] for file in provenances]
    assert cells[0] == cells[1]
    other = load(started(tmp_path, chosen, '[solver]\nmethod = "tr_bdf2"\n'))
    with pytest.raises(SetupError, match=r'made with solver\.method = "bdf", and this case has "tr_bdf2"; give both'):
        run_case(other, tmp_path / "other", silent)


def test_a_start_goes_on_with_the_companions_so_that_the_error_is_that_of_the_whole(tmp_path: Path) -> None:
    """The changes of the steps behind the start, against those of one run of all steps: the same, and their errors."""
    mesh = DEVICE.replace("reservoir = 10, electrolyte = 20", "reservoir = 16, electrolyte = 32")
    run_case(small_case(tmp_path / "prepare", PREPARED, "", mesh), tmp_path / "charged", silent)
    run = finished(load(started(tmp_path, mesh)), tmp_path / "run")
    whole = finished(
        small_case(tmp_path / "w", PREPARED + "[[protocol]]\n" + STEPS + MEASURES, "", mesh), tmp_path / "whole"
    )
    errors = [(each.pulses["mesh_error"], each.pulses["time_error"]) for each in (run, whole)]
    # What is known of the order differs, and the size of the first steps.
    np.testing.assert_allclose(errors[0], errors[1], rtol=0.3)
    assert "conductance" in run.numerical_error["mesh"]
    measured = read(tmp_path / "whole" / "measures" / "1")
    assert "conductance" in measured.numerical_error["mesh"]
    assert (measured.pulses["mesh_error"] > 0.0).all()


def test_a_start_whose_companions_stopped_early_says_so(tmp_path: Path) -> None:
    short = DEVICE.replace("[mesh]", '[mesh]\ncompanion = "none"')
    run_case(small_case(tmp_path / "prepare", PREPARED, "", short), tmp_path / "charged", silent)
    line = run_case(load(started(tmp_path, DEVICE)), tmp_path / "run", silent)
    assert line == "numerical error: no estimate: the run that it starts from had no companions to its end"


@pytest.mark.parametrize(
    "old, new, told",
    [
        (
            '"channel"',
            '"film"',
            "has the regions reservoir, electrolyte, channel, and this case reservoir, electrolyte, f",
        ),
        ('thickness = "1 um"', 'thickness = "2 um"', "region electrolyte has .* another thickness or area"),
        ("298.15 K", "350 K", "is at 298.15 K, and this case at 350 K"),
        ("pce_succinonitrile_mg", "./other.toml", "has the species"),
        ("../charged", "../chargd", "does not exist"),
        ("../charged", "../prepare", "holds no run; run it first"),
    ],
)
def test_a_start_that_does_not_fit_is_refused_with_what_differs(tmp_path: Path, old: str, new: str, told: str) -> None:
    charged(tmp_path)
    library = Path(__file__).parents[2] / "eisfv" / "materials" / "pce_succinonitrile_mg.toml"
    (tmp_path / "next").mkdir()
    (tmp_path / "next" / "other.toml").write_text(library.read_text().replace("TFSI", "Cl"))
    case = started(tmp_path)
    text = (case / "case.toml").read_text().replace(old, new)
    (case / "case.toml").write_text(text.replace("channel = 5", "film = 5") if new == '"film"' else text)
    with pytest.raises(CaseError, match=told) as error:
        load(case)
    assert len(error.value.lines) == 1


def test_a_start_on_another_mesh_is_refused(tmp_path: Path) -> None:
    charged(tmp_path)
    with pytest.raises(SetupError, match=r"lies on another mesh, of 24 cells where this case has 44; give both cases"):
        run_case(load(started(tmp_path, DEVICE)), tmp_path / "run", silent)


def test_a_run_that_has_not_finished_is_no_start(tmp_path: Path) -> None:
    charged(tmp_path)
    status = tmp_path / "charged" / "status.json"
    run_case(small_case(tmp_path / "p", PREPARED, "", COARSE), tmp_path / "other", silent)
    status.write_text((tmp_path / "other" / "status.json").read_text())
    assert load(started(tmp_path)).file.start == "start.h5"
    status.unlink()
    with pytest.raises(CaseError, match="holds no run"):
        load(tmp_path / "next")


def test_a_state_that_was_changed_is_refused(tmp_path: Path) -> None:
    charged(tmp_path)
    run_case(load(started(tmp_path)), tmp_path / "run", silent)
    state = tmp_path / "run" / "start.h5"
    state.write_bytes((tmp_path / "run" / "checkpoint.h5").read_bytes())
    with pytest.raises(CaseError, match="is not the state that start_sha256 says"):
        load(tmp_path / "run")
    with pytest.raises(ResultError, match=r"start\.h5"):
        read(tmp_path / "run").checked("start.h5")
