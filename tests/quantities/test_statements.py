"""Rows that test one sentence of a source count once, by the row that decides it."""

from dataclasses import replace
from pathlib import Path

import pytest

from eisfv.postprocess.quantities.expected import ExpectedError, read_expected, read_set
from eisfv.postprocess.quantities.rows import Row
from eisfv.postprocess.quantities.statements import counted, statements
from support.expectations import entry


@pytest.fixture
def row(tmp_path: Path) -> Row:
    """Return a row that lies within its tolerance."""
    file = tmp_path / "expected.toml"
    file.write_text(entry())
    return Row(read_expected(file)[0], 1e-6, "case")


def of(row: Row, model: float = 1e-6, **changed: str) -> Row:
    return Row(replace(row.quantity, **changed), model, row.case)


def test_nine_rows_on_one_statement_count_as_one(row: Row) -> None:
    decides = of(row, statement="0.3 uS")
    again = [of(row, repeats="0.3 uS") for _ in range(8)]
    assert counted([decides, *again]) == "Within their tolerance: 1 of 1 predicted (9 rows on 1 statements)."
    assert counted([of(row) for _ in range(9)]) == "Within their tolerance: 9 of 9 predicted."


def test_the_row_that_decides_decides_wherever_it_stands(row: Row) -> None:
    met, missed = of(row, statement="S"), of(row, 5e-6, statement="S")
    again_met, again_missed = of(row, repeats="S"), of(row, 5e-6, repeats="S")
    assert statements([again_missed, met])[0].within
    assert not statements([again_met, missed])[0].within


def test_without_the_row_that_decides_all_that_repeat_must_hold(row: Row) -> None:
    assert statements([of(row, repeats="S"), of(row, repeats="S")])[0].within
    assert not statements([of(row, repeats="S"), of(row, 5e-6, repeats="S")])[0].within


def test_a_statement_in_two_cases_is_met_where_both_meet_it(row: Row) -> None:
    assert not statements([of(row, statement="S"), of(row, 5e-6, statement="S")])[0].within


def test_a_statement_of_two_kinds_is_refused(row: Row) -> None:
    with pytest.raises(ExpectedError, match="is exact and predicted at once"):
        counted([of(row, statement="S"), of(row, statement="S", kind="exact")])


def test_a_statement_may_be_predicted_by_one_set_and_calibrated_in_another(row: Row) -> None:
    fitted = replace(of(row, statement="S", kind="calibrated"), set="fitted")
    assert counted([of(row, 5e-6, statement="S"), fitted]).splitlines() == [
        "no set named: Within their tolerance: 0 of 1 predicted.",
        "fitted: Within their tolerance: 1 of 1 calibrated.",
    ]


@pytest.mark.parametrize("text", ["3", '""', "[]"])
def test_a_set_is_a_text(tmp_path: Path, text: str) -> None:
    file = tmp_path / "expected.toml"
    file.write_text(f"set = {text}\n" + entry())
    with pytest.raises(ExpectedError, match=r"set = .*: write a text"):
        read_set(file)


def test_a_repeated_row_says_so(row: Row) -> None:
    assert of(row, repeats="S").cells[-1] == "within (repeats)"
    assert of(row, statement="S").cells[-1] == "within"


def test_a_row_decides_a_statement_or_repeats_it(tmp_path: Path) -> None:
    file = tmp_path / "expected.toml"
    file.write_text(entry() + 'statement = "S"\nrepeats = "S"\n')
    with pytest.raises(ExpectedError, match="decides a statement or repeats it"):
        read_expected(file)
