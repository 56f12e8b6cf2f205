"""A row that a fit used is refused the word predicted, in the case of the fit and in those beside it."""

from dataclasses import replace
from pathlib import Path

import pytest

from eisfv.postprocess.quantities.expected import ExpectedError, Quantity, read_expected
from eisfv.postprocess.quantities.fitted_rows import check_predictions
from support.expectations import entry


def fitted(tmp_path: Path, case: str, quantity: str) -> tuple[Path, list[Quantity]]:
    for name in ("one", "two"):
        (tmp_path / name / "calibrated").mkdir(parents=True)
        (tmp_path / name / "expected.toml").write_text(entry(select='"all"'))
    listed = f'[[target]]\ncase = "{case}"\nquantity = "{quantity}"\n'
    (tmp_path / "one" / "calibrated" / "fit.toml").write_text(listed)
    path = tmp_path / "two" / "expected.toml"
    return path, read_expected(path)


def test_a_row_that_a_fit_beside_used_is_no_prediction(tmp_path: Path) -> None:
    path, entries = fitted(tmp_path, "../two", "change")
    with pytest.raises(ExpectedError, match='was fitted to it; write "calibrated"') as caught:
        check_predictions(path, entries)
    assert "\n" not in str(caught.value)
    check_predictions(path, [replace(entries[0], kind="calibrated")])


@pytest.mark.parametrize("case, quantity", [(".", "change"), ("../two", "another"), ("../three", "change")])
def test_a_row_that_no_fit_used_is_let_be(tmp_path: Path, case: str, quantity: str) -> None:
    check_predictions(*fitted(tmp_path, case, quantity))


def test_a_fit_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path, entries = fitted(tmp_path, ".", "change")
    (tmp_path / "one" / "calibrated" / "fit.toml").write_text("target = 3\n")
    with pytest.raises(ExpectedError, match="is not what"):
        check_predictions(path, entries)
