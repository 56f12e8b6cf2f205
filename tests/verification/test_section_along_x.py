"""Interfaces that vary along a section: what is inserted follows the exchange current, patches are what they say."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from eisfv.device.build import build
from eisfv.device.device import Device
from eisfv.device.meshing import mesh_of
from eisfv.device.tables import Floats
from eisfv.model.along_x import AlongX, Patches, PlacedPatches, Points
from eisfv.model.interface_laws import ButlerVolmer
from eisfv.model.interfaces import Interface
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import mg_stack
from support.runs import held
from support.sections import COARSE, WIDTH, layered

OPTIONS = SolverOptions(linear="superlu", tolerance=1e-4, newton=1e-7)
SLOW, FAST = 1e-3, 10.0  # A/m2 at the channel, at the reservoir
POOR = PlacedPatches(1.0, 0.0, WIDTH / 10, (False, True, False, False, True, True, False, False, False, True), 0.2)
SLOPE = Points((0.0, WIDTH), (0.5, 1.5))


Shape = Points[float] | PlacedPatches


def level(shape: Shape | None, value: float) -> AlongX:
    """Return a value along x: the shape, whose values are of 1, times a value."""
    match shape:
        case None:
            return value
        case Points():
            return Points(shape.x, tuple(value * share for share in shape.value))
        case PlacedPatches():
            return replace(shape, largest=value)


def share_of(shape: Shape, x: Floats) -> Floats:
    """Return the values of a shape."""
    return shape.largest * shape.factor(x)


def device(shape: Shape | None, slow: float = SLOW, stern: Shape | None = None) -> Device:
    """Return a section of ten columns or more whose channel interface varies along x and limits the current."""
    stack = mg_stack((0.05, 0.05))
    joints = (
        Interface(("reservoir", "electrolyte"), species={"Mg": ButlerVolmer(FAST)}, stern_capacitance=0.1),
        Interface(
            ("electrolyte", "channel"),
            species={"Mg": ButlerVolmer(level(shape, slow))},
            stern_capacitance=level(stern, 0.1),
        ),
    )
    section = layered(stack, "bottom", **{**COARSE, "lateral_cells": 20})
    return Device(**{**vars(section), "interfaces": joints})


def taken(simulation: Simulation, duration: float, volts: float) -> tuple[Floats, Floats]:
    """Return x (m) of the channel's columns and the Mg per volume (mol/m3) that each takes under a voltage."""
    mesh = simulation.built.mesh
    film = (mesh.region == 2) & ~mesh.surface
    x, number = np.unique(np.round(mesh.position[film, 0] / WIDTH, 9), return_inverse=True)
    before = held(simulation)[film, 0]
    simulation.run(VoltageStep(duration, Constant(simulation.voltage + volts)))
    gained = np.bincount(number, held(simulation)[film, 0] - before)
    return x * WIDTH, gained / np.bincount(number, mesh.volume[film])


@pytest.mark.parametrize("shape", [POOR, SLOPE], ids=["patches", "slope"])
def test_slow_kinetics_insert_in_proportion_to_the_exchange_current(shape: Shape) -> None:
    x, found = taken(Simulation(device(shape), OPTIONS), 2.0, 0.02)
    share = share_of(shape, x)
    assert np.ptp(share) > 0.5
    np.testing.assert_allclose(found / found.max(), share / share.max(), rtol=2e-2)


def test_fast_kinetics_do_not() -> None:
    """Where the electrolyte resists most, a poor patch takes nearly what a good one does."""
    x, found = taken(Simulation(device(POOR, 1e3 * FAST), OPTIONS), 1e-2, 0.02)
    poor = POOR.factor(x) < 1.0
    assert found[poor].mean() > 0.8 * found[~poor].mean()


def test_poor_patches_catch_up_when_the_pulse_is_long() -> None:
    """Good patches fill until their voltage is spent: the ratio of the fillings tends to one."""
    late = []
    for duration in (2.0, 2e4):
        x, found = taken(Simulation(device(POOR), OPTIONS), duration, 0.02)
        poor = POOR.factor(x) < 1.0
        late.append(found[poor].mean() / found[~poor].mean())
    assert late[0] < 0.21
    assert late[1] > 0.9


@pytest.mark.parametrize("stern", [POOR, SLOPE], ids=["patches", "slope"])
def test_rates_and_compact_layers_are_multiplied_where_the_interface_is(stern: Shape) -> None:
    mesh = mesh_of(device(SLOPE, SLOW, stern))
    plain, varied = (build(of, mesh).tables for of in (device(None), device(SLOPE, SLOW, stern)))
    joint = mesh.interface >= 0
    x, y = mesh.position[mesh.left[joint]].T
    channel = y > 0.5e-6
    capacity, rate = varied.compact_layer / plain.compact_layer, varied.transfer_rate[:, 0] / plain.transfer_rate[:, 0]
    np.testing.assert_allclose(capacity[channel], share_of(stern, x[channel]), rtol=1e-12)
    np.testing.assert_allclose(rate[channel], share_of(SLOPE, x[channel]), rtol=1e-12)
    np.testing.assert_allclose(rate[~channel], 1.0, rtol=1e-12)
    np.testing.assert_allclose(capacity[~channel], 1.0, rtol=1e-12)


def test_a_profile_is_straight_between_its_points_and_level_beyond() -> None:
    profile = Points((1e-6, 3e-6, 4e-6), (1.0, 5.0, 0.0))
    np.testing.assert_allclose(
        profile.factor(np.array([0.0, 1e-6, 2e-6, 3.5e-6, 9e-6])), np.array([1.0, 1.0, 3.0, 2.5, 0.0]) / 5.0
    )
    assert profile.breaks() == ()


def test_a_patch_has_one_factor_and_its_ends_are_breaks() -> None:
    for left, right in pairwise((0.0, *POOR.breaks(), WIDTH)):
        inside = np.linspace(left, right, 20)[1:-1]
        assert len(np.unique(POOR.factor(inside))) == 1
        if left > 0.0:
            assert POOR.factor(np.array([left - 1e-9])) != POOR.factor(np.array([left + 1e-9]))
    np.testing.assert_allclose(POOR.breaks(), np.array([1, 2, 4, 6, 9]) * WIDTH / 10, rtol=1e-12)


@pytest.mark.parametrize("share, poor", [(0.0, 0), (0.3, 6), (0.32, 6), (0.5, 10), (1.0, 20)])
@pytest.mark.parametrize("seed", range(5))
def test_patches_hit_their_share_exactly(share: float, poor: int, seed: int) -> None:
    made = Patches(1.0, 0.1, 1e-6, share, seed).over(0.0, 20e-6)
    assert sum(made.poor) == poor
    assert len(made.poor) == 20
    middles = np.array([(n + 0.5) * 1e-6 for n in range(20)])
    assert np.count_nonzero(made.factor(middles) == 0.1) == poor


def test_patches_are_reproduced_by_their_seed_and_by_no_other() -> None:
    def made(seed: int) -> PlacedPatches:
        return Patches(1.0, 0.1, 1e-6, 0.5, seed).over(0.0, 20e-6)

    assert made(7) == made(7)
    assert len({made(seed).poor for seed in range(20)}) > 15


def test_patches_fill_their_stretch_when_their_length_does_not_divide_it() -> None:
    made = Patches(1.0, 0.1, 3e-6, 0.5, 1).over(2e-6, 12e-6)
    assert len(made.poor) == 3
    np.testing.assert_allclose(made.start + made.length * 3, 12e-6, rtol=1e-12)
