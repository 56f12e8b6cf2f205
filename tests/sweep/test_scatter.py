"""Values that scatter from device to device: the distributions, their ends, and what goes together."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from eisfv.case import CaseError, template
from eisfv.sweep.axes import Axis
from eisfv.sweep.plan import Plan
from eisfv.sweep.reading import read_plan
from eisfv.sweep.sampling import Method, Sample
from eisfv.sweep.scatter import LogNormal, Normal, correlation_matrix

BELOW_KOLMOGOROV = 1.63  # of sqrt(points) times the largest distance: exceeded once in a hundred samples


def axis(name: str, scatter: Normal | LogNormal, low: float | None = None, high: float | None = None) -> Axis:
    """Return an axis that scatters, cut at its own ends unless others are given."""
    ends = scatter.ends
    return Axis(
        name, "", (name,), "linear", (), ends[0] if low is None else low, ends[1] if high is None else high,
        scatter=scatter,
    )  # fmt: skip


def distance(values: np.ndarray, distribution: "stats.rv_frozen") -> float:
    """Return Kolmogorov's distance of values from a distribution, times sqrt(points)."""
    return float(stats.kstest(values, distribution.cdf).statistic * np.sqrt(values.size))


@pytest.mark.parametrize("method", ["random", "latin_hypercube", "sobol"])
def test_a_sample_has_the_distribution_that_is_said(method: Method) -> None:
    made = Sample((axis("a", Normal(80.0, 3.0)), axis("b", LogNormal(2.0, 1.3))), method, 1024, 1).columns(0, 1024)
    assert distance(made["a"], stats.norm(80.0, 3.0)) < BELOW_KOLMOGOROV
    assert distance(made["b"], stats.lognorm(np.log(1.3), scale=2.0)) < BELOW_KOLMOGOROV
    assert distance(made["a"], stats.norm(80.5, 3.0)) > BELOW_KOLMOGOROV  # the test can see half a nanometre of 3
    assert distance(made["b"], stats.lognorm(np.log(1.4), scale=2.0)) > BELOW_KOLMOGOROV


def test_ends_cut_the_distribution_and_hold_all_of_it() -> None:
    cut = axis("a", Normal(0.0, 1.0), -0.5, 2.0)
    made = Sample((cut,), "latin_hypercube", 2000, 1).columns(0, 2000)["a"]
    assert made.min() >= -0.5
    assert made.max() <= 2.0
    assert distance(made, stats.truncnorm(-0.5, 2.0)) < BELOW_KOLMOGOROV


@pytest.mark.parametrize("method", ["random", "latin_hypercube", "sobol"])
def test_values_go_together_as_they_are_said_to(method: Method) -> None:
    axes = (axis("a", Normal(0.0, 1.0)), axis("b", LogNormal(1.0, 2.0)), axis("c", Normal(0.0, 1.0)))
    matrix = correlation_matrix(["a", "b", "c"], {("b", "a"): 0.6})
    made = Sample(axes, method, 4096, 1, matrix).columns(0, 4096)
    found = np.corrcoef(np.stack([made["a"], np.log(made["b"]), made["c"]]))
    np.testing.assert_allclose(found, matrix, atol=4.0 / np.sqrt(4096))
    assert distance(made["b"], stats.lognorm(np.log(2.0), scale=1.0)) < BELOW_KOLMOGOROV


HEAD = """
[sweep]
title = "Scatter"
case = "c"

[sample]
method = "latin_hypercube"
points = 8
"""
THICKNESS = """
[[axis]]
key = "device.region.channel.thickness"
"""
DIFFUSIVITY = """
[[axis]]
key = "device.interface[0].stern_capacitance"
median = "10 uF/cm^2"
factor = 1.2
"""


def plan_of(path: Path, text: str) -> Plan:
    """Return the plan of a sweep file over the template's case."""
    if not (path / "c").exists():
        template.write(path / "c")
    (path / "sweep.toml").write_text(text)
    return read_plan(path / "sweep.toml")


def test_a_file_says_how_values_scatter(tmp_path: Path) -> None:
    pair = '[[sample.correlation]]\nbetween = ["thickness", "stern_capacitance"]\nvalue = 0.5\n'
    plan = plan_of(tmp_path, HEAD + pair + THICKNESS + 'mean = "80 nm"\nsd = "4 %"\nto = "90 nm"\n' + DIFFUSIVITY)
    thickness, stern = plan.axes
    assert thickness.scatter == Normal(80.0, 3.2)
    assert (thickness.low, thickness.high) == (80.0 - 4.0 * 3.2, 90.0)
    assert stern.scatter == LogNormal(10.0, 1.2)
    np.testing.assert_array_equal(plan.sampling.correlation, [[1.0, 0.5], [0.5, 1.0]])
    assert len(list(plan.points())) == 8


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD + THICKNESS + 'mean = "80 nm"\n', r'axis\[0\].sd is missing; add for example sd = "4 %"'),
        (HEAD + THICKNESS + 'mean = "80 nm"\nfactor = 1.2\n', "write mean and sd, or median and factor"),
        (HEAD + THICKNESS + 'mean = "80 nm"\nsd = "0 nm"\n', r'axis\[0\].sd = "0 nm" must be above zero'),
        (HEAD + THICKNESS + 'mean = "80 nm"\nsd = "1 V"\n', r'axis\[0\].sd = "1 V" measures voltage'),
        (HEAD + THICKNESS + 'mean = "80 nm"\nsd = "1 nm"\nfrom = "81 nm"\n', "from must lie below 80 nm"),
        (HEAD + THICKNESS + 'mean = "80 nm"\nsd = "1 nm"\npoints = 3\n', r"axis\[0\].points .*does not go with mean"),
        (HEAD + THICKNESS + 'median = "80 nm"\nfactor = 0.9\n', r"axis\[0\].factor = 0.9"),
        (HEAD.partition("[sample]")[0] + THICKNESS + 'mean = "80 nm"\nsd = "1 nm"\n', r"there is no \[sample\]"),
        (
            HEAD + '[[sample.correlation]]\nbetween = ["thicknes", "x"]\nvalue = 0.5\n' + THICKNESS
            + 'mean = "80 nm"\nsd = "1 nm"\n',
            'names "thicknes", which is no axis.*thickness',
        ),
    ],
)  # fmt: skip
def test_what_is_no_distribution_is_refused_in_one_line(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(CaseError, match=line):
        plan_of(tmp_path, text)


def test_correlations_that_cannot_be_true_together_are_refused(tmp_path: Path) -> None:
    axes = "".join(
        f'[[axis]]\nname = "{name}"\nkey = "device.region.{region}.thickness"\nmean = "{mean}"\nsd = "5 %"\n'
        for name, region, mean in (("a", "channel", "80 nm"), ("b", "reservoir", "80 nm"), ("c", "electrolyte", "1 um"))
    )
    pairs = "".join(
        f'[[sample.correlation]]\nbetween = ["{one}", "{other}"]\nvalue = {value}\n'
        for one, other, value in (("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", -0.9))
    )
    with pytest.raises(CaseError, match="cannot be true together"):
        plan_of(tmp_path, HEAD + pairs + axes)
    plan_of(tmp_path, HEAD + pairs.replace("-0.9", "0.9") + axes)
