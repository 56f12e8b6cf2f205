"""A block of steps may hold blocks: repeats within repeats."""

from pathlib import Path

import pytest

from eisfv.case import CaseError, load
from support.small_case import small_case

PULSE = '{ drive = "voltage", value = "0.1 V", duration = "1 ms", pulse = true }'
REST = '{ drive = "open_circuit", duration = "2 ms" }'
READ = '{ drive = "open_circuit", duration = "10 ms", read = "all" }'
NESTED = f"[[protocol]]\nrepeat = 3\nsteps = [{{ repeat = 2, steps = [{PULSE}, {REST}] }}, {READ}]\n"


def test_blocks_within_a_block_are_driven_in_order(tmp_path: Path) -> None:
    protocol = small_case(tmp_path, NESTED).protocol
    assert [step.duration for step in protocol] == [1e-3, 2e-3, 1e-3, 2e-3, 1e-2] * 3
    assert protocol.pulses == 6


def test_the_resolved_case_keeps_them(tmp_path: Path) -> None:
    case = small_case(tmp_path / "one", NESTED)
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "case.toml").write_text(case.resolved_toml())
    assert load(tmp_path / "two").protocol == case.protocol


@pytest.mark.parametrize(
    "wrong, words",
    [
        (NESTED.replace("repeat = 2", "repeat = 0"), ["protocol[0].steps[0].repeat = 0", "at least 1"]),
        (NESTED.replace('"0.1 V"', "0.1"), ["protocol[0].steps[0].steps[0].value = 0.1", "has no unit"]),
        (NESTED.replace("repeat = 2", "repaet = 2"), ["protocol[0].steps[0].repaet", 'did you mean "repeat"']),
    ],
)
def test_a_mistake_inside_is_told_by_its_place(tmp_path: Path, wrong: str, words: list[str]) -> None:
    with pytest.raises(CaseError) as caught:
        small_case(tmp_path, wrong)
    (line,) = caught.value.lines
    assert all(word in line for word in words), line
