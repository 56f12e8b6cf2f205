"""An expected.toml that cannot be used is told in one line."""

from pathlib import Path

import pytest

from eisfv.postprocess.quantities.compare import compare
from eisfv.postprocess.quantities.expected import ExpectedError
from eisfv.result import read
from support.expectations import always, denominator, entry, rows
from support.written_run import written


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


def test_two_quantities_of_one_name_are_told(tmp_path: Path) -> None:
    (tmp_path / "expected.toml").write_text(entry() + entry())
    with pytest.raises(ExpectedError, match="give each its own"):
        compare(tmp_path / "expected.toml", always(read(written(tmp_path / "run"))))


RATIO = entry(value="-1.0", ratio_to='"down"')


@pytest.mark.parametrize(
    "text, words",
    [
        (entry(value="-1.0", ratio_to='"up"') + denominator(name='"upward"'), 'ratio_to = "up" is no quantity here'),
        (RATIO + denominator(value="0"), r"denominator\[0\]\.value is not a known key"),
        (RATIO + denominator(ratio_to='"change"'), r"denominator\[0\]\.ratio_to is not a known key"),
        (entry() + denominator(), r"denominator\[0\].*is in no ratio_to; remove it"),
        (RATIO + denominator() + denominator(), r"denominator\[1\]\.name.*give each its own"),
        (entry() + denominator(name='"change"'), r"quantity\[0\]\.name.*give each its own"),
        (denominator(), "at least one quantity or curve"),
    ],
    ids=["unknown", "claims", "a ratio", "unused", "twice", "a quantity's name", "alone"],
)
def test_a_denominator_that_claims_something_or_serves_nothing_is_told(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "expected.toml").write_text(text)
    with pytest.raises(ExpectedError, match=words) as caught:
        compare(tmp_path / "expected.toml", always(read(written(tmp_path / "run"))))
    assert "\n" not in str(caught.value)
