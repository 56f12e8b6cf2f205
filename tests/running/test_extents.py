"""How much of a protocol pilots and companions drive."""

from pathlib import Path

import numpy as np

from eisfv.model.protocol import Block, Protocol
from eisfv.running.extents import LONG, timed_steps
from eisfv.running.pilot_protocol import BRIEF, SHORT, pilot_protocol
from support.small_case import PULSES, small_case


def test_long_blocks_are_shortened_for_pilots_and_short_ones_kept(tmp_path: Path) -> None:
    case = small_case(tmp_path / "case", PULSES)
    assert len(pilot_protocol(case.protocol, SHORT)) == len(case.protocol) == 9
    assert len(pilot_protocol(case.protocol, BRIEF)) == 5
    many = small_case(tmp_path / "many", PULSES.replace("repeat = 2", "repeat = 1000"))
    assert 1 + 4 <= len(pilot_protocol(many.protocol, SHORT)) <= SHORT
    within = Protocol((*case.protocol.entries[:1], Block(many.protocol.entries[1:], repeat=1)))
    assert 1 + 4 <= len(pilot_protocol(within, SHORT)) <= SHORT


def test_what_is_driven_at_a_tighter_tolerance_is_spread_over_the_whole_protocol(tmp_path: Path) -> None:
    many = small_case(tmp_path / "many", PULSES.replace("repeat = 2", "repeat = 1000") + PULSES)
    found = timed_steps(many.protocol)
    # of both blocks the first and the last round, and of the long one some between
    assert {*range(5), *range(3997, 4010)} <= set(found)
    assert SHORT < len(found) <= LONG
    gaps = np.diff([k for k in found if k <= 4001])
    assert gaps.max() < 0.2 * 4000
    steps = list(many.protocol)
    assert {id(step) for step in many.protocol.steps} == {id(steps[k]) for k in found}
    # none stands alone: what the step before has left shows in it
    assert all({k - 1, k + 1} & set(found) for k in found)


def test_blocks_within_a_block_that_is_driven_once_are_spread_too(tmp_path: Path) -> None:
    many = small_case(tmp_path / "many", PULSES.replace("repeat = 2", "repeat = 1000") + PULSES)
    within = Protocol((*many.protocol.entries[:1], Block(many.protocol.entries[1:], repeat=1)))
    assert timed_steps(within) == timed_steps(many.protocol)


def test_as_many_rounds_as_there_is_room_for_are_driven_at_a_tighter_tolerance(tmp_path: Path) -> None:
    many = small_case(tmp_path / "many", PULSES.replace("repeat = 2", "repeat = 1000"))
    assert LONG - 4 < len(timed_steps(many.protocol)) <= LONG


def test_a_short_protocol_is_driven_whole_at_a_tighter_tolerance(tmp_path: Path) -> None:
    case = small_case(tmp_path / "case", PULSES)
    assert timed_steps(case.protocol) == list(range(9))
