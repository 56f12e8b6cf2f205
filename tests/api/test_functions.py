"""What the commands print the functions return: compare, extract, calibrate, sweep, info, new."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import eisfv
from calibration.calibrated_case import ONE_TARGET, SLOPE, TRUE, calibrated_case
from eisfv.result.sweep_table import read_sweep
from support.made_run import made_run, train
from support.small_case import COARSE, PULSE_BETWEEN_READS, write_case
from support.small_sweep import here
from support.sweep_file import CHANGE, HEAD, THICKNESS, sweep_file
from support.synthetic_sweep import drawn_axis, quantity, write_sweep

EXPECTED = """
[[quantity]]
name = "change"
value = "{value}"
tolerance = 0.1
kind = "predicted"
source = "somewhere"
from = "pulses"
column = "dG_S"
select = "first 1"
reduce = "first"
"""


def test_a_run_in_memory_is_compared_with_what_its_case_expects(tmp_path: Path) -> None:
    place = write_case(tmp_path / "case", PULSE_BETWEEN_READS, "", COARSE)
    with pytest.raises(eisfv.ResultError, match="is not there; run it first"):
        eisfv.compare(place)
    run = eisfv.run(place, quiet=True)
    change = float(run.pulses.dG_S.loc[1])
    for factor, within in ((1.05, True), (2.0, False)):
        (place / "expected.toml").write_text(EXPECTED.format(value=f"{factor * change} S"))
        found = eisfv.compare(place, run=run)
        assert found.fails is not within
        row = found.table.loc["change"]
        assert (row.model, row.within, row.unit, row.kind) == (change, within, "S", "predicted")
        np.testing.assert_allclose(row.ratio, 1.0 / factor, rtol=1e-12)
        assert ("OUTSIDE" in str(found)) is not within
    several = eisfv.compare([place, tmp_path])
    assert set(several.left_out) == {place, tmp_path}
    assert not several.rows


def test_what_is_extracted_is_a_table_with_reasons(tmp_path: Path) -> None:
    run = made_run(tmp_path / "run", train("1 uA", 6) + train("-1 uA", 6))
    found = eisfv.extract(eisfv.open(run), targets=["crosssim"], out=tmp_path / "out")
    table = found.quantities
    assert table.loc["energy_per_pulse", "unit"] == "J"
    assert table.loc["energy_per_pulse", "value"] > 0.0
    missing = table[table["value"].isna()]
    assert (missing["reason"].str.len() > 0).all()
    assert (tmp_path / "out" / "report.html") in found.files
    assert not found.failed
    with pytest.raises(eisfv.ResultError, match="is there already"):
        eisfv.extract(run, targets=["crosssim"], out=tmp_path / "out")
    with pytest.raises(eisfv.ResultError, match="no share between 0 and 1"):
        eisfv.extract(run, residual=2.0)


def test_a_fit_gives_its_values_with_their_errors(tmp_path: Path) -> None:
    place = calibrated_case(tmp_path / "case", SLOPE + ONE_TARGET)
    found = eisfv.calibrate(place, workers=1, out=tmp_path / "out", quiet=True)
    key = "material.mg_wo3.conductivity.slope"
    assert found.converged
    value, unit = TRUE[key]
    np.testing.assert_allclose(found.values.loc[key, "value"], value, rtol=0.01)
    assert found.values.loc[key, "unit"] == unit
    assert 0.0 < found.values.loc[key, "error"] < 100.0
    assert all(path.is_file() for path in found.files)
    assert f"{key} = " in str(found)
    with pytest.raises(eisfv.ResultError, match="force = True"):
        eisfv.calibrate(place, workers=1, out=tmp_path / "out")


def test_a_sweep_is_run_once_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = sweep_file(tmp_path, HEAD + THICKNESS + CHANGE)
    assert "3 points" in eisfv.plan_sweep(file)
    with here(monkeypatch) as made:
        found = eisfv.sweep(file, quiet=True)
        assert (made.count, found.summary and found.summary.finished) == (3, 3)
        again = eisfv.sweep(tmp_path, quiet=True)
        assert (made.count, again.summary and again.summary.found) == (3, 3)
    assert found.table.thickness_um.tolist() == [1.0, 2.0, 4.0]
    np.testing.assert_array_equal(found.table.dG_S, read_sweep(found.directory).table["dG_S"])
    assert eisfv.open_sweep(file, again=True).table.equals(again.table)
    assert found.traces is None
    assert "3 of 3 points" in repr(found)
    assert [path.suffix for path in found.plot(y="dG")] == [".png"]


@pytest.mark.parametrize("scatter", ["normal, mean 80 nm, sd 3 nm", ""])
def test_an_ensemble_tells_how_it_scatters(tmp_path: Path, scatter: str) -> None:
    axis = replace(drawn_axis("thickness", "nm", 68.0, 92.0), scatter=scatter)
    rows = [{"thickness": 70.0 + k} for k in range(21)]
    place = write_sweep(
        tmp_path, [axis], [quantity("dG", "S")], rows, lambda row: {"dG": 1e-9 * float(row["thickness"])}
    )
    table = eisfv.open_sweep(place).spread
    assert table.index.tolist() == (["dG"] if scatter else [])
    if scatter:
        np.testing.assert_allclose(table.loc["dG", ["mean", "p50", "p15"]].astype(float), [80e-9, 80e-9, 73e-9])
        assert (table.loc["dG", "unit"], table.loc["dG", "devices"]) == ("S", 21)


def test_a_new_case_is_one(tmp_path: Path) -> None:
    file = eisfv.new(tmp_path / "mine")
    assert eisfv.load(file.parent).title.startswith("A first case")
    with pytest.raises(eisfv.CaseError, match="already there"):
        eisfv.new(tmp_path / "mine")
    assert "materials: " in eisfv.info()
    with pytest.raises(eisfv.ResultError):
        eisfv.info(tmp_path / "mine")
