"""A run that is killed at any moment and taken up again ends with the bytes of one that was let alone.

What a kill leaves behind is what lies in the directory at that moment: the tests copy it there and then, in the middle
of a step and in the middle of writing a file, and resume each copy.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray

from eisfv.case.case import Case
from eisfv.result import atomic, file_names
from eisfv.result.checkpoint import read_checkpoint, write_checkpoint
from eisfv.running import checkpoint, run_case
from eisfv.running.checkpoint import Checkpoints
from support.kills import Kills, SteadyClock, resumed, tables
from support.small_case import DEVICE, OUTPUT, PULSES, STEP_BY_STEP, silent, small_case

RAMP = """
[[protocol]]
drive = "voltage"
value = { times = ["0 s", "10 ms", "30 ms", "40 ms"], levels = ["0 V", "0.4 V", "0.4 V", "-0.1 V"] }
duration = "50 ms"
read = "last 45 ms"
pulse = true
"""


@pytest.fixture
def whole(tmp_path: Path) -> tuple[Case, Path, list[bytes]]:
    """Return a case, the directory of its uninterrupted run and that run's tables."""
    case = small_case(tmp_path / "case", device=DEVICE + STEP_BY_STEP)
    run_case(case, tmp_path / "whole", silent)
    return case, tmp_path / "whole", tables(tmp_path / "whole")


def followed(
    case: Case, kills: Kills, monkeypatch: pytest.MonkeyPatch, owner: Any, function: str, **settings: object
) -> None:
    """Run a case to its end, copied before every n-th call of a function; settings of the checkpoints by their name."""
    with monkeypatch.context() as patch:
        for name, value in settings.items():
            patch.setattr(checkpoint, name, value)
        patch.setattr(owner, function, kills.wrap(getattr(owner, function), f"at {function}"))
        run_case(case, kills.out, silent)


def test_a_run_repeated_gives_the_same_bytes(whole: tuple[Case, Path, list[bytes]], tmp_path: Path) -> None:
    case, _, expected = whole
    run_case(case, tmp_path / "again", silent)
    assert tables(tmp_path / "again") == expected


def test_a_kill_between_any_two_steps_costs_nothing(
    whole: tuple[Case, Path, list[bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, out, expected = whole
    kills = Kills(tmp_path / "run", every=11)
    followed(case, kills, monkeypatch, Checkpoints, "pause", clock=SteadyClock())
    with_checkpoint = [copy for copy in kills.copies if (copy / file_names.CHECKPOINT).exists()]
    assert 0 < len(with_checkpoint) < len(kills.copies) > 8
    for copy in kills.copies:
        assert resumed(case, copy) == expected, copy.name
    with xarray.open_dataset(out / "result.nc") as one, xarray.open_dataset(with_checkpoint[-1] / "result.nc") as other:
        xarray.testing.assert_identical(one, other)


def test_a_kill_while_a_file_is_written_costs_nothing(
    whole: tuple[Case, Path, list[bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _, expected = whole
    kills = Kills(tmp_path / "run", every=3)
    followed(case, kills, monkeypatch, atomic, "synchronise", clock=SteadyClock())
    drafts = [draft.name for copy in kills.copies for draft in copy.glob(".*.tmp")]
    assert {".checkpoint.h5.tmp", ".status.json.tmp"} & set(drafts)
    for copy in kills.copies:
        if '"finished"' not in (copy / "status.json").read_text():
            assert resumed(case, copy) == expected, copy.name


def test_a_kill_before_the_first_checkpoint_starts_over(
    whole: tuple[Case, Path, list[bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _, expected = whole
    kills = Kills(tmp_path / "run", every=60)
    followed(case, kills, monkeypatch, Checkpoints, "pause")
    copy = kills.copies[0]
    assert not (copy / file_names.CHECKPOINT).exists()
    assert resumed(case, copy) == expected


def test_a_second_kill_costs_nothing_either(
    whole: tuple[Case, Path, list[bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _, expected = whole
    monkeypatch.setattr(checkpoint, "clock", SteadyClock())
    first, second = Kills(tmp_path / "run", every=50), Kills(tmp_path / "killed 0 once", every=40)
    with monkeypatch.context() as patch:
        patch.setattr(Checkpoints, "pause", first.wrap(Checkpoints.pause, "once"))
        run_case(case, tmp_path / "run", silent)
    with monkeypatch.context() as patch:
        patch.setattr(Checkpoints, "pause", second.wrap(Checkpoints.pause, "twice"))
        resumed(case, first.copies[0])
    assert resumed(case, second.copies[0]) == expected


def test_a_checkpoint_at_a_corner_inside_a_step_leaves_it_as_the_run_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = small_case(tmp_path / "case", RAMP, '[output]\nfields = { at = ["25 ms"] }\n')
    kills = Kills(tmp_path / "run", every=1)
    followed(case, kills, monkeypatch, Checkpoints, "pause", EVERY=-1.0)
    expected = tables(tmp_path / "run")
    marks = [(copy, float(str(read_checkpoint(copy / file_names.CHECKPOINT)["offset"]))) for copy in kills.copies[1:]]
    corners = [
        copy for copy, time in marks if any(np.isclose(time, c, rtol=1e-12, atol=0.0) for c in (0.01, 0.03, 0.04))
    ]
    assert len(corners) == 3
    for copy in corners:
        assert resumed(case, copy) == expected, copy.name


def test_a_resumed_run_goes_on_with_the_step_it_had(
    whole: tuple[Case, Path, list[bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _, expected = whole
    kills = Kills(tmp_path / "run", every=47)
    followed(case, kills, monkeypatch, Checkpoints, "pause", EVERY=-1.0)
    copy = kills.copies[0]
    saved = read_checkpoint(copy / file_names.CHECKPOINT)
    write_checkpoint(copy / file_names.CHECKPOINT, {**saved, "next_h": 0.5 * float(str(saved["next_h"]))})
    assert resumed(case, copy) != expected


def test_profiles_are_written_once_over_a_kill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = small_case(tmp_path / "case", PULSES, OUTPUT.replace("100 ms", "10 ms"), DEVICE + STEP_BY_STEP)
    kills = Kills(tmp_path / "run", every=60)
    followed(case, kills, monkeypatch, Checkpoints, "pause", clock=SteadyClock())
    resumed(case, kills.copies[0])
    with xarray.open_dataset(kills.copies[0] / "result.nc") as result:
        assert (np.diff(result["profile_time"]) > 0.0).all()
