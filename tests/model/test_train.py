"""Trains: the block that they are, and the gap that a frequency leaves."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from eisfv.model.protocol import Block, Entry, Protocol
from eisfv.model.record import Reading
from eisfv.model.steps import CurrentStep, OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant

TRAIN = {"drive": "voltage", "value": "2 V", "width": "10 ms", "count": 20}


def read(tree: dict[str, Any]) -> Block:
    entry = TypeAdapter(Entry).validate_python(tree, context=Reading())
    assert isinstance(entry, Block)
    return entry


def test_a_train_is_a_block_of_pulses_with_their_reads() -> None:
    block = read({**TRAIN, "gap": "1 s", "read": "last 200 ms"})
    assert block == Block(
        (VoltageStep(0.01, Constant(2.0), pulse=True), OpenCircuitStep(1.0, read=0.2)),
        repeat=20,
    )
    assert Protocol((block,)).pulses == 20


@pytest.mark.parametrize("frequency, gap", [("10 Hz", 0.09), ("0.5 Hz", 1.99)])
def test_a_frequency_is_that_of_the_pulses(frequency: str, gap: float) -> None:
    block = read({**TRAIN, "frequency": frequency})
    assert block.steps[1] == OpenCircuitStep(gap)


def test_a_train_may_rest_at_a_level() -> None:
    block = read({**TRAIN, "gap": "1 s", "rest": "0 V"})
    assert block.steps[1] == VoltageStep(1.0, Constant(0.0))
    current = read({"drive": "current", "value": "1 uA", "width": "10 ms", "count": 2, "gap": "1 s", "rest": "0 A"})
    assert isinstance(current.steps[1], CurrentStep)


def test_a_pulse_of_a_train_may_have_a_waveform() -> None:
    half = {"waveform": "half_sine", "amplitude": "1 V", "width": "10 ms"}
    pulse = read({**TRAIN, "value": half, "gap": "1 s"}).steps[0]
    assert isinstance(pulse, VoltageStep)
    assert pulse.waveform.value(5e-3) == 1.0


def test_what_a_case_has_of_a_train_is_its_block() -> None:
    block = read({**TRAIN, "frequency": "3 Hz", "read": "all"})
    assert read(block.written()) == block
