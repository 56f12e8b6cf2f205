"""Rows of expected.toml that are about the devices of a sweep: percentiles and scatter of a known distribution."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from eisfv.api.comparing import compare
from eisfv.errors import EisfvError
from support.synthetic_sweep import drawn_axis, quantity, write_sweep

MEDIAN, SD = 160e-9, 9.6e-9  # S: 6 % from device to device
ENTRY = """
[[quantity]]
name = "{reduce}"
value = {value}
tolerance = 0.01
kind = "predicted"
source = "made up"
from = "sweep"
column = "{column}"
select = "all"
reduce = "{reduce}"
"""


def ensemble(directory: Path, devices: int = 400) -> None:
    """Write a directory with the sweep of devices whose dG is normal; one has failed, one gives no dG."""
    values = stats.norm(MEDIAN, SD).ppf((np.arange(devices) + 0.5) / devices)
    rows = [{"thickness": 70.0 + k / devices} for k in range(devices)]
    found = dict(zip((row["thickness"] for row in rows), values, strict=True))
    found[rows[devices // 2]["thickness"]] = np.nan
    write_sweep(
        directory / "runs" / "sweep",
        [drawn_axis("thickness", "nm", 70.0, 71.0)],
        [quantity("dG", "S")],
        rows,
        lambda row: {"dG": found[float(row["thickness"])]},
        failed=(devices // 2 + 1,),
        method="random",
    )


def expect(directory: Path, reduce: str, value: str, column: str = "dG_S") -> None:
    (directory / "expected.toml").write_text(ENTRY.format(reduce=reduce, value=value, column=column))


@pytest.mark.parametrize(
    ("reduce", "wanted"),
    [("p15", stats.norm(MEDIAN, SD).ppf(0.15)), ("p85", stats.norm(MEDIAN, SD).ppf(0.85)), ("median", MEDIAN)],
)
def test_percentiles_of_the_devices_are_those_of_their_distribution(tmp_path: Path, reduce: str, wanted: float) -> None:
    ensemble(tmp_path)
    expect(tmp_path, reduce, f'"{float(wanted)!r} S"')
    (row,) = compare(tmp_path).rows
    np.testing.assert_allclose(row.model, wanted, rtol=2e-3)
    assert row.within
    expect(tmp_path, reduce, f'"{1.03 * float(wanted)!r} S"')
    (row,) = compare(tmp_path).rows
    assert not row.within


def test_the_scatter_of_the_devices_is_a_number_without_unit(tmp_path: Path) -> None:
    ensemble(tmp_path)
    expect(tmp_path, "sd_over_mean", "0.06")
    (row,) = compare(tmp_path).rows
    np.testing.assert_allclose(row.model, SD / MEDIAN, rtol=0.02)


@pytest.mark.parametrize(
    ("devices", "reduce", "column", "words"),
    [
        (6, "p15", "dG_S", "p15: 4 devices give it; a p15 needs 8"),
        (20, "p15", "dQ_C", 'sweep: "dQ_C" .* did you mean|sweep: "dQ_C"'),
        (0, "p15", "dG_S", r"has not been swept; run it first: eisfv sweep"),
    ],
)
def test_a_mistake_is_told_in_one_line(tmp_path: Path, devices: int, reduce: str, column: str, words: str) -> None:
    if devices:
        ensemble(tmp_path, devices)
        expect(tmp_path, reduce, '"1 nS"' if column == "dG_S" else '"1 nC"', column)
        with pytest.raises(EisfvError, match=words) as caught:
            compare(tmp_path)
    else:
        own = tmp_path / "own"
        ensemble(own, 20)
        expect(own, reduce, '"1 nS"')
        text = (own / "expected.toml").read_text()
        (own / "expected.toml").write_text(text + 'case = "../other"\n')
        with pytest.raises(EisfvError, match=words) as caught:
            compare(own)
    assert "\n" not in str(caught.value)
