"""A run is held against expected.toml, and an expected.toml that cannot be used is told in one line."""

from pathlib import Path

import numpy as np
import pytest
from eisfv.postprocess.compare import compare, comparison_lines
from eisfv.postprocess.expected import ExpectedError

from eisfv.result import read
from support.synthetic_section import STACK, section_run
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
        ({"value": '"1.05 uS"', "tolerance": '"at most"'}, True),
        ({"value": '"0.95 uS"', "tolerance": '"at most"'}, False),
        ({"value": '"0.95 uS"', "tolerance": '"at least"'}, True),
        ({"value": '"1.05 uS"', "tolerance": '"at least"'}, False),
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


PROFILE = {"from": '"profiles"', "column": '"site_fraction_Mg"', "region": '"channel"', "select": '"last 1"'}


def section_rows(tmp_path: Path, **changed: str | None) -> list:  # type: ignore[type-arg]
    """Return the comparison of a section's run with one quantity of its profiles."""
    entries = {**GOOD, **PROFILE, **changed}
    text = "[[quantity]]\n" + "\n".join(f"{key} = {value}" for key, value in entries.items() if value is not None)
    (tmp_path / "expected.toml").write_text(text)
    return compare(tmp_path / "expected.toml", read(section_run(tmp_path / "section", STACK)))


@pytest.mark.parametrize("reduce", ["mean", "max", "min"])
def test_a_region_of_the_profiles_is_held_against_a_value(tmp_path: Path, reduce: str) -> None:
    (row,) = section_rows(tmp_path, value="0.2", reduce=f'"{reduce}"', tolerance='"at least"')
    run = read(tmp_path / "section")
    cells = run.cells.volumes_of("channel")
    values, sizes = run.profiles("site_fraction_Mg")[-1][cells], run.cells.size[cells]
    expected = {"mean": values @ sizes / sizes.sum(), "max": values.max(), "min": values.min()}
    np.testing.assert_allclose(row.model, expected[reduce], rtol=1e-12)


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"region": None}, "region is missing"),
        ({"region": '"chanel"'}, 'no region "chanel"'),
        ({"column": '"site_fraction_Li"'}, 'no profile "site_fraction_Li"'),
        ({"region": '"electrolyte"'}, '"electrolyte" has no site_fraction_Mg'),
        ({"reduce": '"median"'}, "is not one of mean, max, min"),
        ({"select": '"last 99"'}, "asks for more"),
    ],
)
def test_what_the_profiles_do_not_have_is_told(tmp_path: Path, changed: dict[str, str | None], words: str) -> None:
    with pytest.raises(ExpectedError, match=words):
        section_rows(tmp_path, value="0.2", **changed)
