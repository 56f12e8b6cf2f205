"""Percentiles and bands of an ensemble against a distribution that is known."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from scipy import stats

from eisfv.postprocess.sweeps.plots import plot_sweep
from eisfv.postprocess.sweeps.scatter import draw_band, scatters, shared_times, spread, spread_lines
from eisfv.result.sweep_table import read_sweep
from support.synthetic_sweep import drawn_axis, quantity, write_sweep

DG = quantity("dG", "S")


def ensemble(out: Path, devices: int, scatter: str = "normal, mean 80 nm, sd 3 nm") -> Path:
    """Write a sweep whose dG is 2 nS per nm of a thickness that scatters."""
    axis = replace(drawn_axis("thickness", "nm", 68.0, 92.0), scatter=scatter)
    values = stats.norm(80.0, 3.0).ppf((np.arange(devices) + 0.5) / devices)
    rows = [{"thickness": float(value)} for value in values]
    return write_sweep(
        out,
        [axis],
        [DG],
        rows,
        lambda row: {"dG": 2e-9 * float(row["thickness"])},
        failed=(devices // 2,),
        method="random",
    )


def test_percentiles_of_an_ensemble_are_those_of_its_distribution(tmp_path: Path) -> None:
    written = plot_sweep(ensemble(tmp_path, 400))
    assert [path.name for path in written] == ["scatter_dG.png", "percentiles.csv"]
    (row,) = csv.DictReader(written[1].read_text(encoding="utf-8").splitlines())
    assert int(row["devices"]) == 399  # one has failed
    wanted = stats.norm(160e-9, 6e-9)
    for name, share in (("p2.5", 0.025), ("p15", 0.15), ("p50", 0.5), ("p85", 0.85), ("p97.5", 0.975)):
        np.testing.assert_allclose(float(row[name]), wanted.ppf(share), atol=0.02 * 6e-9, rtol=0.0)
    np.testing.assert_allclose(float(row["sd"]), 6e-9, rtol=0.02)
    assert float(row["p50_low"]) < 160e-9 < float(row["p50_high"])


def test_the_error_of_the_median_holds_the_true_one_in_two_of_three_ensembles() -> None:
    generator = np.random.default_rng(1)
    inside = 0
    for _ in range(300):
        low, high = spread(DG, generator.normal(1.0, 0.1, 60)).ends
        inside += low < 1.0 < high
    assert abs(inside / 300 - 0.683) < 4.0 * np.sqrt(0.683 * 0.317 / 300)


def test_few_devices_have_no_percentiles_and_say_so() -> None:
    (line,) = spread_lines([spread(DG, np.array([1e-9, 2e-9, np.nan]))])
    assert line == "dG  2 devices give it: too few for percentiles"


def test_a_sample_that_does_not_scatter_is_no_ensemble(tmp_path: Path) -> None:
    assert scatters(read_sweep(ensemble(tmp_path / "a", 20)))
    assert not scatters(read_sweep(ensemble(tmp_path / "b", 20, scatter="")))


def test_a_band_is_drawn_where_all_devices_share_their_times() -> None:
    time = np.linspace(0.0, 2.0, 5)
    shared = shared_times(np.stack([time, time, np.full(5, np.nan)]))
    assert shared is not None
    np.testing.assert_array_equal(shared, time)
    assert shared_times(np.stack([time, 1.01 * time])) is None
    figure = Figure()
    values = np.linspace(1e-6, 3e-6, 101)[:, None] * (1.0 + time)
    draw_band(figure, time, values, "conductance", "S")
    (axes,) = figure.axes
    (median,) = (line for line in axes.lines if line.get_label() == "median")
    np.testing.assert_allclose(median.get_ydata(), 2.0 * (1.0 + time), rtol=1e-12)  # in uS
    assert axes.get_ylabel() == "conductance (µS)"
