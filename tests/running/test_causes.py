"""A run that cannot go on says what the device itself shows to be the cause, and advises nothing that cannot help."""

import re
from dataclasses import replace

import numpy as np
import pytest

from eisfv.constants import BEYOND_REASON, EVAPORATES, FARADAY, TUNNELS, VACUUM_PERMITTIVITY
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.failure_causes import beyond_current, beyond_model, off_rest
from eisfv.model.adsorption import Adsorption
from eisfv.model.contacts import BlockingContact
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation, SolverError
from eisfv.stepping.accepted import Failure
from eisfv.stopped import beyond_reason
from support.devices import SITES, binary, h_stack, one_layer
from support.phases import film

CURRENT = 1e-12  # A


@pytest.mark.parametrize("sign, what, way", [(1.0, "full", 0.5), (-1.0, "empty", 0.5)])
def test_a_host_that_is_full_or_empty_is_named_with_the_time(sign: float, what: str, way: float) -> None:
    device = h_stack(x=0.5)
    simulation = Simulation(device)
    time = way * FARADAY * SITES * 10e-9 * device.area / CURRENT
    with pytest.raises(SolverError) as error:
        simulation.run(CurrentStep(10 * time, Constant(sign * CURRENT)))
    text = str(error.value)
    told = re.search(rf"channel is {what} since t = (\S+) s", text)
    assert told is not None, text
    np.testing.assert_allclose(float(told.group(1)), time, rtol=1e-3)  # the double layer holds the rest
    assert "the current has nowhere to go" in text
    assert "may help" not in text


@pytest.mark.parametrize("share, ends", [(0.9, False), (1.1, True)])
@pytest.mark.parametrize(
    "thickness, limit, told",
    [(1e-6, BEYOND_REASON, "which no device bears; "), (5e-9, 5e-9 * TUNNELS, "electrons tunnel through any solid")],
)
def test_a_current_without_a_way_ends_at_a_kilovolt_or_where_electrons_tunnel_through_a_layer(
    thickness: float, limit: float, told: str, share: float, ends: bool
) -> None:
    """A film of hardly any ions between metals that take none is a capacitor: V = I t/C, C = eps A/L."""
    permittivity, time = 20.0, 1e-3
    device = one_layer(binary(1e-6, permittivity), thickness)
    current = share * limit * permittivity * VACUUM_PERMITTIVITY * device.area / (thickness * time)
    simulation = Simulation(device)
    step = CurrentStep(time, Constant(current))
    if not ends:
        simulation.run(step)
        np.testing.assert_allclose(simulation.voltage, share * limit, rtol=1e-3)
        return
    with pytest.raises(SolverError, match=rf"{told}.*see whether the current has a way") as ended:
        simulation.run(step)
    assert ended.value.failure.of_device
    assert abs(simulation.voltage) < limit  # the last state is one that can be told


@pytest.mark.parametrize("share, volts, told", [(0.9, 12.0, False), (1.1, 12.0, True), (1.1, 8.0, False)])
def test_a_field_that_no_surface_bears_is_told_beyond_ten_volts(share: float, volts: float, told: bool) -> None:
    simulation = Simulation(one_layer(binary(10.0), 1e-6))
    mesh, at = simulation.built.mesh, simulation.state.at
    inner = np.flatnonzero(mesh.distance > 0.0)[0]  # between the first two cells
    u = at.u.copy()
    u[:1, POTENTIAL] += share * EVAPORATES * mesh.distance[inner] / simulation.thermal_voltage
    state = simulation.state._replace(at=at._replace(u=u, voltage=volts / simulation.thermal_voltage))
    assert ("even tungsten evaporates" in beyond_reason(simulation.built, state)) == told


def test_a_smaller_step_is_advised_only_where_the_clock_and_the_device_could_answer() -> None:
    def advice(smallest: float, offset: float) -> str:
        simulation = Simulation(h_stack(), SolverOptions(smallest_step=smallest))
        failure = Failure(simulation.state._replace(offset=offset), smallest, (0, 0), "it still moved")
        return simulation.explain(failure)

    assert "smaller solver.smallest_step" not in advice(1e-18, 0.0)
    assert "smaller solver.smallest_step" in advice(1.0, 0.0)
    assert "smaller solver.smallest_step" not in advice(1.0, 1e17)
    assert np.spacing(1e17) > 1.0


def test_a_singular_matrix_is_followed_by_what_it_means() -> None:
    simulation = Simulation(h_stack())

    def told(simulation: Simulation, unknown: int) -> str:
        return simulation.explain(Failure(simulation.state, 1e-9, (0, unknown), "LAPACK found the matrix singular"))

    begun = "LAPACK found the matrix singular: no equation holds"
    assert f"{begun} the potential there any more: no charge in electrolyte answers it" in told(simulation, POTENTIAL)
    assert f"{begun} H there any more: no flow in electrolyte depends on it" in told(simulation, 1)
    assert f"{begun} the potential of the gradient energy there any more" in told(Simulation(film(0.3)), 4)
    simulation.state.at.u[0, 1] = -200.0
    assert "e-83 mol/m3 are left of it in electrolyte, too little to tell its level by" in told(simulation, 1)


@pytest.mark.parametrize("volts", [50.0, 500.0])
def test_a_current_that_needs_more_than_a_hundred_volts_is_told_with_where_they_fall(volts: float) -> None:
    """A film of hardly any ions between metals that take none is a capacitor: V = I t/C, C = eps A/L."""
    permittivity, thickness, time = 20.0, 1e-6, 1e-3
    device = one_layer(binary(1e-6, permittivity), thickness)
    step = CurrentStep(time, Constant(volts * permittivity * VACUUM_PERMITTIVITY * device.area / (thickness * time)))
    simulation = Simulation(device)
    source = simulation.source(step, time)
    lines = list(beyond_current(simulation.built, simulation.newton, simulation.state, source, time))
    assert len(lines) == (volts > 100.0)
    for line in lines:
        told = re.fullmatch(r"its current needs (\S+) V between the terminals at once, most of it across layer", line)
        assert told is not None
        np.testing.assert_allclose(float(told.group(1)), volts, rtol=1e-2)


def test_fields_and_lost_electrons_inside_a_region_are_told() -> None:
    """3 V/nm over the whole device, which takes the host's electrons along: their level stays."""
    simulation = Simulation(h_stack())
    at, place = simulation.state.at, simulation.built.mesh.position[:, 0]
    assert list(beyond_model(simulation.built, simulation.state)) == []
    u = at.u.copy()
    u[:, POTENTIAL] -= 3e9 * (place - place[0]) / simulation.thermal_voltage
    text = "; ".join(beyond_model(simulation.built, simulation.state._replace(at=at._replace(u=u))))
    field = re.search(r"the field in channel is (\S+) V/nm, beyond", text)
    fall = re.search(r"channel has lost its electrons at one end: (\S+) V fall", text)
    assert field is not None, text
    assert fall is not None, text
    # The double layer at rest adds its own.
    np.testing.assert_allclose([float(field.group(1)), float(fall.group(1))], [3.0, 30.0], rtol=5e-2)


@pytest.mark.parametrize("neutral, told", [(True, 1), (False, 0)])
def test_a_field_beyond_breakdown_in_a_neutral_region_names_what_it_leaves_out(neutral: bool, told: int) -> None:
    simulation = Simulation(one_layer(replace(binary(10.0), electroneutral=neutral), 1e-8))
    at = simulation.state.at
    u = at.u.copy()
    u[:2, POTENTIAL] += 100.0 / simulation.thermal_voltage
    lines = list(beyond_model(simulation.built, simulation.state._replace(at=at._replace(u=u))))
    assert sum("the field in layer is" in line for line in lines) == 1
    assert sum("electroneutral = false may pass" in line for line in lines) == told


@pytest.mark.parametrize(
    "coverage, after, ion, told",
    [(0.6, 0.1, True, True), (0.6, 0.1, False, False), (0.6, 10.0, True, False), (1e-6, 0.1, True, False)],
)
def test_a_plane_that_begins_far_from_its_rest_is_told_where_its_ions_stop_a_run(
    coverage: float, after: float, ion: bool, told: bool
) -> None:
    """A plane of the release rate k_d that captures hardly anything comes to its rest, empty, within 1/k_d."""
    release = 1e5  # 1/s
    sites = Adsorption(of="cation", sites=1e-8, capture=1e-15, release=release, coverage=coverage)
    device = one_layer(binary(10.0), 1e-8, BlockingContact(adsorbed={"plane": sites}))
    simulation = Simulation(device)
    cell, unknown = 0, of_species(simulation.built.number("cation" if ion else "anion"))
    state = simulation.state._replace(offset=after / release)
    lines = list(off_rest(simulation.built, state, (cell, unknown)))
    assert len(lines) == told
    assert all(f"plane begins with {coverage:.2g} of its sites taken" in line for line in lines)
    assert all(f"its rest, within {1.0 / release:.2g} s; a coverage nearer to that may start" in line for line in lines)


def test_a_plane_that_takes_ions_is_no_cause() -> None:
    """Capture ends as its ions do."""
    sites = Adsorption(of="cation", sites=1e-8, capture=1.0, release=1.0)
    simulation = Simulation(one_layer(binary(10.0), 1e-8, BlockingContact(adsorbed={"plane": sites})))
    assert list(off_rest(simulation.built, simulation.state, (0, of_species(simulation.built.number("cation"))))) == []
