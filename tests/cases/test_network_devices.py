"""Parameters beside the presets: what is marked, and what a zero counts as."""

from pathlib import Path
from types import ModuleType

import pytest

CASE = Path(__file__).parents[2] / "cases" / "table1" / "networks"


@pytest.fixture
def compare(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(CASE)
    return __import__("compare")


def test_a_parameter_is_held_against_the_nearer_preset(compare: ModuleType) -> None:
    assert compare.apart(0.02, "dw_min") == pytest.approx(10.0)
    assert compare.apart(-0.4152, "gamma_up") == pytest.approx(1.0)
    assert compare.apart(0.0, "dw_min_std") == float("inf")
    assert compare.apart(0.0, "up_down") == 1.0


def test_the_table_stars_what_is_farther_off_than_three_times_and_no_preset(compare: ModuleType) -> None:
    near = compare.PRESETS["lithium preset"] | {"gamma_down": 0.1}
    *_, lithium, oxide, own = compare.table({"row 4": near})
    assert own.count("*") == 1
    assert "0.1* " in own
    assert "*" not in lithium + oxide
