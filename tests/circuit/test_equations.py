"""What the compact model's equations promise, whatever their parameters."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.model.steps import CurrentStep, OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.postprocess.circuit.equations import equations
from eisfv.postprocess.circuit.model import CompactModel, Factors
from eisfv.postprocess.circuit.noise_texts import noise_expressions
from eisfv.postprocess.circuit.release import released
from eisfv.postprocess.circuit.simulate import simulate
from eisfv.postprocess.circuit.stack import Host
from eisfv.postprocess.circuit.states import at_rest
from eisfv.postprocess.circuit.texts import evaluated, lumps_of, numbers, slopes
from eisfv.postprocess.protocol import DrivenStep
from support.compact import Trained

RNG = np.random.default_rng(7)
OTHER = Factors(exchange_gate=3.0, exchange_channel=0.2, stern=0.7, conductivity=2.0, diffusivity=0.5)
NAMES = ("mg", "ysz")


@pytest.fixture(params=NAMES)
def model(request: pytest.FixtureRequest) -> CompactModel:
    """The model of either stack."""
    trained: Trained = request.getfixturevalue(request.param)
    return trained.model


def step(drive: str, level: float, duration: float) -> DrivenStep:
    if drive == "open_circuit":
        return DrivenStep(OpenCircuitStep(duration), 0.0)
    kind = {"voltage": VoltageStep, "current": CurrentStep}[drive]
    return DrivenStep(kind(duration, Constant(level)), 0.0)


def after(model: CompactModel, *steps: DrivenStep, factors: Factors = OTHER) -> list[float]:
    """Return the state after steps from rest."""
    forms = equations(model, factors)
    return simulate(forms, at_rest(model, factors), steps, [np.array([])] * len(steps))[1]


@pytest.mark.parametrize("factors", [Factors(), OTHER])
def test_at_rest_the_voltage_is_the_difference_of_the_open_circuit_curves(
    model: CompactModel, factors: Factors
) -> None:
    gate, channel = model.stack.gate, model.stack.channel
    wanted = gate.curves.potential(gate.x) if isinstance(gate, Host) else gate.potential
    wanted -= channel.curves.potential(channel.x)
    np.testing.assert_allclose(equations(model, factors).voltage(at_rest(model, factors)), wanted, rtol=1e-6)


def test_at_rest_nothing_moves_without_a_leak(model: CompactModel) -> None:
    state = at_rest(model, OTHER)
    moving = np.array(equations(model, OTHER).slopes(state, lambda v: 0.0))
    driven = np.array(equations(model, OTHER).slopes([1e-3, *state[1:]], lambda v: 0.0))
    # What the curves miss of the layers' equilibrium, beside a millivolt over the electrolyte.
    assert np.abs(moving[1:3]).max() < 1e-2 * np.abs(driven[1:3]).max()


def driven(model: CompactModel) -> list[DrivenStep]:
    """Return a pulse that inserts, and a rest."""
    pulse = step("current", 4e-5, 0.5) if model.gate.host is not None else step("voltage", 8.0, 0.1)
    return [pulse, step("open_circuit", 0.0, 1.0)]


def films(model: CompactModel, state: list[float], letter: str) -> float:
    """Return the ions of a film, C/m2."""
    lumps = enumerate(lumps_of(model))
    return sum(side.capacity * side.lumps[k - 1] * state[3 + n] for n, (own, side, k) in lumps if own == letter)


def test_ions_are_kept(model: CompactModel) -> None:
    """What passes the gate without a leak is in the channel, in the layers beside it or on the electrolyte."""
    tight = replace(OTHER, leak=1e-12)
    first, last = at_rest(model, tight), after(model, *driven(model), factors=tight)

    def held(state: list[float]) -> float:
        return films(model, state, "c") + state[2] + model.capacitance * state[0]

    np.testing.assert_allclose(held(last) - held(first), last[-1], rtol=1e-6)
    assert films(model, last, "c") - films(model, first, "c") > 0.1 * last[-1]


def test_what_the_films_lose_the_layers_gain(mg: Trained) -> None:
    first, last = at_rest(mg.model, OTHER), after(mg.model, *driven(mg.model))

    def held(state: list[float]) -> float:
        return films(mg.model, state, "c") + films(mg.model, state, "g") - (state[1] - state[2])

    moved = films(mg.model, last, "c") - films(mg.model, first, "c")
    assert moved > 0.0
    assert abs(held(last) - held(first)) < 1e-6 * moved


def test_a_positive_voltage_inserts_and_a_negative_one_extracts(model: CompactModel) -> None:
    filling = equations(model, Factors()).filling
    volts = 0.3 if model.gate.host is not None else 8.0
    rest = after(model, step("open_circuit", 0.0, 0.1), factors=Factors())
    up, down = (after(model, step("voltage", sign * volts, 0.1), factors=Factors()) for sign in (1.0, -1.0))
    assert filling(up) > filling(rest) > filling(down)


def test_the_charge_through_the_gate_is_the_drive(model: CompactModel) -> None:
    current = 1e-5 if model.gate.host is not None else 1e-13
    state = after(model, step("current", current, 0.5), step("open_circuit", 0.0, 1.0))
    np.testing.assert_allclose(state[-1] * model.stack.area, 0.5 * current, rtol=1e-6)


def test_an_interface_rests_where_its_affinity_vanishes(model: CompactModel) -> None:
    state = at_rest(model, Factors())
    release = released(model, model.channel, 1.0, 1.0, 1.0)
    resting = release(-state[2], 0.0, state[3], state[4])[1]
    moved = release(-state[2] + 1e-3, 0.0, state[3], state[4])[1]
    assert abs(resting) < 1e-2 * abs(moved)


def states(model: CompactModel) -> list[list[float]]:
    """Return states around rest and far from it."""
    rest = at_rest(model, OTHER)
    found = []
    for _ in range(20):
        state = [float(RNG.uniform(-0.3, 0.3)), *(float(v) for v in RNG.uniform(-0.05, 0.05, 2))]
        found.append([*state, *(float(x * RNG.uniform(0.8, 1.3)) for x in rest[3:-1]), 0.0])
    return found


def test_the_texts_are_the_equations(model: CompactModel) -> None:
    forms, given = equations(model, OTHER), {number.name: number.value for number in numbers(model, OTHER)}
    lumps = [f"x_{letter}{k}" for letter, _, k in lumps_of(model)]
    for state in states(model):
        named = dict(zip(["v_ab", "q_g", "q_c", *lumps], state[:-1], strict=True))
        found = evaluated(model, given, named)
        np.testing.assert_allclose(found["v_path"], forms.voltage(state), rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(found["conductance"], forms.conductance(state), rtol=1e-8)
        wanted = forms.slopes(state, lambda v: 0.0)[1:-1]
        known = {**given, **named, **found, **{name: 0.0 for name, _ in noise_expressions(model)}}
        told = [eval(text, {}, known) for _, text in slopes(model)]
        np.testing.assert_allclose(told, wanted, rtol=1e-6, atol=1e-7 * np.abs(wanted).max())


def test_texts_of_other_parameters_are_other_equations(model: CompactModel) -> None:
    state = states(model)[0]
    given = {number.name: number.value for number in numbers(model, Factors(exchange_channel=1.1))}
    lumps = [f"x_{letter}{k}" for letter, _, k in lumps_of(model)]
    found = evaluated(model, given, dict(zip(["v_ab", "q_g", "q_c", *lumps], state[:-1], strict=True)))
    ours = evaluated(
        model,
        {number.name: number.value for number in numbers(model, Factors())},
        dict(zip(["v_ab", "q_g", "q_c", *lumps], state[:-1], strict=True)),
    )
    np.testing.assert_allclose(found["r_c"], 1.1 * ours["r_c"], rtol=1e-9)
