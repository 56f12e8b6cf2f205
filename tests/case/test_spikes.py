"""Spike pairs in words: what the gate sees of two lines, and what is refused."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from case.spike_case import ENTRY, TABLE
from eisfv.case import CaseError, load
from eisfv.model.quantity import Quantity
from eisfv.model.spike_shapes import Biphasic, Hat, Lobes, Shape, SpikeTail, Triangle, level
from eisfv.model.spikes import OfPre, SpikePairs, Spikes, driven
from eisfv.model.steps import VoltageStep
from support.small_case import small_case

SHAPES: dict[str, Shape] = {
    "biphasic": Biphasic(6.5, 80e-3, 2e-3),
    "triangle": Triangle(6.5, 60e-3),
    "spike_tail": SpikeTail(6.5, 20e-3, 2e-3, 160e-3),
    "hat": Hat(6.5, 20e-3, -5.2, 60e-3, 2e-3),
    "lobes": Lobes(6.5, 30e-3, 60e-3, 2e-3),
}


def pair(pre: Shape, **changes: Any) -> tuple[Spikes, SpikePairs]:
    """Return spikes of one shape, the post-neuron's its negative."""
    return Spikes(pre, OfPre("-pre"), 20.0, 0.1, **changes), SpikePairs((0.02,))


def at_gate(spikes: Spikes, entry: SpikePairs, dt: float, t: np.ndarray) -> np.ndarray:
    """Return the gate's voltage at times from the firing of the pre-neuron."""
    made = driven(spikes, entry, Quantity(dt))
    first = float(spikes.read_after) - made.rest - made.length
    return np.interp(t - first, made.times, made.levels)


@pytest.mark.parametrize(
    ("name", "levels"),
    [  # ms from the firing, V; a jump is at half its height at its own time, edges of 2 ms end 1 ms away from it
        ("biphasic", {-80: 0.0, -40.5: -3.25, -1: -6.5, 0: 0.0, 1: 6.5, 40.5: 3.25, 90: 0.0}),
        ("triangle", {-30: 3.25, 0: 6.5, 30: 3.25, 60: 0.0}),
        ("spike_tail", {-21: 0.0, -20: -3.25, -19: -6.5, -1: -6.5, 0: 0.0, 1: 6.5, 80.5: 3.25, 170: 0.0}),
        ("hat", {-40: -5.2, 0: 6.5, 19: 6.5, 20: 0.65, 21: -5.2, 60: -2.6, 61: 0.0}),
        ("lobes", {-45: -6.5, 0: 0.0, 29: 0.0, 30: 3.25, 31: 6.5, 59: 6.5, 61: 0.0}),
    ],
)
def test_shapes_have_their_levels_at_their_times(name: str, levels: dict[float, float]) -> None:
    corners = SHAPES[name].corners()
    found = [level(corners, 1e-3 * time) for time in levels]
    np.testing.assert_allclose(found, list(levels.values()), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("dt", [-0.13, -0.02, -1e-3, 0.0, 5e-3, 0.16])
def test_the_gate_sees_half_the_sum_of_both_lines(name: str, dt: float) -> None:
    shape = SHAPES[name]
    spikes, entry = pair(shape, alpha_pre=0.8, alpha_post=-0.6)
    t = np.linspace(-0.25, 0.35, 6007)
    corners = shape.corners()
    wanted = [0.5 * (0.8 * level(corners, s) + 0.6 * level(corners, s - dt)) for s in t]
    np.testing.assert_allclose(at_gate(spikes, entry, dt, t), wanted, atol=1e-9)


@pytest.mark.parametrize(("name", "parity"), [("biphasic", -1), ("triangle", 1), ("hat", 1), ("lobes", -1)])
def test_shapes_are_even_or_odd_in_time_as_they_are_said_to_be(name: str, parity: int) -> None:
    corners = SHAPES[name].corners()
    t = np.linspace(0.0, 0.2, 801)
    forward, backward = (np.array([level(corners, s) for s in sign * t]) for sign in (1.0, -1.0))
    np.testing.assert_allclose(forward, parity * backward, atol=1e-12)
    assert np.abs(forward + parity * backward).max() > 1.0
    assert all(late > early for (early, _), (late, _) in pairwise(corners))


def test_two_spikes_at_once_cancel_and_exchanged_ones_change_sign() -> None:
    spikes, entry = pair(SHAPES["biphasic"])
    t = np.linspace(-0.3, 0.3, 4001)
    np.testing.assert_allclose(at_gate(spikes, entry, 0.0, t), 0.0, atol=1e-12)
    later, earlier = (at_gate(spikes, entry, dt, t + 0.5 * dt) for dt in (0.02, -0.02))
    np.testing.assert_allclose(later, -earlier, atol=1e-9)
    assert np.abs(later).max() > 5.0


def test_corners_that_meet_are_one(tmp_path: Path) -> None:
    # At these intervals a corner of one line falls on one of the other, by rounding not exactly.
    meeting = TABLE + ENTRY.replace('"5 ms", "-20 ms", "pre"', '"0 s", "2 ms", "-79 ms", "81 ms", "160 ms", "-160 ms"')
    corners = [list(step.waveform.corners()) for step in small_case(tmp_path, meeting).protocol if step.pulse][:6]
    assert [len(times) for times in corners] == [4, 7, 6, 6, 7, 7]
    assert all(late - early > 1e-4 for times in corners for early, late in pairwise(times))


def test_a_third_line_lies_over_both() -> None:
    third = Triangle(1.0, 10e-3)
    spikes, entry = pair(SHAPES["biphasic"], third=third)
    plain, _ = pair(SHAPES["biphasic"])
    t = np.linspace(-0.2, 0.3, 5001)
    added = at_gate(spikes, entry, 0.02, t) - at_gate(plain, entry, 0.02, t)
    np.testing.assert_allclose(added, [level(third.corners(), s) for s in t], atol=1e-9)


def test_a_case_says_its_pairs_in_words_and_resolves_to_their_steps(tmp_path: Path) -> None:
    case = small_case(tmp_path / "one", TABLE + ENTRY)
    steps = list(case.protocol)
    assert len(steps) == 12
    assert case.protocol.pulses == 6
    assert [step.spike_interval for step in steps[:6:2]] == [5e-3, -0.02, None]
    spike, rest = steps[0], steps[1]
    assert isinstance(spike, VoltageStep)
    # Straight arms of 79 ms: the lines differ by 5 ms of them outside, and fall by 3 ms together between the edges.
    lower, fallen = 0.5 * 6.5 * 5.0 / 79.0, 0.5 * 6.5 * 3.0 / 79.0
    values = [spike.waveform.value(t) for t in (40e-3, 81e-3 + 1.5e-3, 120e-3)]
    np.testing.assert_allclose(values, [-lower, 6.5 - fallen, -lower], rtol=1e-6)
    np.testing.assert_allclose(spike.duration, 0.165, rtol=1e-12)
    np.testing.assert_allclose(rest.duration, 20.0 - 0.085, rtol=1e-12)  # 20 s from the firing, 80 ms into the step
    assert rest.read == 0.1
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "case.toml").write_text(case.resolved_toml())
    assert load(tmp_path / "two").resolved_toml() == case.resolved_toml()


def test_a_divider_is_half_its_resistance_in_series(tmp_path: Path) -> None:
    case = small_case(tmp_path, TABLE + 'divider = "9 Mohm"\n' + ENTRY)
    assert case.device.series_resistance == 4.5e6


def test_overrides_reach_the_shapes(tmp_path: Path) -> None:
    small_case(tmp_path, TABLE + ENTRY)
    case = load(tmp_path, ["spikes.pre.peak=3 V"])
    assert max(abs(step.waveform.extreme(step.duration)) for step in case.protocol) < 3.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ENTRY, ["protocol[0].drive", "needs a [spikes] table"]),
        (TABLE + '\n[[protocol]]\ndrive = "voltage"\nvalue = "1 V"\nduration = "1 s"\n', ["spikes", "used by no step"]),
        (TABLE.replace("biphasic", "biphasc") + ENTRY, ["spikes.pre.shape", "biphasic"]),
        (TABLE.replace("biphasic", "cvs") + ENTRY, ["spikes.pre.shape", 'did you mean "csv"?']),
        (TABLE.replace('arm = "80 ms", ', "") + ENTRY, ["spikes.pre.arm is missing"]),
        (TABLE.replace('"2 ms"', '"200 ms"') + ENTRY, ["spikes.pre", "arm = 0.08 s", "not above half the edge"]),
        (TABLE.replace('"-pre"', '"minus pre"') + ENTRY, ["spikes.post", "-pre"]),
        (TABLE.replace('"20 s"', '"100 ms"') + ENTRY, ["protocol[0].intervals", "too late", "raise spikes.read_after"]),
        (TABLE + ENTRY.replace('"5 ms"', '"5 mV"'), ["protocol[0].intervals[0]", "measures voltage, not time"]),
        (TABLE + ENTRY + "alpha = 1.0\n", ["protocol[0].alpha is not a known key", "alpha_pre"]),
    ],
)
def test_a_mistake_is_told_by_its_place_in_one_line(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(CaseError) as caught:
        small_case(tmp_path, text)
    (line,) = caught.value.lines
    assert all(word in line for word in words), line


def test_a_divider_and_a_series_resistance_contradict_each_other(tmp_path: Path) -> None:
    small_case(tmp_path, TABLE + 'divider = "9 Mohm"\n' + ENTRY)
    with pytest.raises(CaseError, match=r"device.series_resistance.*spikes.divider"):
        load(tmp_path, ["device.series_resistance=1 ohm"])


CSV = TABLE.replace(
    '{ shape = "biphasic", peak = "6.5 V", arm = "80 ms", edge = "2 ms" }', '{ shape = "csv", file = "s.csv" }'
)


def test_a_shape_from_a_file_is_the_one_that_it_holds(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("time (ms),V (V)\n-80,0\n-1,-6.5\n1,6.5\n80,0\n")
    (tmp_path / "words").mkdir()
    from_file, words = small_case(tmp_path, CSV + ENTRY), small_case(tmp_path / "words", TABLE + ENTRY)
    for one, other in zip(from_file.protocol, words.protocol, strict=True):
        np.testing.assert_allclose(one.waveform.corners(), other.waveform.corners(), rtol=1e-9)
        moments = [*one.waveform.corners(), 0.37 * one.duration]
        np.testing.assert_allclose(*([s.waveform.value(t) for t in moments] for s in (one, other)), atol=1e-9)
    post = 'post = { shape = "csv", file = "s.csv" }\n'
    later = small_case(tmp_path, TABLE + ENTRY + post)  # an entry's own
    same = small_case(tmp_path / "words", TABLE.replace('"-pre"', '"pre"') + ENTRY)
    first, second = (next(iter(case.protocol)).waveform for case in (later, same))
    np.testing.assert_allclose(first.value(0.05), second.value(0.05), atol=1e-9)


@pytest.mark.parametrize(
    ("text", "entry", "words"),
    [
        ("time (ms),V (V)\n-80,0\n80,1\n", "", ["spikes.pre.file", "ends at 1 V", "begins and ends at 0 V"]),
        ("time (ms),V (V)\n80,0\n-80,0\n", "", ["spikes.pre.file", "line 3", "ascend"]),
        ("time (ms),I (A)\n-80,0\n80,0\n", "", ["spikes.pre.file", "measures current, not voltage"]),
        ("time (ms),a (V),b (V)\n0,0,0\n1,0,0\n", "", ["spikes.pre.file", "say which"]),
        (
            "time (ms),V (V)\n-80,0\n80,0\n",
            'post = { shape = "csv", fil = "s.csv" }\n',
            ["protocol[0].post.fil", "file"],
        ),
    ],
)
def test_a_mistake_in_a_file_of_a_shape_is_told_in_one_line(
    tmp_path: Path, text: str, entry: str, words: list[str]
) -> None:
    (tmp_path / "s.csv").write_text(text)
    with pytest.raises(CaseError) as caught:
        small_case(tmp_path, CSV + ENTRY + entry)
    (line,) = caught.value.lines
    assert all(word in line for word in words), line


def test_two_post_neurons_share_one_pre_neuron_each_from_the_same_state(tmp_path: Path) -> None:
    rest = '\n[[protocol]]\ndrive = "voltage"\nvalue = "0 V"\nduration = "1 s"\n'
    branches = "".join(
        f'\n[[measure]]\nname = "{name}"\nsteps = [{{ drive = "spikes", intervals = ["20 ms"], post = "{post}" }}]\n'
        for name, post in (("A", "-pre"), ("B", "pre"))
    )
    dopamine = (
        '\n[[measure]]\nvary = { "steps[0].alpha_post" = [1.0, -1.0] }\n'
        'steps = [{ drive = "spikes", intervals = ["20 ms"], alpha_post = 1.0 }]\n'
    )
    case = small_case(tmp_path, TABLE + rest + branches + dopamine)
    pulses = [next(iter(measure.protocol)) for measure in case.file.measure]
    line = SHAPES["biphasic"].corners()
    for at in (0.0, 0.05, 0.085, 0.13):
        pre, post = level(line, at - 0.08), level(line, at - 0.1)
        expected = [0.5 * (pre + sign * post) for sign in (-1, 1, -1, 1)]
        np.testing.assert_allclose([pulse.waveform.value(at) for pulse in pulses], expected, atol=1e-9)
