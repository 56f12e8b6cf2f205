"""A host that falls apart in a section: its stack where it is narrow, a boundary across the film where it is wide."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.constants import FARADAY
from eisfv.device.device import Device
from eisfv.device.phases import coarse_boundaries
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep, OpenCircuitStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import SITES
from support.phases import AREA, GATE, OVERSHOOT, PLATEAU, POOR, RICH, WIDTH, filling, film
from support.runs import total
from support.sections import layered, stack_of_section

STACK = SolverOptions(method="tr_bdf2", newton=1e-8)
SECTION = replace(STACK, linear="superlu")


def section(width: float, columns: int | None, thickness: float, cells: int, x: float = 0.2) -> Device:
    stack = replace(film(x, thickness=thickness), mesh=MeshOptions(cells={"electrolyte": 4, "channel": cells}))
    return layered(stack, "bottom", width=width, lateral_cells=columns)


def filled(device: Device, options: SolverOptions, share: float) -> tuple[Simulation, np.ndarray]:
    """Fill a share of the sites in a thousand seconds each; return mean x and U - U0 (V) after every step."""
    simulation, rows = Simulation(device, options), []
    current = 1e-3 * FARADAY * SITES * device.regions[1].height * AREA
    for _ in simulation.drive(CurrentStep(1e3 * share, Constant(current))):
        rows.append((filling(simulation).mean(), GATE - simulation.voltage - PLATEAU))
    return simulation, np.array(rows)


def test_a_section_too_narrow_for_a_boundary_across_it_is_its_stack() -> None:
    narrow = section(5e-9, 2, 20e-9, 20)
    # Steps of one length: at the onset they go by a growth rate that rounding of either path decides to 1e-4.
    found, stack = (
        filled(device, replace(options, largest_step=0.5), 0.1)[1]
        for device, options in ((narrow, SECTION), (stack_of_section(narrow), STACK))
    )
    np.testing.assert_allclose(found, stack, rtol=0.0, atol=1e-10)
    np.testing.assert_allclose(stack[:, 1].min(), -OVERSHOOT, rtol=2e-2)
    assert abs(stack[-1, 1]) < 2e-3


@pytest.fixture(scope="module")
def thin() -> tuple[Simulation, np.ndarray, float]:
    """A film of 6 nm, uniform across for good (below 6.28 nm), 30 nm wide: phases lie side by side in it."""
    device = section(30e-9, 18, 6e-9, 3, x=0.2)
    before = total(Simulation(device, SECTION), "Li")
    return *filled(device, SECTION, 0.2), before


def test_phases_side_by_side_in_a_thin_film_have_the_plateau_and_the_common_tangent(thin) -> None:
    simulation, (x, above), before = thin[0], thin[1].T, thin[2]
    np.testing.assert_allclose(above.min(), -OVERSHOOT, rtol=3e-2)
    plateau = above[(x > 0.27) & (x < 0.38)]
    assert len(plateau) > 5
    assert np.ptp(plateau) < 3e-4
    across = filling(simulation)
    np.testing.assert_allclose([across.min(), across.max()], [POOR, RICH], rtol=6e-3)
    # What the current has brought, but for what the gate's double layer holds of it.
    np.testing.assert_allclose(total(simulation, "Li") - before, 0.2 * SITES * 6e-9 * AREA, rtol=1e-4)


def test_at_rest_a_boundary_across_the_film_keeps_its_ions(thin) -> None:
    simulation = thin[0]
    simulation.run(OpenCircuitStep(1e3))  # the gate's double layer gives back what the current held there
    before = total(simulation, "Li")
    simulation.run(OpenCircuitStep(1e4))
    np.testing.assert_allclose(total(simulation, "Li"), before, rtol=1e-12)
    np.testing.assert_allclose(GATE - simulation.voltage, PLATEAU, atol=1e-4)


def test_columns_follow_the_boundary_and_coarse_ones_are_told() -> None:
    graded = Simulation(section(60e-9, None, 6e-9, 3), SECTION).built
    assert list(coarse_boundaries(graded)) == []
    in_film = graded.mesh.region[graded.mesh.left] == 1
    assert graded.mesh.distance[in_film & (graded.mesh.interface < 0)].max() <= 1.001 * max(WIDTH / 5.0, 2e-9)
    (line,) = coarse_boundaries(Simulation(section(60e-9, 4, 6e-9, 3), SECTION).built)
    assert "a boundary sticks to such cells" in line


@pytest.mark.parametrize("length, parts", [(6.0e-9, False), (6.5e-9, True)])
@pytest.mark.parametrize("along", ["across the film", "along the film"])
def test_a_film_smaller_than_half_the_shortest_unstable_wave_stays_whole(
    along: str, length: float, parts: bool
) -> None:
    """The length pi sqrt(kappa/4) is 6.283 nm, in either direction of a section whose other side is shorter."""
    width, columns, thickness, cells = (length, 16, 3e-9, 3) if along == "along the film" else (3e-9, 2, length, 16)
    simulation = Simulation(section(width, columns, thickness, cells, x=0.5), SECTION)
    simulation.run(OpenCircuitStep(3.0))
    assert bool(np.ptp(filling(simulation)) > 0.2) is parts
