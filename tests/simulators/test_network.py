"""Networks trained with pulses, against the same in floating point."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.simulators.learning.digits import EPOCHS, Digits, exact, gradients, load_digits, train
from eisfv.postprocess.simulators.learning.network import CSV_FILE, SEEDS, mean_of_seeds, trained, write
from eisfv.postprocess.simulators.learning.pulsed_weights import (
    STATES,
    PulsedWeights,
    linear_weights,
    measured_weights,
)
from eisfv.postprocess.simulators.step_range import StepRange, step_range
from simulators.made_steps import ENERGY, HIGH, LOW, Step, extraction, linear_step, soft_down, soft_up

SPAN = HIGH - LOW


@pytest.fixture(scope="module")
def data() -> Digits:
    return load_digits()


def measured(up: Step, down: Step, noise: float = 0.0) -> PulsedWeights:
    steps = step_range(extraction(up, down, noise=noise))
    assert isinstance(steps, StepRange)
    return measured_weights(steps, noise=noise > 0.0)


def accuracy(data: Digits, device: PulsedWeights | None, seeds: int = 2) -> np.ndarray:
    """Return the final accuracies (seeds,)."""
    change = exact if device is None else device.change
    bounds = None if device is None else (float(device.nodes[0]), float(device.nodes[-1]))
    return np.array([train(data, change, seed, bounds).accuracy[-1] for seed in range(seeds)])


def test_the_gradients_are_those_of_the_loss(data: Digits) -> None:
    rng = np.random.default_rng(3)
    layers = [rng.normal(size=(65, 32)) * 0.1, rng.normal(size=(33, 10)) * 0.1]
    pixels, digits = data.pixels[:7], data.digits[:7]
    found = gradients(layers, pixels, digits)

    def loss() -> float:
        hidden = np.tanh(2.0 * np.hstack([pixels, np.ones((7, 1))]) @ layers[0])
        scores = 2.0 * np.hstack([hidden, np.ones((7, 1))]) @ layers[1]
        return float(np.mean(np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(7), digits]))

    for layer, gradient in zip(layers, found, strict=True):
        for place in ((20, 3), (32, 9), (7, 0)):
            old, h = layer[place], 1e-5
            layer[place] = old + h
            above = loss()
            layer[place] = old - h
            below = loss()
            layer[place] = old
            np.testing.assert_allclose(gradient[place], (above - below) / (2.0 * h), rtol=1e-5, atol=1e-9)


def test_pulses_make_the_wanted_change_on_average() -> None:
    device, rng = linear_weights(100.0), np.random.default_rng(5)
    weights = np.zeros(40_000)
    up, down = device.change(weights, np.full(weights.size, 0.013), rng)
    assert down == 0
    # 0.013 is 0.65 steps of 0.02: no pulse or one.
    assert set(np.round(weights / 0.02, 9)) == {0.0, 1.0}
    np.testing.assert_allclose(weights.mean(), 0.013, rtol=0.02)
    np.testing.assert_allclose(up, weights.sum() / 0.02, rtol=1e-9)


def test_each_pulse_takes_the_step_at_the_weight_it_starts_from() -> None:
    device, rng = measured(soft_up(), soft_down()), np.random.default_rng(5)
    weights = np.array([[-0.5, 0.5]])
    wanted = device.quantum * np.array([[3.0, -3.0]])
    expected = weights.copy()
    for _ in range(3):
        expected[0, 0] += np.interp(expected[0, 0], device.nodes, device.up)
        expected[0, 1] += np.interp(expected[0, 1], device.nodes, device.down)
    assert device.change(weights, wanted, rng) == (3, 3)
    np.testing.assert_allclose(weights, expected, rtol=1e-12)


def test_weights_stay_between_the_ends_of_the_range() -> None:
    device, rng = measured(linear_step(), linear_step()), np.random.default_rng(5)
    weights = np.array([0.99, -0.99])
    device.change(weights, np.array([50.0, -50.0]), rng)
    np.testing.assert_allclose(weights, [device.nodes[-1], device.nodes[0]], rtol=1e-12)


def test_groups_of_pulses_go_where_single_ones_would() -> None:
    states = 5.0 * STATES
    single = np.linspace(-1.0, 1.0, 7)
    grouped = measured(soft_up(3.0 / states), soft_down(3.0 / states))
    assert grouped.group > 1
    steps = step_range(extraction(soft_up(3.0 / states), soft_down(3.0 / states)))
    assert isinstance(steps, StepRange)
    weights = np.clip(single, grouped.nodes[0], grouped.nodes[-1] - 0.01)
    conductance = steps.zero + weights * steps.per_weight
    for _ in range(grouped.group):
        conductance = np.minimum(conductance + steps.step_up(conductance), steps.high)
    moved = weights + np.interp(weights, grouped.nodes, grouped.up)
    np.testing.assert_allclose(moved, steps.weight(conductance), rtol=0.0, atol=1e-9)


def test_noise_spreads_the_steps_it_was_modelled_for() -> None:
    device, rng = measured(linear_step(), linear_step(), noise=0.3), np.random.default_rng(5)
    weights = np.zeros(20_000)
    device.change(weights, np.full(weights.size, device.quantum), rng)
    np.testing.assert_allclose(weights.mean(), device.quantum, rtol=0.02)
    np.testing.assert_allclose(weights.std(), 0.3 * device.quantum, rtol=0.03)


def test_one_seed_gives_one_result(data: Digits) -> None:
    device = linear_weights(40.0)
    runs = [train(data, device.change, 4, (-1.0, 1.0)) for _ in range(2)]
    np.testing.assert_array_equal(runs[0].accuracy, runs[1].accuracy)
    assert runs[0].pulses == runs[1].pulses


def test_a_linear_device_of_many_states_learns_as_well_as_floating_point(data: Digits) -> None:
    ideal, linear = (
        accuracy(data, None, 3),
        accuracy(data, measured(linear_step(SPAN / 1500), linear_step(SPAN / 1500)), 3),
    )
    # The spread of three seeds, and what one digit in a hundred is.
    assert abs(linear.mean() - ideal.mean()) < 0.01 + 2.0 * max(ideal.std(ddof=1), linear.std(ddof=1)) / 3**0.5
    assert ideal.mean() > 0.96


def test_few_states_cost_accuracy(data: Digits) -> None:
    few, many = accuracy(data, linear_weights(6.0)), accuracy(data, linear_weights(200.0))
    assert few.max() < many.min() - 0.05


def test_bent_and_lopsided_steps_cost_accuracy(data: Digits) -> None:
    # Up the steps vanish at the top and down they vanish at the bottom, ten times over the range, up a fifth as large.
    bent = measured(soft_up(10.0 / 60, HIGH), soft_down(10.0 / 12, LOW))
    equal = linear_weights(60.0)
    assert accuracy(data, bent).max() < accuracy(data, equal).min() - 0.05


def test_the_curves_and_what_they_say_are_written(tmp_path: Path) -> None:
    found = write(extraction(linear_step(SPAN / 40), linear_step(SPAN / 40)), tmp_path)
    assert found.files == (tmp_path / CSV_FILE,)
    table = np.genfromtxt(tmp_path / CSV_FILE, delimiter=",", names=True)
    np.testing.assert_array_equal(table["epoch"], np.arange(1, EPOCHS + 1))
    for name in ("floating_point", "linear", "device"):
        told = found.quantities[f"accuracy_{name}"]
        np.testing.assert_allclose(told.value, table[f"accuracy_{name}"][-1], rtol=1e-12)
        assert told.points == SEEDS
        assert told.low is not None
    pulses, energy = found.quantities["pulses_per_weight"].value, found.quantities["write_energy"].value
    assert pulses is not None
    assert energy is not None
    np.testing.assert_allclose(energy, pulses * (65 * 32 + 33 * 10) * ENERGY, rtol=1e-9)
    assert found.section is not None
    assert len(found.section.figures) == 1


def test_equal_steps_are_the_linear_device() -> None:
    device, linear = measured(linear_step(SPAN / 40), linear_step(SPAN / 40)), linear_weights(40.0)
    for one, other in ((device.nodes, linear.nodes), (device.up, linear.up), (device.down, linear.down)):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


def test_the_mean_over_seeds_has_students_interval() -> None:
    told = mean_of_seeds(np.array([0.9, 0.92, 0.94]), "", "")
    assert told.low is not None
    # t of two degrees of freedom is 4.303.
    np.testing.assert_allclose(0.92 - told.low, 4.303 * 0.02 / 3**0.5, rtol=1e-3)


def test_a_run_of_one_direction_trains_nothing(tmp_path: Path) -> None:
    found = write(extraction(linear_step()), tmp_path)
    assert "lower" in found.reason
    assert list(tmp_path.iterdir()) == []


def test_the_three_networks_start_alike() -> None:
    steps = step_range(extraction(linear_step(SPAN / 40), linear_step(SPAN / 40)))
    assert isinstance(steps, StepRange)
    found = trained(steps, noise=False, seeds=1)
    # Equal steps are the linear device: pulse for pulse.
    np.testing.assert_array_equal(found["device"][0].accuracy, found["linear"][0].accuracy)
