"""The test function of the terminal current in a section, and those that fall within one region."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from eisfv.device import build as build_module
from eisfv.device.build import build
from eisfv.device.conductivities import bulk_conductivity
from eisfv.device.current_test_function import current_test_function, falls_within
from eisfv.device.device import Device
from eisfv.device.meshing import mesh_of
from eisfv.device.tables import Floats
from eisfv.mesh.box import Box
from eisfv.mesh.records import GATE, Mesh
from eisfv.model.steps import CurrentStep, OpenCircuitStep
from eisfv.model.waveforms import Constant
from eisfv.observers.flatness import Flatness
from eisfv.simulation import Simulation
from support.devices import binary, h_stack, mg_stack, one_layer
from support.sections import COARSE, laid, layered, self_gate, stack_of_section, stepped_film, walled

SECTIONS = {
    "layered": layered(mg_stack(), "bottom", **COARSE),
    "sides": layered(mg_stack(), "sides", **COARSE),
    "step": stepped_film(**COARSE),
    "pads under a step": stepped_film("pads", **COARSE),
    "self-gate": self_gate(**COARSE),
}
each_section = pytest.mark.parametrize("device", SECTIONS.values(), ids=SECTIONS.keys())
CASES = Path(__file__).parents[2] / "cases"
RATIOS = np.array([300.0, 1.0, 20.0])


def net(mesh: Mesh, w: Floats, kappa: Floats) -> Floats:
    """Return what of the current of w (cells) stays in every cell, the two nodes of an interface taken together, over
    the largest current of a face."""
    inner = mesh.distance > 0.0
    left, right = mesh.left[inner], mesh.right[inner]
    flow = kappa[mesh.region[left]] * mesh.area[inner] / mesh.distance[inner] * (w[left] - w[right])
    total = np.zeros(mesh.cells)
    np.add.at(total, left, -flow)
    np.add.at(total, right, flow)
    joint = ~inner
    both = total[mesh.left[joint]] + total[mesh.right[joint]]
    total[mesh.left[joint]] = total[mesh.right[joint]] = both
    return np.asarray(total / np.abs(flow).max())


@each_section
def test_it_is_one_at_the_gate_zero_at_the_channel_and_between_elsewhere(device: Device) -> None:
    mesh = mesh_of(device)
    w = current_test_function(mesh, RATIOS)
    np.testing.assert_array_equal(w[mesh.contact_cell], mesh.terminal == GATE)
    assert w.min() >= -1e-12
    assert w.max() <= 1.0 + 1e-12


@each_section
def test_it_conducts_without_a_source(device: Device) -> None:
    mesh = mesh_of(device)
    left = net(mesh, current_test_function(mesh, RATIOS), RATIOS)
    free = np.setdiff1d(np.arange(mesh.cells), mesh.contact_cell)
    assert np.abs(left[free]).max() < 1e-8
    wrong = net(mesh, current_test_function(mesh, RATIOS), RATIOS[::-1])
    assert np.abs(wrong[free]).max() > 1e-3


def test_it_is_that_of_the_stack_where_nothing_varies_along_the_section() -> None:
    section = SECTIONS["layered"]
    line, plane = mesh_of(stack_of_section(section)), mesh_of(section)
    along = dict(zip(np.round(line.position[:, 0] * 1e15), current_test_function(line, RATIOS), strict=True))
    expected = [along[key] for key in np.round(plane.position[:, 1] * 1e15)]
    np.testing.assert_allclose(current_test_function(plane, RATIOS), expected, atol=1e-9)


def test_it_falls_where_the_device_resists() -> None:
    built = build(SECTIONS["step"], mesh_of(SECTIONS["step"]))
    w, region = built.tables.test, built.mesh.region
    assert np.ptp(w[region == 0]) < 1e-2
    assert np.ptp(w[region == 1]) > 0.98


@each_section
@pytest.mark.parametrize("region", [0, 1, 2])
def test_a_fall_within_a_region_is_there_alone_and_adds_up_to_one(device: Device, region: int) -> None:
    mesh = mesh_of(device)
    fall = falls_within(mesh, region)
    assert fall is not None
    assert (fall[mesh.region[mesh.left] != region] == 0.0).all()
    assert (fall[mesh.distance == 0.0] == 0.0).all()
    for seed in range(3):
        np.testing.assert_allclose(along_a_path(mesh, fall, seed), 1.0, rtol=1e-10)


@pytest.mark.parametrize(
    "device", [mg_stack(), h_stack(), one_layer(binary(), 1e-7)], ids=["hosts", "reactive gate", "one layer"]
)
def test_in_a_stack_a_fall_is_that_of_the_conduction_problem(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    mesh = mesh_of(device)
    direct = [falls_within(mesh, r) for r in range(len(mesh.regions))]
    monkeypatch.setattr("eisfv.device.current_test_function.in_a_row", lambda mesh: False)
    for r, fall in enumerate(direct):
        solved = falls_within(mesh, r)
        assert fall is not None
        assert solved is not None
        np.testing.assert_allclose(fall, solved, atol=1e-11)
        assert fall.sum() == pytest.approx(1.0, rel=1e-12)


def along_a_path(mesh: Mesh, fall: Floats, seed: int) -> float:
    """Return the sum of the falls along a path of random steps from a gate cell to a channel cell."""
    rng = np.random.default_rng(seed)
    steps: dict[int, list[tuple[int, float]]] = {cell: [] for cell in range(mesh.cells)}
    for a, b, f in zip(mesh.left, mesh.right, fall, strict=True):
        steps[int(a)].append((int(b), float(f)))
        steps[int(b)].append((int(a), -float(f)))
    start = int(rng.choice(mesh.contact_cell[mesh.terminal == GATE]))
    ends = set(mesh.contact_cell[mesh.terminal != GATE].tolist())
    seen, waiting = {start: 0.0}, [start]
    while waiting:
        here = waiting.pop(int(rng.integers(len(waiting))))
        if here in ends:
            return seen[here]
        for there, f in steps[here]:
            if there not in seen:
                seen[there] = seen[here] + f
                waiting.append(there)
    raise AssertionError("no path from the gate to the channel")


def two_electrolytes() -> Device:
    """Return the Mg stack with its electrolyte in two halves side by side."""
    device = mg_stack()
    reservoir, electrolyte, channel = device.regions
    halves = replace(electrolyte, name="west"), replace(electrolyte, name="east")
    whole = (0.0, 20e-6)
    boxes = {
        "reservoir": Box(whole, (0.0, 80e-9)),
        "west": Box((0.0, 8e-6), (80e-9, 1.08e-6)),
        "east": Box((8e-6, 20e-6), (80e-9, 1.08e-6)),
        "channel": Box(whole, (1.08e-6, 1.16e-6)),
    }
    layout = layered(device).section
    assert layout is not None
    device = replace(device, regions=(reservoir, *halves, channel))
    return laid(device, boxes, layout.contacts, 5.0, COARSE)


def test_a_region_that_the_current_can_go_around_has_no_fall() -> None:
    mesh = mesh_of(two_electrolytes())
    assert [falls_within(mesh, r) is None for r in range(4)] == [False, True, True, False]
    # The flank hangs on the channel and the electrolyte, which touch without it.
    wall = mesh_of(walled(**COARSE))
    assert [falls_within(wall, r) is None for r in range(4)] == [False, False, False, True]


def flat_behind_a_filling() -> float:
    """Return how flat the currents of pulses are that follow when a film has been filled, whose conductivity grows a
    million times."""
    simulation = Simulation(load(CASES / "mg_vs_h_proton").device)
    simulation.run(CurrentStep(8.5, Constant(0.5e-6)))
    flatness = Flatness(simulation.built)
    for step in (OpenCircuitStep(1.0), CurrentStep(5e-3, Constant(0.5e-6))) * 3:
        for accepted in simulation.drive(step):
            flatness.accept(accepted)
    return flatness.relative


def test_the_current_through_a_film_that_began_insulating_is_flat(monkeypatch: pytest.MonkeyPatch) -> None:
    assert flat_behind_a_filling() < 2e-9
    monkeypatch.setattr(build_module, "highest_conductivity", bulk_conductivity)
    assert flat_behind_a_filling() > 1e-8
