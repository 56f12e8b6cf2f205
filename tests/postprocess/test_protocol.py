"""The protocol as it is read from a run's case is the one that the solver drives."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from eisfv.postprocess.protocol import DrivenStep, protocol_steps
from support.small_case import write_case
from support.waves import sine_step

CASES = Path(__file__).parents[2] / "cases"
BLOCKS = """
[[protocol]]
repeat = 2
steps = [
    { drive = "voltage", value = { times = ["0 s", "1 ms", "2 ms"], levels = ["0 V", "1 V", "-1 V"] }, \
duration = "3 ms", pulse = true },
    { repeat = 3, steps = [{ drive = "open_circuit", duration = "1 s", read = "last 500 ms" }] },
    { drive = "current", value = "-10 uA", duration = "200 ms", pulse = true },
    { drive = "open_circuit", duration = "1 s", read = "all" },
]
"""


def directories(tmp_path: Path) -> list[Path]:
    return [CASES / "mg_voltage_cycling", CASES / "h_ysz_compact", write_case(tmp_path / "blocks", BLOCKS)]


def test_the_steps_are_those_of_the_solver(tmp_path: Path) -> None:
    for directory in directories(tmp_path):
        case = load(directory)
        ours, theirs = protocol_steps(case.file.protocol).steps(), list(case.protocol)
        assert len(ours) == len(theirs)
        assert [step.drive for step in ours] == [step.drive for step in theirs]
        assert [step.pulse for step in ours] == [step.pulse for step in theirs]
        ends = np.cumsum([step.duration for step in theirs])
        np.testing.assert_allclose([step.end for step in ours], ends, rtol=1e-12)
        np.testing.assert_allclose([step.read for step in ours], [step.read or 0.0 for step in theirs], rtol=1e-12)
        for one, other in zip(ours[:50], theirs[:50], strict=True):
            for t in np.linspace(0.0, other.duration, 7):
                assert one.source.value(float(t)) == other.waveform.value(float(t))


def test_stretches_go_from_corner_to_corner(tmp_path: Path) -> None:
    (first, *_) = protocol_steps(load(directories(tmp_path)[-1]).file.protocol).steps()
    assert [s[:2] for s in first.stretches] == [(0.0, 1e-3), (1e-3, 2e-3), (2e-3, pytest.approx(3e-3))]
    assert [s[2:4] for s in first.stretches] == [(0.0, 1.0), (1.0, -1.0), (-1.0, -1.0)]
    assert all(stretch.straight for stretch in first.stretches)


@pytest.mark.parametrize("waves", [0.5, 1, 2, 5, 100])
def test_a_wave_is_not_taken_for_the_straight_line_through_its_ends(waves: float) -> None:
    (only,) = DrivenStep(sine_step(waves), 0.0).stretches
    assert only[:2] == (0.0, 1e-3)
    assert not only.straight
