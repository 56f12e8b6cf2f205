"""A run by backward differences that is killed between two batches of steps ends with the bytes of one that was not."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.result import file_names
from eisfv.result.checkpoint import read_checkpoint, write_checkpoint
from eisfv.running import checkpoint, run_case
from eisfv.running.checkpoint import Checkpoints
from eisfv.stepping import compiled
from support.kills import Kills, resumed, tables
from support.small_case import PULSES, silent, small_case

OPTIONS = '[output]\nterminals = { every = "7 ms" }\nprofiles = { every = "100 ms" }\n[solver]\nmethod = "bdf"\n'


def killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: int) -> tuple[object, Kills, list[bytes]]:
    """Return a case, copies of its run killed at many moments, and the tables of the whole run."""
    case = small_case(tmp_path / "case", PULSES, OPTIONS)
    kills = Kills(tmp_path / "run", every)
    with monkeypatch.context() as patch:
        patch.setattr(compiled, "BATCH", 7)
        patch.setattr(checkpoint, "EVERY", -1.0)
        patch.setattr(Checkpoints, "pause", kills.wrap(Checkpoints.pause, "between batches"))
        run_case(case, tmp_path / "run", silent)
    return case, kills, tables(tmp_path / "run")


def test_a_kill_between_any_two_batches_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, kills, expected = killed(tmp_path, monkeypatch, 9)
    copies = [copy for copy in kills.copies if (copy / file_names.CHECKPOINT).exists()]
    inside = [copy for copy in copies if int(str(read_checkpoint(copy / file_names.CHECKPOINT)["step inside"]))]
    assert len(inside) > 2
    for copy in copies:
        assert resumed(case, copy) == expected, copy.name


def test_a_history_that_is_a_little_off_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, kills, expected = killed(tmp_path, monkeypatch, 9)
    for copy in kills.copies:
        path = copy / file_names.CHECKPOINT
        saved = read_checkpoint(path) if path.exists() else {}
        if saved and int(str(saved["step inside"])):
            write_checkpoint(path, {**saved, "bdf stored": np.asarray(saved["bdf stored"]) * (1.0 + 1e-6)})
            assert resumed(case, copy) != expected
            return
    raise AssertionError("no checkpoint inside a step")
