"""Ions that nothing lets out keep their sum, however stiff a joint and whatever a linear solve leaves of its rows."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.device.build import build
from eisfv.device.meshing import mesh_of
from eisfv.equations.enclosed import enclosed, enclosures, keep_sums
from eisfv.model.interface_laws import Blocking, Continuous
from eisfv.model.steps import OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.observers.ion_balance import IonBalance
from eisfv.simulation import Simulation
from eisfv.stepping.compiled import CompiledIntegrator
from support.devices import h_stack, mg_stack
from support.runs import LOOSE

# Ions free to pass the joints of a thin electrolyte: at rest, in steps of days, a row there weighs 1e10 times its flow.
STIFF = mg_stack(law=Continuous(), length=1e-7)
PROTOCOL = (VoltageStep(0.5, Constant(1.0)), OpenCircuitStep(1e6))
MG, TFSI, ELECTRON = 0, 1, 2


def drift(method: str, keep: bool) -> tuple[float, int]:
    """Return how far the ions drift over a pulse and the days after it, with their sums kept or not, and how many steps
    that takes."""
    simulation = Simulation(STIFF, replace(LOOSE, method=method))
    if not keep:
        simulation.newton.enclosure[:] = -1
        if isinstance(simulation.integrator, CompiledIntegrator):
            simulation.integrator.work.enclosure[:] = -1
    balance = IonBalance(simulation.built)
    for step in PROTOCOL:
        balance.begin(step, simulation.state)
        for accepted in simulation.drive(step):
            balance.accept(accepted)
    return balance.largest, simulation.integrator.counts.accepted


@pytest.mark.parametrize("method", ["bdf", "tr_bdf2"])
def test_ions_pass_stiff_joints_in_long_steps_without_loss(method: str) -> None:
    assert drift(method, keep=True)[0] < 1e-14


def test_the_rows_of_an_assembled_matrix_alone_lose_ions_there_and_those_of_a_chain_in_flows_do_not() -> None:
    assert drift("tr_bdf2", keep=False)[0] > 1e-11
    lost, steps = drift("bdf", keep=False)
    assert lost < steps * np.finfo(float).eps  # each step is rounded


def test_a_blocking_interface_parts_two_enclosures_and_a_free_one_does_not() -> None:
    for law, count in ((Blocking(), 3), (Continuous(), 1)):
        device = mg_stack(law=law)
        built = build(device, mesh_of(device))
        own = enclosures(built.tables)
        assert len(np.unique(own[:, MG])) == count
        assert (own[:, ELECTRON] == -1).all()
        outside = built.mesh.region != 1  # the anion is in the electrolyte alone
        assert (own[outside, TFSI] == -1).all()
        assert len(np.unique(own[~outside, TFSI])) == 1
        assert not set(own[~outside, TFSI]) & set(own[:, MG])


def test_an_ion_that_a_contact_takes_has_no_sum_to_keep() -> None:
    device = h_stack()
    tables = build(device, mesh_of(device)).tables
    assert enclosed(tables) == []
    assert (enclosures(tables) == -1).all()


def test_what_is_lacking_raises_every_level_of_its_enclosure_alike() -> None:
    rng = np.random.default_rng(3)
    enclosure = np.array([[0, -1], [0, 1], [1, 1], [-1, 0]])
    storage = rng.uniform(0.1, 10.0, (4, 3, 3))
    known = rng.uniform(0.0, 1.0, (4, 2))
    lost = known + rng.uniform(-1e-10, 1e-10, (4, 2))
    stored = lost.copy()
    keep_sums(enclosure, np.zeros((2, 2)), storage, known, stored)
    for e in (0, 1):
        own = enclosure == e
        np.testing.assert_allclose(stored[own].sum(), known[own].sum(), rtol=1e-15)
        assert abs(lost[own].sum() - known[own].sum()) > 1e-12
        rise = (stored - lost)[own] / storage[:, [1, 2], [1, 2]][own]
        np.testing.assert_allclose(rise, rise[0], rtol=1e-3)  # a difference in the eleventh digit
    assert (stored[enclosure == -1] == lost[enclosure == -1]).all()


def test_a_loss_that_is_none_of_rounding_stays_to_be_seen() -> None:
    enclosure, storage, known = np.zeros((4, 1), np.int64), np.ones((4, 2, 2)), np.ones((4, 1))
    for loss, kept in ((1e-12, True), (1e-5, False)):
        stored = known - np.array([[loss], [0.0], [0.0], [0.0]])
        keep_sums(enclosure, np.zeros((2, 1)), storage, known, stored)
        assert (abs(stored.sum() - known.sum()) < 1e-15) == kept
