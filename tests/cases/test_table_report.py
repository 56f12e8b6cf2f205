"""The report of the sixteen devices: every mark of the plane has a place of its own, late bounds are starred."""

from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

CASE = Path(__file__).parents[2] / "cases" / "table1"


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(CASE)
    return __import__("report")


def test_every_device_stands_at_a_place_of_its_own_near_the_length_of_its_pulse(report: ModuleType) -> None:
    lengths = {case: device[1] for case, device in report.DEVICES.items()}
    assert len(set(lengths.values())) < len(lengths)  # drawn at their lengths, some would cover each other
    found = report.places(lengths)
    apart = np.diff(np.sort(np.log(list(found.values()))))
    assert apart.min() > np.log(1.15)
    assert max(abs(np.log(found[case] / length)) for case, length in lengths.items()) < np.log(2.5)


@pytest.mark.parametrize(
    ("case", "value", "kind", "star"),
    [
        ("07_moo3", 0.05, "predicted", True),
        ("07_moo3", 0.0, "predicted", False),
        ("07_moo3", 0.05, "calibrated", False),
        ("08_wse2", 0.05, "predicted", False),
    ],
)
def test_a_bound_that_was_written_late_is_starred_and_a_sign_is_not(
    report: ModuleType, case: str, value: float, kind: str, star: bool
) -> None:
    row = SimpleNamespace(case=case, quantity=SimpleNamespace(kind=kind, value=value, name="share"))
    assert report.kind_of(row).endswith("*") is star
    line = f"| {case} | share | 0.05 | 0.01 | - | - | at most | {kind} | within |"
    assert ("predicted*" in report.starred(line, (row,))) is star
