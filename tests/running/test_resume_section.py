"""A section that is killed at any moment is resumed to the same bytes: its read-out remembers no solve before."""

from pathlib import Path
from typing import Any

import pytest

from eisfv.observers import conduction
from eisfv.result.file_names import CHECKPOINT
from eisfv.running import checkpoint, run_case
from eisfv.running.checkpoint import Checkpoints
from support.kills import Kills, resumed, tables
from support.section_case import PLANAR, section_case
from support.small_case import silent

# The channel fills from one of its ends: its conductivity, and with it the field of the read-out, is not uniform.
CHANGES = PLANAR | {
    "protocol": [
        {"drive": "voltage", "value": "0.5 V", "duration": "100 ms", "pulse": True, "read": "all"},
        {"drive": "open_circuit", "duration": "200 ms", "read": "last 100 ms"},
        {"drive": "voltage", "value": "-0.3 V", "duration": "50 ms", "pulse": True},
    ],
    "output": {"terminals": "every step", "fields": {"at": []}},
    "solver": {"linear": "superlu"},
    "mesh.companion": "none",
}


class Remembering(conduction.Conduction):
    """A read-out whose solves start from the solution before, which no checkpoint has."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        put = self.psi.setValue
        self.psi.setValue = lambda value, *rest, **more: (
            None if value is conduction.GUESS else put(value, *rest, **more)
        )


def killed(directory: Path, monkeypatch: pytest.MonkeyPatch, every: int) -> tuple[list[bytes], list[list[bytes]]]:
    """Return the tables of a run let alone and of one killed after every so many steps, resumed each time."""
    case = section_case(directory / "case", CHANGES)
    kills = Kills(directory / "run", every=every)
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "EVERY", -1.0)
        patch.setattr(Checkpoints, "pause", kills.wrap(Checkpoints.pause, "between steps"))
        run_case(case, directory / "run", silent)
    copies = [copy for copy in kills.copies if (copy / CHECKPOINT).exists()]
    assert len(copies) > 24 / every
    return tables(directory / "run"), [resumed(case, copy) for copy in copies]


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.long)])
def test_a_kill_between_two_steps_of_a_section_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    expected, found = killed(tmp_path, monkeypatch, every)
    assert all(one == expected for one in found)


@pytest.mark.long
def test_a_read_out_that_starts_from_its_last_solution_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conduction, "Conduction", Remembering)
    expected, found = killed(tmp_path, monkeypatch, 4)
    assert any(one != expected for one in found)
