"""Lines of sections that pilots choose, keep and leave."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfv.device.section import gaps_of
from eisfv.device.section_geometry import BoxSection
from eisfv.model.mesh_options import MeshOptions
from eisfv.result import MemoryDirectory, file_names
from eisfv.result.checksums import unsealed
from eisfv.running import checkpoint, run_case
from eisfv.running.checkpoint import Checkpoints
from eisfv.running.choice import Choice, by_solution, choice_of, options_for
from eisfv.running.meshing import Series, chosen
from eisfv.running.pilots import PilotError, Pilots
from eisfv.solve.ranks import ALONE
from support.kills import Kills, resumed, tables
from support.section_case import PLANAR, section_case
from support.small_case import silent


def few_lines(pilots: Pilots) -> Choice:
    """Return a choice of every fourth line that a section's lengths ask for."""
    device = pilots.device
    assert isinstance(device.section, BoxSection)
    sizes = gaps_of(replace(device, mesh=MeshOptions(growth=2.0, host_growth=2.0)), device.section, joins=2)
    return Choice(tuple(sizes), 2e-3, 1, 1e-3, 0.0, section=True)


def test_a_section_whose_pilots_fail_keeps_the_lines_of_its_lengths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = section_case(tmp_path / "case", {"mesh": {}})

    def fails(*_: object, **__: object) -> None:
        raise PilotError("no solution past t = 0 s", case)

    monkeypatch.setattr(Pilots, "run", fails)
    lines: list[str] = []
    directory = MemoryDirectory()
    found, sizes, choice = chosen(case, None, directory, ALONE, lines.append)
    assert sizes is None
    assert choice is None
    assert found.solver == case.solver.completed()
    (line,) = lines
    assert "no solution past t = 0 s" in line

    # Of a sweep or a fit, which have chosen before.
    assert chosen(case, Series(), directory, ALONE, lines.append)[1] is None
    assert lines[1:] == [
        'no pilot run chose the mesh, it is that of mesh.grading = "lengths", as in all runs of this series'
    ]


def test_a_section_that_is_resumed_has_the_lines_it_began_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = section_case(tmp_path / "case", PLANAR | {"mesh": {}, "protocol[0].duration": "1 ms"})
    kills = Kills(tmp_path / "run", every=6)
    with monkeypatch.context() as patch:
        patch.setattr(Pilots, "choose", few_lines)
        patch.setattr(checkpoint, "EVERY", -1.0)
        patch.setattr(Checkpoints, "pause", kills.wrap(Checkpoints.pause, "between steps"))
        assert run_case(case, tmp_path / "run", silent).startswith("numerical error: mesh ")
    expected = tables(tmp_path / "run")
    found = choice_of(unsealed(tmp_path / "run" / file_names.CHOSEN_MESH), tmp_path)
    for own, kept in zip(few_lines(Pilots([case], options_for(case, 1))).sizes, found.sizes, strict=True):
        np.testing.assert_array_equal(kept, own)

    def none(*_: object) -> None:
        raise AssertionError("pilots ran")

    monkeypatch.setattr(Pilots, "choose", none)
    copy = next(copy for copy in kills.copies if (copy / file_names.CHECKPOINT).exists())
    assert resumed(case, copy) == expected


@pytest.mark.parametrize(
    "keys", [{"lateral_cells": 8}, {"first": 0.3}, {"cells": {"channel": 6}}, {"grading": "lengths"}]
)
def test_a_section_that_sets_something_of_its_lines_keeps_its_lengths(tmp_path: Path, keys: dict[str, object]) -> None:
    assert not by_solution(section_case(tmp_path / "case", {"mesh": keys}))
    assert by_solution(section_case(tmp_path / "plain", {"mesh": {"error": 0.01}}))
