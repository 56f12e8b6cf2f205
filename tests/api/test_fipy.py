"""A run goes on in FiPy's own terms: mesh, fields, and what FiPy makes of them."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import eisfv
from support.section_case import STACK as SECTION
from support.small_case import COARSE

AREA = 0.6e-4  # m2
CONDUCTIVITY = 1.0  # W/(m K), of heat
HOLD = {"drive": "voltage", "value": "0.3 V", "duration": "1e6 s"}


@pytest.fixture(scope="module")
def held() -> eisfv.Run:
    """Return a device held at a voltage until nothing but electrons flows."""
    case = eisfv.Case(**tomllib.loads(COARSE), protocol=[HOLD])
    case.set("mesh.companion", "none")
    return eisfv.run(case, quiet=True)


def heat_flow(run: eisfv.Run, sign: float = -1.0) -> float:
    """Return the heat (W) that leaves both ends of a stack which the electrons of a run warm, as FiPy has it.

        div(lambda grad T) + q = 0,   q = -j grad(eta),   T = 0 at both ends

    T rise of the temperature above the surroundings, K; lambda W/(m K); j current density of the electrons, A/m2; eta
    their electrochemical potential over zF, V; q W/m3
    """
    from fipy import CellVariable, DiffusionTerm

    fields = run.fipy()
    mesh = fields.mesh
    heat = sign * fields["current_density_electron"] * fields["electrochemical_potential_electron"].grad[0]
    rise = CellVariable(mesh=mesh, name="rise of the temperature", value=0.0)
    rise.constrain(0.0, mesh.facesLeft)
    rise.constrain(0.0, mesh.facesRight)
    (DiffusionTerm(coeff=CONDUCTIVITY) + heat == 0.0).solve(var=rise)
    ends = np.array([0, -1])
    widths = np.asarray(mesh.cellVolumes)[ends]
    return float(AREA * CONDUCTIVITY * (rise.value[ends] / (0.5 * widths)).sum())


def test_the_heat_of_a_steady_current_is_the_power_that_drives_it(held: eisfv.Run) -> None:
    last = held.terminals.isel(time=-1)
    power = float(last.voltage * last.current)
    np.testing.assert_allclose(last.current, last.leak_current, rtol=1e-9)  # steady: the ions rest
    # Half a cell of a good conductor at each end is beyond FiPy's outermost points.
    np.testing.assert_allclose(heat_flow(held), power, rtol=1e-4)


def test_the_comparison_of_heat_and_power_sees_a_wrong_sign(held: eisfv.Run) -> None:
    last = held.terminals.isel(time=-1)
    assert abs(heat_flow(held, sign=1.0) - float(last.voltage * last.current)) > float(last.voltage * last.current)


def test_the_power_of_the_whole_run_is_its_energy(held: eisfv.Run) -> None:
    """Once the double layers are charged the energy grows by the heat alone."""
    late = held.terminals.where(held.terminals.time > 1e5, drop=True)
    energy = float((late.voltage * late.current).integrate("time"))
    seconds = float(late.time[-1] - late.time[0])
    np.testing.assert_allclose(heat_flow(held) * seconds, energy, rtol=1e-4)


def test_the_fields_are_those_of_the_run(held: eisfv.Run) -> None:
    first, last = held.fipy(0.0), held.fipy()
    assert (first.time, last.time) == (0.0, 1e6)
    profiles = held.profiles.isel(profile_time=-1)
    there = profiles.width.values > 0.0
    assert set(last) == set(profiles.data_vars)
    for name, variable in last.items():
        np.testing.assert_array_equal(variable.value, profiles[name].values[there])
        assert (variable.name, last.units[name]) == (name, profiles[name].attrs["units"])
    np.testing.assert_allclose(last.mesh.cellCenters.value[0], profiles.y.values[there], rtol=1e-12)
    assert list(last.region) == list(profiles.region.values[there])
    assert held.fipy("1e6 s").time == held.fipy(profiles.profile_time).time == 1e6
    with pytest.raises(eisfv.ResultError, match=r"no profile at t = 500000 s; recorded are 0 s, 1e\+06 s: take one"):
        held.fipy(5e5)
    with pytest.raises(eisfv.EisfvError, match="measures voltage, not time"):
        held.fipy("1 V")
    with pytest.raises(eisfv.ResultError, match="no profile at t = nan s"):
        held.fipy(float("nan"))
    times: Any = [1.0]
    with pytest.raises(eisfv.ResultError, match=r"\[1.0\] is no time"):
        held.fipy(times)
    with pytest.raises(eisfv.ResultError, match=r"no field .* there are potential"):
        last["temperature"]


def test_fipy_counts_the_ions_of_a_section_as_they_are_conserved(tmp_path: Path) -> None:
    pulse = {"drive": "voltage", "value": "0.3 V", "duration": "10 ms"}
    case = eisfv.Case(**tomllib.loads(SECTION) | {"protocol": [pulse]})
    run = eisfv.run(case, quiet=True)
    start, end = run.fipy(0.0), run.fipy()
    assert start.mesh.dim == 2
    np.testing.assert_allclose(start.mesh.cellVolumes.sum(), 20e-6 * 1.16e-6, rtol=1e-9)
    counts = [float((fields["concentration_Mg"] * fields.mesh.cellVolumes).value.sum()) for fields in (start, end)]
    np.testing.assert_allclose(counts[1], counts[0], rtol=1e-12)
    moved = np.abs(end["concentration_Mg"].value - start["concentration_Mg"].value).max()
    assert moved > 1e-3 * start["concentration_Mg"].value.max()
    assert run.plot("potential").axes
