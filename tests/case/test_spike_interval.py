"""The spike interval of a pulse: kept with the case, refused where it means nothing."""

from pathlib import Path

import pytest

from eisfv.case import CaseError, load
from support.small_case import small_case

STEP = '[[protocol]]\ndrive = "voltage"\nvalue = "1 V"\nduration = "1 s"\npulse = true\nspike_interval = "-20 ms"\n'


def test_the_resolved_case_keeps_it(tmp_path: Path) -> None:
    case = small_case(tmp_path / "one", STEP)
    assert 'spike_interval = "-20 ms"' in case.resolved_toml()
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "case.toml").write_text(case.resolved_toml())
    assert load(tmp_path / "two").resolved_toml() == case.resolved_toml()


def test_what_is_driven_does_not_depend_on_it(tmp_path: Path) -> None:
    without = STEP.replace('spike_interval = "-20 ms"\n', "")
    assert small_case(tmp_path / "one", STEP).protocol == small_case(tmp_path / "two", without).protocol


@pytest.mark.parametrize(
    "wrong, words",
    [
        (STEP.replace("true", "false"), ["protocol[0].spike_interval", "no pulse", "add pulse = true"]),
        (STEP.replace("pulse = true\n", ""), ["protocol[0].spike_interval", "no pulse", "add pulse = true"]),
        (STEP.replace('"-20 ms"', "-0.02"), ["protocol[0].spike_interval = -0.02", "has no unit"]),
        (STEP.replace('"-20 ms"', '"-20 mV"'), ["protocol[0].spike_interval", "measures voltage, not time"]),
    ],
)
def test_a_wrong_one_is_told_by_its_place(tmp_path: Path, wrong: str, words: list[str]) -> None:
    with pytest.raises(CaseError) as caught:
        small_case(tmp_path, wrong)
    (line,) = caught.value.lines
    assert all(word in line for word in words), line
