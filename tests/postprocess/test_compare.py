"""A run is held against expected.toml, and an expected.toml that cannot be used is told in one line."""

from pathlib import Path

import pytest
from eisfv.postprocess.compare import ExpectedError, compare, comparison_lines

from eisfv.result import read
from support.written_run import written

GOOD = {
    "name": '"change"',
    "value": '"1 uS"',
    "tolerance": "0.1",
    "kind": '"predicted"',
    "source": '"somewhere"',
    "from": '"pulses"',
    "column": '"dG_S"',
    "select": '"first 1"',
    "reduce": '"mean"',
}


def rows(tmp_path: Path, **changed: str | None) -> list:  # type: ignore[type-arg]
    """Return the comparison of a written run with one quantity, entries changed or left out."""
    entries = {**GOOD, **changed}
    text = "[[quantity]]\n" + "\n".join(f"{key} = {value}" for key, value in entries.items() if value is not None)
    (tmp_path / "expected.toml").write_text(text)
    return compare(tmp_path / "expected.toml", read(written(tmp_path / "run")))


@pytest.mark.parametrize(
    "changed, within",
    [
        ({}, True),
        ({"value": '"1.05 uS"'}, True),
        ({"value": '"1.2 uS"'}, False),
        ({"value": '"1.9 uS"', "tolerance": "{ factor = 2 }"}, True),
        ({"value": '"2.1 uS"', "tolerance": "{ factor = 2 }"}, False),
        ({"value": '"-1 uS"', "tolerance": "{ factor = 2 }"}, False),
        ({"select": '"last 1"', "value": '"-1 uS"'}, True),
        ({"select": '"all"', "reduce": '"mean_abs"'}, True),
        ({"select": '"all"', "reduce": '"max"'}, True),
        ({"select": '"all"', "reduce": '"min"'}, False),
        ({"column": '"x_channel"', "value": "0.01"}, True),
        ({"from": '"terminals"', "column": '"voltage_V"', "select": '"last 1"', "value": '"300 mV"'}, True),
    ],
)
def test_verdicts_follow_the_tolerance(tmp_path: Path, changed: dict[str, str], within: bool) -> None:
    (row,) = rows(tmp_path, **changed)
    assert row.within is within
    lines = list(comparison_lines([row]))
    assert ("within" in lines[-1]) is within
    assert ("OUTSIDE" in lines[-1]) is not within


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"value": "1.0"}, "has no unit"),
        ({"value": '"1 V"'}, "V"),
        ({"column": '"x_channel"'}, "write a number"),
        ({"tolerance": "-1"}, "not negative"),
        ({"tolerance": "{ factor = 0.5 }"}, "factor"),
        ({"tolerance": '"10 %"'}, "write 0.2"),
        ({"kind": '"guessed"'}, "calibrated"),
        ({"from": '"fields"'}, "pulses"),
        ({"column": '"dG"', "value": "1.0"}, "no column"),
        ({"select": '"some"'}, "first 10"),
        ({"select": '"first 99"'}, "asks for more"),
        ({"reduce": '"sum"'}, "mean"),
        ({"name": None}, "missing"),
        ({"colour": '"red"'}, "did you mean column"),
    ],
    ids=lambda value: None if isinstance(value, dict) else value,
)
def test_an_entry_that_cannot_be_used_is_told(tmp_path: Path, changed: dict[str, str | None], words: str) -> None:
    with pytest.raises(ExpectedError, match=words) as caught:
        rows(tmp_path, **changed)
    assert str(tmp_path / "expected.toml") in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "[[quantity", "title = 1", "quantity = 3"])
def test_a_file_that_is_not_of_the_form_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "expected.toml").write_text(text)
    with pytest.raises(ExpectedError, match=r"expected\.toml"):
        compare(tmp_path / "expected.toml", read(written(tmp_path / "run")))


def test_a_case_without_expectations_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExpectedError, match="not there"):
        compare(tmp_path / "expected.toml", read(written(tmp_path / "run")))
