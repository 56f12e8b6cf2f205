"""The charge of a protocol, walked: what fills a host is told of the train as of the pulse, and the walk agrees with
the protocol expanded."""

from itertools import accumulate
from random import Random

import numpy as np
import pytest

from case.one_rule_case import BATH, BLOCKING, OHMIC, E, Tell, host
from eisfv.case.driven_charge import charge, crossing, widest_swing
from eisfv.constants import VACUUM_PERMITTIVITY
from eisfv.model.protocol import Block, Protocol
from eisfv.model.steps import CurrentStep, OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant, PiecewiseLinear

REST = OpenCircuitStep(1.0)


def pulse(current: float, time: float = 1.0) -> CurrentStep:
    return CurrentStep(time, Constant(current))


@pytest.mark.parametrize("seed", range(40))
def test_the_walk_finds_the_step_that_the_expanded_protocol_has(seed: int) -> None:
    rng = Random(seed)

    def entry(depth: int) -> Block | CurrentStep | OpenCircuitStep:
        if depth == 0 or rng.random() < 0.3:
            return rng.choice([REST, pulse(float(rng.randint(-3, 4)))])
        return Block(tuple(entry(depth - 1) for _ in range(rng.randint(1, 3))), repeat=rng.randint(1, 5))

    entries = tuple(entry(3) for _ in range(3))
    steps = list(Protocol(entries))
    driven = list(accumulate(map(charge, steps)))
    for bound in (-40.5, -10.5, -2.5, 2.5, 10.5, 40.5):
        past = [k for k, q in enumerate(driven) if (q > bound if bound > 0.0 else q < bound)]
        found = crossing(entries, bound)
        assert (found is None) == (not past)
        if found is not None:
            assert found.time == sum(float(step.duration) for step in steps[: past[0]])
            assert found.step is steps[past[0]]


@pytest.mark.parametrize("seed", range(10))
def test_the_swing_of_the_walk_is_that_of_the_expanded_protocol(seed: int) -> None:
    rng = Random(seed)
    blocks = tuple(
        Block(tuple(pulse(float(rng.randint(-3, 3))) for _ in range(rng.randint(1, 3))), repeat=rng.randint(1, 5))
        for _ in range(3)
    )
    driven = [0.0, *accumulate(map(charge, Protocol(blocks)))]
    assert widest_swing(blocks) == max(driven) - min(driven)
    step = VoltageStep(1.0, Constant(0.1))
    assert widest_swing((pulse(2.0), step, pulse(-3.0), pulse(-1.0))) == 4.0


def test_a_million_millions_of_pulses_are_walked_at_once() -> None:
    block = Block((pulse(1.0), REST), repeat=10**6)
    found = crossing((Block((block, REST), repeat=10**6),), 1e6 + 10.5)
    assert found is not None
    assert found.passes == ((1, 10**6), (10, 10**6))
    assert found.time == 2e6 + 1.0 + 20.0


def test_what_has_flown_behind_a_source_of_voltage_is_not_known() -> None:
    step = VoltageStep(1.0, Constant(0.1))
    assert crossing((pulse(2.0), step), 1.0) is not None
    assert crossing((step, pulse(2.0)), 1.0) is None


def test_the_charge_of_a_waveform_is_its_integral() -> None:
    triangle = PiecewiseLinear((0.0, 1.0, 3.0), (0.0, 2.0, 0.0))
    np.testing.assert_allclose(charge(CurrentStep(3.0, triangle)), 3.0, rtol=1e-12)


def test_a_train_that_fills_a_host_is_told_with_its_pulse(told: Tell) -> None:
    """It takes 2.8946e-6 C to empty the host, nine times as much to fill it: 100 nC a pulse make 29 and 261 pulses.
    Where electrons pass the electrolyte, they carry the mean current of 0.1 uA at L I/(sigma A) = 10 mV: nothing to
    tell."""

    def drive(sign: str, count: int) -> str:
        words = f'value = "{sign}1 uA"\nwidth = "100 ms"\ngap = "900 ms"\ncount = {count}'
        return f'drive = "current"\n{words}'

    def leaks(sign: str, count: int, gate: str = BATH) -> list[str]:
        return [w for w in told(E, host("h", 0.1), gate=gate, drive=drive(sign, count))[1] if "leak" in w]

    assert leaks("-", 28) == leaks("", 260) == []
    line = "protocol[0].steps[0]: the charge driven so far {} h (x = 0.1) at t = {}; what is driven on must leak"
    assert leaks("-", 40) == [line.format("empties", "28 s, in repeat 29 of 40")]
    assert leaks("-", 40, OHMIC) == []
    assert leaks("", 300) == [line.format("fills", "260 s, in repeat 261 of 300")]


@pytest.mark.parametrize("gate, volts, lines", [(OHMIC, 9.0, 0), (OHMIC, 11.0, 1), (BLOCKING, 11.0, 0)])
def test_more_than_any_electrolyte_stands_is_told_where_charge_passes(
    told: Tell, gate: str, volts: float, lines: int
) -> None:
    drive = f'drive = "voltage"\nvalue = "{volts} V"\nduration = "1 ms"'
    warned = told((E[0], E[1], "200 nm", None), host("h", 0.1), gate=gate, drive=drive)[1]
    assert sum("more than any electrolyte stands" in line for line in warned) == lines


@pytest.mark.parametrize("field, told_as", [(1.9, ""), (2.1, "warned"), (56.0, "warned"), (58.0, "refused")])
def test_the_charge_on_a_blocking_metal_ends_a_field_that_gauss_knows(told: Tell, field: float, told_as: str) -> None:
    """6.0 is the permittivity of the electrolyte, 1 mm2 the area; of a swing one half is certain."""
    charge_driven = 2.0 * field * 1e9 * 6.0 * VACUUM_PERMITTIVITY * 1e-6
    drive = f'drive = "current"\nvalue = "{charge_driven / 1e3!r} A"\nduration = "1000 s"'
    refused, warned = told((E[0], E[1], "0.1 nm", None), host("h", 0.1, "1 m"), drive=drive)
    line = f"device.contact.gate: blocking: what the currents drive onto it makes a field of {field:.3g} V/nm in e"
    assert any(line in text for text in refused) == (told_as == "refused")
    assert any(line in text for text in warned) == (told_as == "warned")
