"""The sweeps among the cases: their files plan, READMEs say what runs give, the laws they rest on hold."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from eisfv.postprocess.quantities.compare import reduced
from eisfv.result import read
from eisfv.running import run_case
from eisfv.sweeping.plan import Plan
from eisfv.sweeping.points import Point
from eisfv.sweeping.reading import read_plan
from eisfv.units import parse

SWEEPS = Path(__file__).parents[2] / "cases" / "sweeps"
NAMES = ("mg_electrolyte", "channel", "scaling")
# Of every sweep two rows of its README and what they are checked against; heading: quantity.
CHECKED = {
    "mg_electrolyte": ({"dG of the first pulse": "dG", "retention": "retention", "energy": "energy"}, (1, 4)),
    "channel": ({"dG": "dG", "settling": "settling", "energy": "energy"}, (0, 3)),
    "scaling": ({"dG": "dG_up", "energy": "energy"}, (0, 3)),
}
DIMENSIONS = {"S": "conductance", "s": "time", "J": "energy"}
FARADAY, VOLT = 96485.33212, 8.314462618 * 298.15 / 96485.33212


def readme_rows(name: str) -> list[dict[str, str]]:
    """The rows of the first table of a README by their headings."""
    lines = [line for line in (SWEEPS / name / "README.md").read_text().splitlines() if line.startswith("|")]
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return [dict(zip(head, row, strict=True)) for row in rows]


def number(cell: str) -> float:
    """The number of a cell such as "0.1 uA/cm2"."""
    return float(cell.split()[0])


def outputs(plan: Plan, point: Point, out: Path) -> Mapping[str, float]:
    """What a point's run gives, by quantity."""
    run_case(load(plan.case, point.overrides), out, lambda progress: None)
    run = read(out)
    return {entry.name: reduced(plan.file, entry, run) for entry in plan.quantities}


def point_at(plan: Plan, **values: float) -> Point:
    """The point with these values of axes."""
    found = [
        point
        for point in plan.points()
        if all(abs(float(point.values[name]) / value - 1.0) < 1e-9 for name, value in values.items())
    ]
    assert len(found) == 1, values
    return found[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_sweep_plans_without_fault(name: str) -> None:
    plan = read_plan(SWEEPS / name)
    assert plan.count == {"mg_electrolyte": 90, "channel": 130, "scaling": 77}[name]
    assert len({point.overrides for point in plan.points()}) == plan.count
    assert plan.out == SWEEPS / name / "runs" / "sweep"


@pytest.mark.parametrize("name", NAMES)
def test_a_readme_has_its_picture_and_its_points_are_of_the_sweep(name: str) -> None:
    text = (SWEEPS / name / "README.md").read_text()
    for picture in re.findall(r"!\[[^]]*\]\(([^)]*)\)", text):
        path = SWEEPS / name / picture
        assert path.read_bytes().startswith(b"\x89PNG")
        assert path.stat().st_size < 150_000
    plan = read_plan(SWEEPS / name)
    rows = readme_rows(name)
    axes = [key.replace(" ", "_") for key in list(rows[0])[:2]]
    for row in rows:
        point_at(plan, **{axis: number(row[axis.replace("_", " ")]) for axis in axes})


@pytest.mark.parametrize("name, row", [(name, row) for name, (_, rows) in CHECKED.items() for row in rows])
def test_a_run_gives_what_the_readme_says(name: str, row: int, tmp_path: Path) -> None:
    plan, said = read_plan(SWEEPS / name), readme_rows(name)[row]
    columns, _ = CHECKED[name]
    axes = list(said)[:2]
    found = outputs(
        plan, point_at(plan, **{axis.replace(" ", "_"): number(said[axis]) for axis in axes}), tmp_path / "r"
    )
    for heading, quantity in columns.items():
        unit = said[heading].split()[1][-1]
        np.testing.assert_allclose(found[quantity], parse(said[heading], DIMENSIONS[unit]), rtol=5e-3)


def test_slow_interfaces_hold_for_the_series_of_all_resistances(tmp_path: Path) -> None:
    """The time is C (2 RT/(z F j0) + L/sigma_e + L/sigma_i), C the two films in series at x = 0.005."""
    x, thickness, exchange = 0.005, 100e-6, 1e-3  # -, m, A/m^2
    slope = VOLT / 2.0 * (1.0 / (x * (1.0 - x)) + 2.0 * (1.0 / x + 2.0 / (1.0 - 2.0 * x))) + 0.428  # V
    series = 2.0 * FARADAY * 30883.0 * 80e-9 / slope / 2.0  # F/m^2
    tau = series * (VOLT / exchange + thickness / 1e-4 + thickness / 2.8e-3)
    plan = read_plan(SWEEPS / "mg_electrolyte")
    found = outputs(plan, point_at(plan, thickness=100.0, exchange_current=0.1), tmp_path / "r")["retention_x"]
    np.testing.assert_allclose(found, tau, rtol=5e-3)
    without_the_electrolyte = tau - series * (thickness / 1e-4 + thickness / 2.8e-3)
    assert abs(found / without_the_electrolyte - 1.0) > 0.03


def test_a_film_that_settles_within_its_pulse_has_the_time_of_theory(tmp_path: Path) -> None:
    """ln(20)/2 times t^2/(pi^2 D): the excess is of second order in the profile and dies out twice as fast."""
    factor = 3.192  # z F x/RT |dU/dx| at x = 0.005
    tau = (40e-9) ** 2 / (np.pi**2 * factor * 2.15443469003e-15)
    plan = read_plan(SWEEPS / "channel")
    found = outputs(plan, point_at(plan, thickness=40.0, diffusivity=2.15443469003e-11), tmp_path / "r")["settling"]
    np.testing.assert_allclose(found, 0.5 * np.log(20.0) * tau, rtol=0.05)


def test_the_resistance_enters_times_the_area_alone(tmp_path: Path) -> None:
    # On one mesh: pilots of devices that differ by rounding choose others, alike to the numerical error.
    plan = replace(read_plan(SWEEPS / "scaling"), overrides=('mesh.grading="lengths"',))
    small, large, other = (
        outputs(plan, point_at(plan, size=size, series_resistance=ohm), tmp_path / f"{size:g}-{ohm:g}")
        for size, ohm in ((100.0, 1e6), (1e4, 100.0), (1e4, 1e3))
    )
    np.testing.assert_allclose(large["dG_up"], small["dG_up"], rtol=1e-8)
    np.testing.assert_allclose(large["energy"] / small["energy"], 1e4, rtol=1e-8)
    assert other["dG_up"] < 0.5 * small["dG_up"]
