"""A case starts where another run has ended; what does not fit is told with what differs."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from eisfv.case import CaseError, load
from eisfv.observers.flatness import Flatness
from eisfv.postprocess.circuit.case_stack import read_stack
from eisfv.postprocess.circuit.unsupported import UnsupportedError
from eisfv.result import ResultError, read
from eisfv.running import run_case
from eisfv.running.choice import by_solution
from eisfv.running.pilots import Pilots
from eisfv.solve.errors import SetupError
from support.measured_case import MEASURES, PREPARED, SHARED, STEPS
from support.small_case import COARSE, DEVICE, finished, silent, small_case, write_case


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


FOUR_TIMES = "reservoir = 16, electrolyte = 32, channel = 16"


def test_a_start_behind_a_long_run_tells_the_error_by_the_coarsest_mesh(tmp_path: Path) -> None:
    """Its companion on every fourth face alone has gone to the end: the same figure within a factor of three."""
    mesh = DEVICE.replace("reservoir = 10, electrolyte = 20, channel = 10", FOUR_TIMES)
    long = "[[protocol]]\nrepeat = 5\n" + STEPS
    run_case(small_case(tmp_path / "prepare", PREPARED + long, "", mesh), tmp_path / "charged", silent)
    run = finished(load(started(tmp_path, mesh)), tmp_path / "run")
    whole = finished(
        small_case(tmp_path / "w", PREPARED + long + "[[protocol]]\n" + STEPS, "", mesh), tmp_path / "whole"
    )
    assert all(not entry["asymptotic"] for entry in run.numerical_error["mesh"].values())
    errors = [each.pulses["mesh_error"][-len(run.pulses["mesh_error"]) :] for each in (run, whole)]
    assert (errors[0] / errors[1] < 3.0).all()
    assert (errors[1] / errors[0] < 3.0).all()


def test_measures_tell_their_error_behind_a_rest_whose_current_is_rounding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Flatness] = []

    def relative(self: Flatness) -> float:
        seen.append(self)
        return 0.5 if self is seen[0] else 0.0  # of the preparation

    monkeypatch.setattr(Flatness, "relative", property(relative))
    mesh = DEVICE.replace("reservoir = 10, electrolyte = 20", "reservoir = 16, electrolyte = 32")
    line = run_case(small_case(tmp_path / "case", PREPARED + MEASURES, "", mesh), tmp_path / "run", silent)
    assert "no estimate: the current differs" in line
    assert "conductance" in read(tmp_path / "run" / "measures" / "1").numerical_error["mesh"]


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
