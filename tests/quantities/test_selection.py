"""A selection takes the rows it says, in whatever order its parts are written."""

import numpy as np
import pytest

from eisfv.postprocess.quantities.selection import SelectionError, at_time, chosen, parse_selection

PULSES = {"amplitude": np.array([1.0, -1.0, 1.0, 0.0, -2.0, 3.0])}
TERMINALS = {"time_s": np.array([0.0, 1.0, 10.0, 60.0, 3600.0, 7200.0])}


@pytest.mark.parametrize(
    "text, expected",
    [
        ("all", [0, 1, 2, 3, 4, 5]),
        ("first 2", [0, 1]),
        ("last 2", [4, 5]),
        ("rows 2 to 3", [1, 2]),
        ("rows 6 to 6", [5]),
        ("rows 5 to 6, rows 1 to 2", [0, 1, 4, 5]),
        ("potentiating", [0, 2, 5]),
        ("depressing", [1, 4]),
        ("potentiating, last 2", [2, 5]),
        ("last 2, potentiating", [2, 5]),
        ("rows 1 to 3, potentiating", [0, 2]),
        ("rows 1 to 3, depressing, first 1", [1]),
    ],
)
def test_rows_of_pulses(text: str, expected: list[int]) -> None:
    assert chosen(parse_selection(text, "pulses"), PULSES, 6).tolist() == expected


def test_a_spectrum_is_told_by_its_number() -> None:
    table = {"spectrum": np.array([1.0, 1.0, 2.0, 2.0, 3.0])}
    assert chosen(parse_selection("spectrum 2", "impedance"), table, 5).tolist() == [2, 3]
    assert chosen(parse_selection("spectrum 2, last 1", "impedance"), table, 5).tolist() == [3]
    with pytest.raises(SelectionError, match="is for impedance; this quantity is from terminals"):
        parse_selection("spectrum 2", "terminals")


@pytest.mark.parametrize(
    "text, expected",
    [("from 10 s to 1 h", [2, 3, 4]), ("from 500 ms to 1 min", [1, 2, 3]), ("from 1 s to 2 h, last 1", [5])],
)
def test_a_stretch_of_time_has_both_its_ends(text: str, expected: list[int]) -> None:
    assert chosen(parse_selection(text, "terminals"), TERMINALS, 6).tolist() == expected


def test_a_step_has_its_own_rows_and_not_those_at_the_same_times() -> None:
    table = {**TERMINALS, "step": np.array([1, 1, 1, 2, 2, 3])}
    assert chosen(parse_selection("step 2", "terminals"), table, 6).tolist() == [3, 4]
    with pytest.raises(SelectionError, match="leaves no rows"):
        chosen(parse_selection("step 4", "terminals"), table, 6)
    with pytest.raises(SelectionError, match="is for terminals"):
        parse_selection("step 2", "pulses")


def test_a_value_at_a_time_lies_on_the_line_between_rows() -> None:
    selection = parse_selection("at 1 min", "terminals")
    assert selection.at == 60.0
    times = TERMINALS["time_s"]
    np.testing.assert_allclose(at_time(5.5, times, 2.0 * times), 11.0, rtol=1e-14)


@pytest.mark.parametrize("time", [-1.0, 7201.0])
def test_a_time_beyond_the_run_is_told(time: float) -> None:
    with pytest.raises(SelectionError, match="from 0 to 7200 s"):
        at_time(time, TERMINALS["time_s"], TERMINALS["time_s"])


@pytest.mark.parametrize(
    "text, table, words",
    [
        ("some", "pulses", "first 10"),
        ("first 0", "pulses", "write"),
        ("rows 0 to 3", "pulses", "write"),
        ("rows 3 to 2", "pulses", "smaller number first"),
        ("potentiating", "terminals", "for pulses"),
        ("potentiating, depressing", "pulses", "twice"),
        ("from 1 s to 2 s", "pulses", "for terminals"),
        ("from 2 s to 1 s", "terminals", "earlier time first"),
        ("from 1 to 2 s", "terminals", "no unit"),
        ("at 1 V", "terminals", "measures voltage"),
        ("at 1 s, first 1", "terminals", "alone"),
    ],
)
def test_a_selection_that_cannot_be_read_is_told(text: str, table: str, words: str) -> None:
    with pytest.raises(SelectionError, match=words):
        parse_selection(text, table)


@pytest.mark.parametrize(
    "text, words",
    [
        ("rows 6 to 7", "6 rows"),
        ("potentiating, first 4", "3 rows of that kind"),
        ("rows 4 to 4, potentiating", "no rows"),
    ],
)
def test_rows_that_the_run_does_not_have_are_told(text: str, words: str) -> None:
    with pytest.raises(SelectionError, match=words):
        chosen(parse_selection(text, "pulses"), PULSES, 6)
