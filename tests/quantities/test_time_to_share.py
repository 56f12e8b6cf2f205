"""The time until a column has fallen to a share of its way, against exponentials that say it."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.quantities.compare import compare
from eisfv.postprocess.quantities.expected import ExpectedError
from eisfv.postprocess.quantities.reductions import ReductionError, time_to_share
from eisfv.result import read
from support.written_run import written

TIMES = np.linspace(0.0, 100.0, 100_001)
TAU = 7.0


@pytest.mark.parametrize("share", [0.9, 0.5, float(np.exp(-1.0)), 0.01])
def test_an_exponential_is_at_a_share_after_its_time_constant_times_the_logarithm(share: float) -> None:
    found = time_to_share(TIMES, 3e-6 * np.exp(-TIMES / TAU), share, "zero")
    np.testing.assert_allclose(found, -TAU * np.log(share), rtol=1e-6)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("offset", [5e-6, -1e-6])
def test_toward_the_end_an_offset_and_a_sign_do_not_count(sign: float, offset: float) -> None:
    found = time_to_share(TIMES, offset + sign * 3e-6 * np.exp(-TIMES / TAU), 0.5, "end")
    np.testing.assert_allclose(found, TAU * np.log(2.0), rtol=1e-5)


def test_toward_zero_an_offset_does_count() -> None:
    found = time_to_share(TIMES, 1e-6 + 3e-6 * np.exp(-TIMES / TAU), 0.5, "zero")
    np.testing.assert_allclose(found, TAU * np.log(3.0), rtol=1e-5)


def test_the_time_counts_from_the_first_row() -> None:
    np.testing.assert_allclose(
        time_to_share(TIMES + 50.0, np.exp(-TIMES / TAU), 0.5, "zero"), TAU * np.log(2.0), rtol=1e-6
    )


def test_between_two_rows_the_way_is_straight() -> None:
    np.testing.assert_allclose(
        time_to_share(np.array([0.0, 10.0]), np.array([4.0, 0.0]), 0.25, "zero"), 7.5, rtol=1e-14
    )


def test_the_first_time_counts_where_a_column_comes_back() -> None:
    values = np.array([1.0, 0.0, 1.0, 0.0])
    np.testing.assert_allclose(time_to_share(np.arange(4.0), values, 0.5, "zero"), 0.5, rtol=1e-14)


@pytest.mark.parametrize(
    "values, toward, words",
    [
        ([4.0, 3.0, 2.4], "zero", "falls to 0.6 of its start in 2 s, not to 0.5"),
        ([4.0, 5.0, 6.0], "zero", "falls to 1 of its start in 2 s, not to 0.5"),
        ([0.0, 1.0, 2.0], "zero", "starts at zero"),
        ([2.0, 3.0, 2.0], "end", "starts where it is to end"),
        ([2.0], "end", "starts where it is to end"),
    ],
)
def test_what_does_not_get_there_is_no_number(values: list[float], toward: str, words: str) -> None:
    with pytest.raises(ReductionError, match=words):
        time_to_share(np.arange(float(len(values))), np.array(values), 0.5, toward)


ENTRY = """
[[quantity]]
name = "fall"
value = "1 s"
tolerance = 0.1
kind = "predicted"
source = "somewhere"
from = "terminals"
column = "1.0 - voltage_V"
select = "from 1 s to 3 s"
reduce = "time_to_share"
share = 0.875
"""


def model(directory: Path, text: str) -> float:
    """Return the value of an entry; the voltage of the run is 0.1 V a second."""
    (directory / "expected.toml").write_text(text)
    (row,) = compare(directory / "expected.toml", lambda case: read(written(directory / "run")))
    return row.model


def test_an_expected_file_may_ask_for_it(tmp_path: Path) -> None:
    # From 0.9 at 1 s to 0.7875 at 2.125 s.
    np.testing.assert_allclose(model(tmp_path, ENTRY), 1.125, rtol=1e-12)


def test_its_value_is_a_time(tmp_path: Path) -> None:
    with pytest.raises(ExpectedError, match="time"):
        model(tmp_path, ENTRY.replace('"1 s"\ntol', '"1 S"\ntol'))


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("share = 0.875", "", "share is missing"),
        ("share = 0.875", "share = 1.0", "between 0 and 1"),
        ("share = 0.875", 'share = "half"', "between 0 and 1"),
        ("share = 0.875", 'share = 0.875\ntoward = "nothing"', "is not one of zero, end"),
        ("share = 0.875", 'share = 0.875\nunit = "h"', "in s, remove it"),
        ('"time_to_share"\nshare = 0.875', '"mean"\ntoward = "end"', "toward is for reduce = time_to_share"),
        ('from = "terminals"', 'from = "pulses"', "is for from = terminals"),
        ('"from 1 s to 3 s"', '"at 1 s"', "is a single value; a time_to_share needs several rows"),
        ("share = 0.875", "share = 0.5", "not to 0.5"),
    ],
)
def test_what_cannot_be_asked_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in ENTRY
    with pytest.raises(ExpectedError, match=words) as caught:
        model(tmp_path, ENTRY.replace(old, new))
    assert "\n" not in str(caught.value)
