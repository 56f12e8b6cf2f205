"""The mesh of a fit is chosen once, kept for a fit that goes on, and told where it is not what is asked for."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration.calibrated_case import CURRENT, QUANTITY
from eisfv.calibration import meshes
from eisfv.calibration.plan import Plan
from eisfv.calibration.reading import read_plan
from eisfv.case.case import Case
from eisfv.result import ResultError
from eisfv.running.choice import Choice, by_lengths
from support.section_case import write_section

TARGET = """
[[calibrate.target]]
quantity = "charge"
"""


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """A fit to a section whose lines pilots choose."""
    case = write_section(tmp_path / "case", {"mesh": {}})
    with (case / "case.toml").open("a") as file:
        file.write(CURRENT + TARGET)
    (case / "expected.toml").write_text(QUANTITY.format(name="charge", value=1e-9, unit="C", column="charge_C"))
    return read_plan(case)


def chosen(cases: Sequence[Case]) -> Choice:
    """Return what pilots might say of a section: 5 % of error within its cap."""
    return replace(by_lengths(cases[0]), pilots=9, expected=5e-2)


def at_start(plan: Plan, kept: Path, said: list[str]) -> dict[Path, Choice]:
    return meshes.meshes_at(plan, [parameter.start for parameter in plan.parameters], kept, said.append)


def test_a_fit_that_goes_on_has_the_mesh_it_began_with(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(meshes, "chosen_together", chosen)
    (begun,) = at_start(plan, tmp_path / "kept", said).values()
    assert any("mesh: " in line and "from 9 pilots" in line for line in said)
    assert any("expected to be larger than mesh.error" in line for line in said)

    monkeypatch.setattr(meshes, "chosen_together", lambda cases: pytest.fail("pilots were run again"))
    (again,) = at_start(plan, tmp_path / "kept", said).values()
    for one, other in zip(begun.sizes, again.sizes, strict=True):
        np.testing.assert_array_equal(one, other)
    assert again.tolerance == begun.tolerance

    (file,) = (tmp_path / "kept").glob("*.json")
    file.write_text(file.read_text().replace("1", "2", 1))
    with pytest.raises(ResultError, match="is damaged"):
        at_start(plan, tmp_path / "kept", said)


def test_a_fit_whose_pilots_fail_says_what_mesh_it_has(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(meshes, "chosen_together", lambda cases: None)
    assert at_start(plan, tmp_path / "kept", said) == {}
    (line,) = said
    assert 'no pilot run chose the mesh, it is that of mesh.grading = "lengths"' in line
