"""A fit whose derivatives are those of adjoint runs: the same answer as by differences, from fewer runs."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibration.calibrated_case import CURRENT, QUANTITY, SLOPE, TRUE
from eisfv.api import calibrating
from eisfv.calibration.adjoint import adjoint_slopes
from eisfv.calibration.fit import jacobian
from eisfv.calibration.model import residuals_at
from eisfv.calibration.reading import read_plan
from eisfv.calibration.runs import runs
from eisfv.case import load
from eisfv.result import read
from eisfv.running import run_case
from support.small_case import COARSE, silent, write_case

PULSES = """
[[protocol]]
drive = "current"
value = "20 uA"
duration = "100 ms"
pulse = true

[[protocol]]
drive = "open_circuit"
duration = "1 s"

[[protocol]]
drive = "voltage"
value = "0.3 V"
duration = "200 ms"
pulse = true

[[protocol]]
drive = "open_circuit"
duration = "1 s"
"""
TARGETS = """
[[calibrate.target]]
quantity = "change 1"

[[calibrate.target]]
quantity = "change 2"
"""


def case_of(directory: Path, second: str = "rows 2 to 2") -> Path:
    """Make a case whose changes by two pulses are those of a run with TRUE; second: rows of the second target."""
    write_case(directory, PULSES, CURRENT + SLOPE + TARGETS, COARSE)
    known = load(directory, [f'{key}="{value} {unit}"' for key, (value, unit) in TRUE.items()])
    run_case(known, directory / "known", silent)
    changes = read(directory / "known").pulses["dG_S"]
    texts = []
    for k, rows in enumerate(("rows 1 to 1", second)):
        text = QUANTITY.format(name=f"change {k + 1}", value=float(changes[k]), unit="S", column="dG_S")
        texts.append(text.replace('select = "all"', f'select = "{rows}"'))
    (directory / "expected.toml").write_text("".join(texts))
    return directory


def fit(case: Path, out: Path) -> dict[str, Any]:
    """Return fit.toml."""
    found = calibrating.carried_out(case, 1, out, ["test"], lambda line: None, force=False, quiet=True)
    assert "derivatives: " in str(found)
    return tomllib.loads((out / "fit.toml").read_text())


def test_the_derivatives_are_those_of_differences(tmp_path: Path) -> None:
    plan, said = read_plan(case_of(tmp_path / "case")), list[str]()
    start = np.array([parameter.coordinate(parameter.start) for parameter in plan.parameters])
    with runs(1, plan, {}, tmp_path / "out") as made:
        slopes, words = adjoint_slopes(plan, made, start, said.append)
        assert slopes is not None
        found, followed, before = slopes(start), made.followed, made.made
        expected = jacobian(lambda points: residuals_at(plan, made, points), start, plan.count)
    np.testing.assert_allclose(found, expected, rtol=0.02)
    assert (followed, before, made.made) == (2, 1, 5)  # one a pulse, for check and derivatives
    assert words == "2 runs that are followed backward, in place of 4 runs"
    assert not said


def test_a_fit_without_an_adjoint_says_why(tmp_path: Path) -> None:
    case = case_of(tmp_path / "case", second="last 1")
    plan = read_plan(case)
    with runs(1, plan, {}, tmp_path / "out") as made:
        slopes, words = adjoint_slopes(plan, made, np.array([0.5, 0.5]), print)
        assert (made.made, made.followed) == (0, 0)
    assert slopes is None
    assert words == (
        "differences of runs: case: change 2 is not the change dG_S by a single pulse, "
        'as of select = "rows 1 to 1", reduce = "first"'
    )


@pytest.mark.long
def test_the_same_answer_from_fewer_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of(tmp_path / "case")
    by_adjoint = fit(case, tmp_path / "adjoint")
    monkeypatch.setattr(calibrating, "adjoint_slopes", lambda *rest: (None, "differences"))
    by_differences = fit(case, tmp_path / "differences")
    values = [value for value, _ in list(TRUE.values())[::2]]
    for one, other, value in zip(by_adjoint["parameter"], by_differences["parameter"], values, strict=True):
        np.testing.assert_allclose([one["value"], other["value"]], value, rtol=5e-3)
    counts = [tree["provenance"] for tree in (by_adjoint, by_differences)]
    assert counts[1]["followed_backward"] == 0 < counts[0]["followed_backward"]
    assert counts[0]["runs"] + counts[0]["followed_backward"] < counts[1]["runs"]
