"""A run is held against expected.toml, and an expected.toml that cannot be used is told in one line."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.quantities.compare import compare
from eisfv.postprocess.quantities.expected import ExpectedError
from eisfv.postprocess.quantities.rows import Row, comparison_lines
from eisfv.result import Run, read
from support.synthetic_section import STACK, section_run
from support.without_checksums import without_checksums
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


def rows(tmp_path: Path, run: str = "run", **changed: str | None) -> list[Row]:
    """Return the comparison of a written run with one quantity, entries changed or left out."""
    entries = {**GOOD, **changed}
    text = "[[quantity]]\n" + "\n".join(f"{key} = {value}" for key, value in entries.items() if value is not None)
    (tmp_path / "expected.toml").write_text(text)
    return compare(tmp_path / "expected.toml", always(read(written(tmp_path / run))))


def always(run: Run) -> Callable[[Path], Run]:
    """Return what gives this run whatever case is asked for."""
    return lambda case: run


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
        ({"colour": '"red"'}, 'did you mean "column"'),
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
        compare(tmp_path / "expected.toml", always(read(written(tmp_path / "run"))))


def test_a_case_without_expectations_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExpectedError, match="not there"):
        compare(tmp_path / "expected.toml", always(read(written(tmp_path / "run"))))


PROFILE = {"from": '"profiles"', "column": '"site_fraction_Mg"', "region": '"channel"', "select": '"last 1"'}


def section_rows(tmp_path: Path, **changed: str | None) -> list[Row]:
    """Return the comparison of a section's run with one quantity of its profiles."""
    entries = {**GOOD, **PROFILE, **changed}
    text = "[[quantity]]\n" + "\n".join(f"{key} = {value}" for key, value in entries.items() if value is not None)
    (tmp_path / "expected.toml").write_text(text)
    return compare(tmp_path / "expected.toml", always(read(section_run(tmp_path / "section", STACK))))


@pytest.mark.parametrize("reduce", ["mean", "max", "min"])
def test_a_region_of_the_profiles_is_held_against_a_value(tmp_path: Path, reduce: str) -> None:
    (row,) = section_rows(tmp_path, value="0.2", reduce=f'"{reduce}"', tolerance='"at least"')
    run = read(tmp_path / "section")
    cells = run.cells.volumes_of("channel")
    values, sizes = run.profiles("site_fraction_Mg")[-1][cells], run.cells.size[cells]
    expected = {"mean": values @ sizes / sizes.sum(), "max": values.max(), "min": values.min()}
    np.testing.assert_allclose(row.model, expected[reduce], rtol=1e-12)


@pytest.mark.parametrize("reduce", ["share_below", "share_above"])
def test_a_share_of_a_region_is_that_of_its_volume(tmp_path: Path, reduce: str) -> None:
    run = read(section_run(tmp_path / "other", STACK))
    cells = run.cells.volumes_of("channel")
    values, sizes = run.profiles("site_fraction_Mg")[-1][cells], run.cells.size[cells]
    level = float(np.sort(values)[values.size // 3]) + 1e-12
    (row,) = section_rows(tmp_path, value="0.2", reduce=f'"{reduce}"', at=f"{level!r}", tolerance='"at least"')
    inside = values < level if reduce == "share_below" else values > level
    assert 0 < inside.sum() < values.size
    np.testing.assert_allclose(row.model, sizes[inside].sum() / sizes.sum(), rtol=1e-12)


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"region": None}, "region is missing"),
        ({"reduce": '"share_below"'}, "at is missing"),
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


# Pulses of the written run: 5e-6 + 1e-6 by sign, amplitudes +-1e-5 A in turn, 5 uC and 0.6 uJ each.
@pytest.mark.parametrize(
    "changed, model",
    [
        ({"column": '"1e-3 * energy_J / dG_S / 6e-5"'}, 1e-3 * 6e-7 / 1e-6 / 6e-5),
        ({"column": '"abs(dG_S) / charge_C"', "select": '"all"', "unit": '"V^-1"'}, 0.2),
        ({"select": '"depressing"', "value": '"-1 uS"'}, -1e-6),
        ({"select": '"potentiating, last 1"', "column": '"t_start_s"', "value": '"30 s"'}, 30.0),
        ({"select": '"rows 2 to 3"', "reduce": '"count"'}, 2.0),
        ({"select": '"all"', "reduce": '"p85"', "value": '"1 uS"'}, 1e-6),
        ({"select": '"all"', "reduce": '"p15"', "value": '"1 uS"'}, -1e-6),
        ({"select": '"all"', "column": '"t_start_s"', "reduce": '"ratio_last_first"'}, 4.0),
        ({"select": '"all"', "reduce": '"slope"', "against": '"amplitude"'}, 0.1),
        ({"select": '"all"', "reduce": '"r2"', "against": '"amplitude"'}, 1.0),
        ({"select": '"all"', "reduce": '"r2"', "against": '"t_start_s"'}, 0.2),
        ({"from": '"terminals"', "column": '"voltage_V"', "select": '"at 1.5 s"', "value": '"1 V"'}, 0.15),
        ({"from": '"terminals"', "column": '"voltage_V"', "select": '"from 1 s to 2 s"', "value": '"1 V"'}, 0.15),
    ],
)
def test_the_model_value_is_what_the_entry_says(tmp_path: Path, changed: dict[str, str], model: float) -> None:
    (row,) = rows(tmp_path, **{"value": "1.0", **changed})
    np.testing.assert_allclose(row.model, model, rtol=1e-12)


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"column": '"energy_J / dg_S"', "value": "1.0"}, 'did you mean "dG_S"'),
        ({"column": '"dG_S ** 2"', "value": "1.0"}, "not taken"),
        ({"column": '"2 * dG_S"'}, "write a number"),
        ({"unit": '"uS"'}, "for plain numbers"),
        ({"reduce": '"slope"', "value": "1.0"}, "against is missing"),
        ({"against": '"charge_C"'}, "for reduce = slope"),
        ({"reduce": '"slope"', "against": '"charge_C"', "value": "1.0", "select": '"all"'}, '"charge_C" is the same'),
        (
            {"reduce": '"r2"', "against": '"t_start_s"', "value": "1.0", "column": '"charge_C"', "select": '"all"'},
            "same",
        ),
        ({"ratio_to": '"chang"', "value": "1.0"}, 'did you mean "change"'),
        ({"ratio_to": '"change"', "value": "1.0"}, "a ratio itself"),
        ({"select": '"at 1 s"'}, "for terminals"),
        ({"note": "3"}, "write a text"),
        ({"region": '"channel"'}, "from = profiles"),
        ({"from": '"terminals"', "column": '"time_s"', "value": '"1 s"', "select": '"at 1 h"'}, "does not reach"),
    ],
    ids=range(14),
)
def test_what_the_new_keys_cannot_do_is_told(tmp_path: Path, changed: dict[str, str], words: str) -> None:
    with pytest.raises(ExpectedError, match=words) as caught:
        rows(tmp_path, **changed)
    assert "\n" not in str(caught.value)


def entry(**changed: str) -> str:
    """Return the text of an entry."""
    return "[[quantity]]\n" + "".join(f"{key} = {value}\n" for key, value in {**GOOD, **changed}.items())


def test_a_ratio_is_taken_to_another_quantity_also_of_another_case(tmp_path: Path) -> None:
    path = tmp_path / "one" / "expected.toml"
    path.parent.mkdir()
    path.write_text(
        entry()
        + entry(name='"up over down"', ratio_to='"down"', value="-1.0", case='"../two"')
        + entry(name='"down"', select='"last 1"', value='"-1 uS"', case='"../two"')
    )
    asked: list[str] = []
    run = read(written(tmp_path / "run"))

    def run_of(case: Path) -> Run:
        asked.append(case.resolve().name)
        return run

    first, ratio, _ = compare(path, run_of)
    np.testing.assert_allclose([first.model, ratio.model], [1e-6, -1.0], rtol=1e-12)
    assert asked == ["one", "two", "two"]


def test_two_quantities_of_one_name_are_told(tmp_path: Path) -> None:
    (tmp_path / "expected.toml").write_text(entry() + entry())
    with pytest.raises(ExpectedError, match="give each its own"):
        compare(tmp_path / "expected.toml", always(read(written(tmp_path / "run"))))


def test_a_calibrated_value_outside_fails_no_comparison(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, value='"2 uS"', kind='"calibrated"')
    assert not row.within
    assert not row.fails
    (row,) = rows(tmp_path, run="again", value='"2 uS"')
    assert row.fails


def test_kinds_stand_apart_and_the_case_is_named_where_there_are_several(tmp_path: Path) -> None:
    run = read(written(tmp_path / "run"))
    found = []
    for name, kind in (("one", "predicted"), ("two", "calibrated")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "expected.toml").write_text(entry(kind=f'"{kind}"'))
        found += compare(tmp_path / name / "expected.toml", always(run))
    head, _, first, _, second = comparison_lines(found)
    assert head.split()[:2] == ["case", "quantity"]
    assert (first.split()[0], second.split()[0]) == ("two", "one")
    assert next(iter(comparison_lines(found[:1]))).split()[0] == "quantity"


def with_error(run: Path, relative: float) -> Run:
    """Return a written run that tells a numerical error of its conductance."""
    figure = {"relative": relative, "value": 1e-8, "unresolved": False}
    told = {kind: {"conductance": figure} for kind in ("mesh", "time")}
    without_checksums(run)
    (run / "provenance.json").write_text(json.dumps({"solver": {"numerical_error": told}}))
    return read(run)


@pytest.mark.parametrize("relative, verdict", [(0.05, "OUTSIDE"), (0.15, "UNDECIDED")])
def test_a_deviation_smaller_than_the_numerical_error_is_no_result(
    tmp_path: Path, relative: float, verdict: str
) -> None:
    rows(tmp_path, value='"1.2 uS"')
    run = with_error(tmp_path / "run", relative)
    (row,) = compare(tmp_path / "expected.toml", always(run))
    np.testing.assert_allclose(row.numerical, 2.0 * relative * row.model, rtol=1e-12)
    assert row.verdict == verdict
    assert row.fails


def test_a_plain_conductance_has_the_error_of_its_value(tmp_path: Path) -> None:
    rows(tmp_path, column='"G_after_S"', value='"6 uS"')
    (row,) = compare(tmp_path / "expected.toml", always(with_error(tmp_path / "run", 0.05)))
    np.testing.assert_allclose(row.numerical, 2e-8, rtol=1e-12)


def test_a_run_that_tells_no_error_has_none(tmp_path: Path) -> None:
    (row,) = rows(tmp_path)
    assert "-" in row.cells
    assert row.verdict == "within"
