"""A mesh that a check has found is taken for the very same case alone, and a run ends with the same numbers."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfv.api import checking
from eisfv.case.case import Case
from eisfv.running import kept_mesh as module
from eisfv.running import run_case
from eisfv.running.choice import Choice, by_lengths, options_for
from eisfv.running.kept_mesh import file_of, keep, kept_mesh
from eisfv.running.pilots import Pilots
from support.kills import tables
from support.small_case import DEVICE, PULSE_BETWEEN_READS, silent, small_case

CELLS = "cells = { reservoir = 10, electrolyte = 20, channel = 10 }"
SOLVED = DEVICE.replace(CELLS, 'cells = { reservoir = 16, electrolyte = 16 }\ngrading = "solution"\nerror = 0.05')


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return small_case(tmp_path / "case", PULSE_BETWEEN_READS, device=SOLVED)


def chosen(case: Case) -> Choice:
    """Return a choice of three pilots, which have not been driven."""
    return replace(by_lengths(case), pilots=3, expected=1e-3)


def found(case: Case) -> Choice | None:
    return kept_mesh(case, options_for(case, 1), for_run=True)


@pytest.fixture
def kept(case: Case) -> Case:
    """A case beside which a mesh is kept."""
    file_of(case).parent.mkdir(parents=True)
    keep(case, options_for(case, 1), chosen(case))
    return case


def test_the_mesh_is_found_to_the_last_bit(kept: Case) -> None:
    choice = found(kept)
    assert choice is not None
    assert choice.kept == file_of(kept)
    assert str(file_of(kept)) in choice.line
    assert (choice.pilots, choice.tolerance, choice.expected) == (3, chosen(kept).tolerance, 1e-3)
    for own, before in zip(choice.sizes, chosen(kept).sizes, strict=True):
        np.testing.assert_array_equal(own, before)


@pytest.mark.parametrize(
    ("what", "other"),
    [
        ("0.3 V", "0.31 V"),
        ("100 ms", "101 ms"),
        ("error = 0.05", "error = 0.04"),
        ('temperature = "298.15 K"', 'temperature = "299 K"'),
    ],
)
def test_another_case_in_its_place_has_none(kept: Case, what: str, other: str) -> None:
    place = kept.directory
    text = (place / "case.toml").read_text()
    assert what in text
    changed = small_case(place, "", "", text.replace(what, other, 1))
    assert changed != kept
    assert found(changed) is None
    assert found(small_case(place, "", "", text)) is not None


def test_other_options_have_none(kept: Case) -> None:
    options = options_for(kept, 1)
    assert kept_mesh(kept, replace(options, newton=1e-9), for_run=False) is None
    assert kept_mesh(kept, options, for_run=False) is not None


def other_source(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Another digit in a law."""
    (folder / "law.py").write_text("RATE = 1.0")
    patch.setattr(module, "PROGRAM", folder)


def other_package(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setattr(module, "version", lambda name: "0")


def other_python(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setattr("sys.version", "4.0")


@pytest.mark.parametrize("change", [other_source, other_package, other_python])
def test_another_program_has_none(
    kept: Case, tmp_path: Path, change: Callable[[pytest.MonkeyPatch, Path], None]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        change(patch, tmp_path)
        assert found(kept) is None
    assert found(kept) is not None


def test_one_digit_of_a_source_counts(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other_source(monkeypatch, tmp_path)
    file_of(case).parent.mkdir(parents=True)
    keep(case, options_for(case, 1), chosen(case))
    assert found(case) is not None
    (tmp_path / "law.py").write_text("RATE = 1.1")
    assert found(case) is None


def test_another_attachment_has_none(kept: Case, tmp_path: Path) -> None:
    drawn = tmp_path / "drawn.msh"
    drawn.write_text("one")
    assert found(replace(kept, attachments={"drawn.msh": drawn})) is None


def test_a_file_that_was_touched_is_not_taken(kept: Case) -> None:
    text = file_of(kept).read_text()
    touched = json.loads(text)
    touched["mesh"]["tolerance"] *= 1.0 + 1e-15
    for damaged in (json.dumps(touched), text[:-20], "", "[]"):
        file_of(kept).write_text(damaged)
        assert found(kept) is None


def test_a_run_whose_companions_its_pilots_are_has_its_own(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "has_companions", lambda case, choice: True)
    file_of(case).parent.mkdir(parents=True)
    keep(case, options_for(case, 1), chosen(case))
    assert found(case) is None
    assert kept_mesh(case, options_for(case, 1), for_run=False) is not None


def test_a_run_after_a_check_has_no_pilots_and_the_same_numbers(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_case(case, tmp_path / "alone", silent)
    first = list(checking.check_lines(case, "case", refine=False))

    def none(*_: object) -> None:
        raise AssertionError("pilots ran")

    monkeypatch.setattr(Pilots, "choose", none)
    told: list[str] = []
    run_case(case, tmp_path / "after", silent, tell=told.append)
    assert tables(tmp_path / "after") == tables(tmp_path / "alone")
    assert any("as eisfv check found it" in line for line in told)
    again = list(checking.check_lines(case, "case", refine=False))
    assert again == [
        f"{line}; as eisfv check found it ({file_of(case)})" if "pilots" in line else line for line in first
    ]
