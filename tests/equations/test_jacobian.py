"""The exact Jacobian of every kind of device is exact, its border included."""

import numpy as np
import pytest

from eisfv.analysis.small_signal import SmallSignal
from eisfv.device.device import Device
from eisfv.equations.flow_sums import rest_by_flows, transposed_rest_by_flows
from eisfv.equations.linearised import combine, remainder
from eisfv.physics.open_circuit import shares_excess
from eisfv.solve.stage_records import Iterate
from support.devices import mg_stack
from support.jacobian import Dense, assembled, dense, differenced, random_state, worst
from support.law_devices import COARSE, DEVICES, plateau_host

each_device = pytest.mark.parametrize("device", DEVICES.values(), ids=DEVICES.keys())


@each_device
@pytest.mark.parametrize("spread", [0.1, 3.0])
@pytest.mark.parametrize("full", [False, True], ids=["counting filled sites", "counting free sites"])
def test_jacobian_is_the_derivative_of_the_residual(device: Device, spread: float, full: bool) -> None:
    for dh in (1e-6, 10.0):
        state = random_state(device, 11, spread)
        errors = worst(assembled(*state, dh, full), differenced(*state, dh, full))
        assert max(errors.values()) < 1e-7, errors


@pytest.mark.parametrize("spread", [0.1, 3.0])
@pytest.mark.parametrize("full", [False, True], ids=["counting filled sites", "counting free sites"])
def test_jacobian_of_electrons_that_share_an_excess_is_the_derivative(spread: float, full: bool) -> None:
    """The slope of their excess has corners: differences over 1e-6 keep between them, and round at 1e-10/1e-6."""
    device = mg_stack(length=50e-9, hosts=(plateau_host(), plateau_host()), mesh=COARSE)
    for dh in (1e-6, 10.0):
        state = random_state(device, 11, spread)
        assert any(shares_excess(row) for row in state[0].tables.curve)
        errors = worst(assembled(*state, dh, full), differenced(*state, dh, full, step=1e-6))
        assert max(errors.values()) < 2e-6, errors


@each_device
def test_the_rest_summed_from_the_flows_is_that_of_the_matrix(device: Device) -> None:
    """Whatever stores or passes is in the waves of a small signal: contacts, traps, gradients among them."""
    built, u, voltages = random_state(device, 11, 0.1)
    found = SmallSignal(built, Iterate(u, float(voltages[0])), np.zeros((len(built.tables.region), len(built.species))))
    by_storage = 3.0j
    combine(found.t, found.slopes, by_storage, 1.0, found.matrix)
    rng = np.random.default_rng(5)
    x = rng.normal(size=u.shape) + 1j * rng.normal(size=u.shape)
    none = np.zeros_like(x)
    expected = remainder(found.t, found.matrix, found.system.part, none, x)
    rest = rest_by_flows(found.t, found.slopes, found.own, by_storage, none, x)
    scale = np.abs(dense(found.matrix, built)).max(axis=1).reshape(u.shape) * np.abs(x).max()
    assert (np.abs(rest - expected) <= 1e-13 * scale).all()
    matrix = dense(found.matrix, built)
    transposed = transposed_rest_by_flows(found.t, found.slopes, found.own, by_storage, none, x)
    scale = np.abs(matrix).max(axis=0).reshape(u.shape) * np.abs(x).max()
    assert (np.abs(transposed + (matrix.T @ x.ravel()).reshape(u.shape)) <= 1e-12 * scale).all()


def test_one_slope_off_by_a_thousandth_is_seen() -> None:
    state = random_state(DEVICES["Mg stack with leak"], 11, 0.1)
    found, expected = assembled(*state, 1e-6), differenced(*state, 1e-6)
    matrix = found.matrix.copy()
    row = 9
    column = int(np.abs(matrix[row]).argmax())
    matrix[row, column] *= 1.001
    spoilt = Dense(matrix, found.column, found.row, found.row_charge)
    assert worst(spoilt, expected)["matrix"] > 1e-4


@pytest.mark.parametrize("part", ["column", "row", "row_charge"])
def test_a_border_of_the_wrong_sign_is_seen(part: str) -> None:
    state = random_state(DEVICES["hopping protons, reactive contact"], 11, 0.1)
    found, expected = assembled(*state, 1e-6), differenced(*state, 1e-6)
    parts = {**vars(found), part: -vars(found)[part]}
    assert worst(Dense(**parts), expected)[part] > 1e-2


def test_jacobian_of_enhanced_diffusion_is_the_derivative() -> None:
    """Neighbours some RT apart in a host whose electrons, and in a solution whose ions, attract their like."""
    for device in (
        mg_stack(length=50e-9, hosts=(plateau_host(), plateau_host()), mesh=COARSE),
        DEVICES["Frumkin ions that hop"],
    ):
        state = random_state(device, 5, 6.0)
        errors = worst(assembled(*state, 10.0), differenced(*state, 10.0, step=1e-6))
        assert max(errors.values()) < 2e-6, errors
