"""A mesh that pilots choose is kept beside the case, for a run that is resumed; one of lengths is as it was."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from eisfv.case import CaseError
from eisfv.device.stack import sizes_of
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.protocol import Protocol
from eisfv.result import ResultError, file_names
from eisfv.running import checkpoint, run_case
from eisfv.running.checkpoint import Checkpoints
from eisfv.running.choice import Choice, by_solution, choice_of, options_for
from eisfv.running.notices import above, missed
from eisfv.running.numerical_error import REACHED, Estimate, Figure
from eisfv.running.pilot_protocol import all_driven
from eisfv.running.pilots import PilotError, Pilots, chosen_together
from support.kills import Kills, SteadyClock, resumed, tables
from support.small_case import DEVICE, PULSE_BETWEEN_READS, silent, small_case

CELLS = "cells = { reservoir = 10, electrolyte = 20, channel = 10 }"
# One region alone is left to the pilots: few cells, quick.
SOLVED = DEVICE.replace(CELLS, 'cells = { reservoir = 16, electrolyte = 16 }\ngrading = "solution"\nerror = 0.05')


def test_pilots_of_many_runs_drive_the_protocol_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Runs of a sweep and of a fit make no measures; the one run of a case does.
    case = small_case(tmp_path / "case", PULSE_BETWEEN_READS + MEASURED, device=SOLVED)
    driven: list[Protocol] = []
    monkeypatch.setattr(Pilots, "choose", lambda self: driven.extend(self.protocols))
    chosen_together([case])
    Pilots([case], options_for(case, 1)).choose()
    assert driven == [case.protocol, all_driven(case)]
    assert driven[0] != driven[1]


def mesh(**keys: object) -> str:
    """Return a device with these keys in [mesh]."""
    return DEVICE.replace(CELLS, "\n".join(f"{key} = {value}" for key, value in keys.items()))


def test_a_resumed_run_has_the_mesh_it_began_with_and_no_pilots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = small_case(tmp_path / "case", PULSE_BETWEEN_READS, device=SOLVED)
    kills = Kills(tmp_path / "run", every=3)  # of the pauses between two batches of backward differences
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "clock", SteadyClock())
        patch.setattr(checkpoint, "EVERY", 1.0)
        patch.setattr(Checkpoints, "pause", kills.wrap(Checkpoints.pause, "between steps"))
        run_case(case, tmp_path / "run", silent)
    expected = tables(tmp_path / "run")
    copies = [copy for copy in kills.copies if (copy / file_names.CHECKPOINT).exists()]
    assert copies
    # One that was killed before its first checkpoint.
    copies.append(shutil.copytree(copies[0], tmp_path / "early"))
    (copies[-1] / file_names.CHECKPOINT).unlink()

    def none(*_: object) -> None:
        raise AssertionError("pilots ran")

    monkeypatch.setattr(Pilots, "choose", none)
    for copy in copies:
        assert (copy / file_names.CHOSEN_MESH).read_bytes() == (tmp_path / "run" / file_names.CHOSEN_MESH).read_bytes()
        assert resumed(case, copy) == expected


def test_pilots_that_fail_leave_the_mesh_of_lengths_with_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = small_case(tmp_path / "case", PULSE_BETWEEN_READS, device=SOLVED)

    def fails(*_: object, **__: object) -> None:
        raise PilotError("no solution past t = 0 s", case)

    monkeypatch.setattr(Pilots, "run", fails)
    lines: list[str] = []
    run_case(case, tmp_path / "run", silent, warn=lines.append)
    (line,) = (line for line in lines if "pilot" in line)
    assert "no solution past t = 0 s" in line


@pytest.mark.parametrize(
    "keys, expected",
    [
        ({"grading": '"solution"'}, True),
        ({"grading": '"lengths"'}, False),
        ({"growth": 1.3}, False),
        ({"cells": "{ reservoir = 8, electrolyte = 8, channel = 8 }", "grading": '"solution"'}, False),
    ],
)
def test_pilots_choose_where_the_case_does_not(tmp_path: Path, keys: dict[str, object], expected: bool) -> None:
    assert by_solution(small_case(tmp_path / "case", device=mesh(**keys))) == expected


def test_lengths_are_the_mesh_they_were(tmp_path: Path) -> None:
    plain, said = (
        small_case(tmp_path / str(k), device=mesh(**keys)) for k, keys in enumerate(({}, {"grading": '"lengths"'}))
    )
    for one, other in zip(sizes_of(plain.device), sizes_of(said.device), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    "keys, words",
    [
        ({"grading": '"solution"', "growth": 1.3}, 'mesh.grading = "solution" does not go with mesh.growth'),
        ({"error": 0.5}, "mesh.error = 0.5 must be between 1e-06 and 0.1"),
        ({"grading": '"fine"'}, "mesh.grading"),
        ({"companion": '"half"'}, "mesh.companion"),
    ],
)
def test_keys_that_contradict_each_other_are_refused_in_one_line(
    tmp_path: Path, keys: dict[str, object], words: str
) -> None:
    with pytest.raises(CaseError) as caught:
        small_case(tmp_path / "case", device=mesh(**keys))
    (line,) = caught.value.lines
    assert words in line


def test_a_default_that_is_said_is_no_length() -> None:
    assert not MeshOptions(growth=1.3, grading=None).by_solution
    assert MeshOptions(growth=MeshOptions.growth, grading="solution").by_solution


@pytest.mark.parametrize(
    "cells, ratio, words",
    [
        (600, 4.0, "; raise mesh.cells_max"),
        (100, 4.0, "; ask for a smaller one"),
        (100, 1.5, "does not fall with the square of the cells"),
    ],
)
def test_a_mesh_that_misses_what_is_asked_for_says_what_can_help(cells: int, ratio: float, words: str) -> None:
    choice = Choice((np.full(cells, 1e-9),), 2e-3, 1, 1e-3, 0.0)
    figure = Figure("charge", "C", 2e-3, 1, 1e-9, ratio, REACHED[0] <= ratio <= REACHED[1])
    (line,) = missed(MeshOptions(), choice, Estimate([figure], [figure]))
    assert words in line
    assert not [*missed(MeshOptions(error=0.01), choice, Estimate([figure], [figure]))]


@pytest.mark.parametrize(
    "expected, cells, words",
    [
        (9e-4, 600, []),
        (2e-3, 600, ["mesh.cells_max = 640 cells leave an error of 2.0e-03 to expect, more than mesh.error = 0.001"]),
        (2e-3, 100, ["larger than mesh.error = 0.001; the run tells what it is"]),
        (5e-4, 800, ["mesh.cells_max = 640 is not kept: 800 cells are the fewest that the pilots take"]),
    ],
)
def test_a_mesh_that_will_miss_what_is_asked_for_says_so_before_the_run(
    expected: float, cells: int, words: list[str]
) -> None:
    lines = [*above(MeshOptions(), Choice((np.full(cells, 1e-9),), 2e-3, 1, expected, 0.0))]
    assert len(lines) == len(words)
    assert all(word in line for word, line in zip(words, lines, strict=True))


@pytest.mark.parametrize("lacks", ["tolerance", "sizes_m", "wall_time_s"])
def test_a_mesh_of_an_earlier_version_is_refused_in_a_line(lacks: str) -> None:
    kept = {
        "section": False,
        "sizes_m": [[1e-9]],
        "tolerance": 1e-3,
        "pilots": 2,
        "expected_error": 1e-3,
        "wall_time_s": 1.0,
    }
    assert choice_of(kept, Path("mesh.json")).pilots == 2
    earlier = {key: value for key, value in kept.items() if key != lacks}
    with pytest.raises(ResultError, match=r"^meshes/a\.json: is not a mesh of this version of eisfv; start over, with"):
        choice_of(earlier, Path("meshes/a.json"))


MEASURED = """
[[measure]]
steps = [{ drive = "voltage", value = "1 V", duration = "1 s", pulse = true }]
vary = { "steps[0].value" = ["0.5 V", "-2 V", "3 V", "-1 V"] }

[[measure]]
steps = [{ drive = "current", value = "5 uA", duration = "1 s", pulse = true }]
"""


def test_pilots_drive_the_measures_that_go_the_furthest(tmp_path: Path) -> None:
    case = small_case(tmp_path / "case", PULSE_BETWEEN_READS + MEASURED)
    found = [(step.drive, step.waveform.extreme(1.0)) for step in all_driven(case).steps]
    own = len(case.protocol)
    assert sorted(found[own:]) == [("current", 5e-6), ("voltage", -2.0), ("voltage", 3.0)]
    assert len(all_driven(small_case(tmp_path / "other", PULSE_BETWEEN_READS))) == own
