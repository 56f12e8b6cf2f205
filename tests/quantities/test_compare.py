"""A run is held against expected.toml: what the model gives, and whether it lies within."""

import json
from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.quantities.compare import compare
from eisfv.postprocess.quantities.rows import comparison_lines
from eisfv.result import Run, read
from support.expectations import always, denominator, entry, rows
from support.without_checksums import without_checksums
from support.written_run import written


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


def test_a_denominator_is_no_row_and_a_ratio_to_it_is_that_to_its_value(tmp_path: Path) -> None:
    (tmp_path / "expected.toml").write_text(entry(value="-1.0", ratio_to='"down"') + denominator())
    (row,) = compare(tmp_path / "expected.toml", always(read(written(tmp_path / "run"))))
    np.testing.assert_allclose(row.model, -1.0, rtol=1e-12)


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
