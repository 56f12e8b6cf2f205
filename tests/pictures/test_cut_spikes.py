"""Charging spikes end at the edge of a panel, which says so; pulses and decays are never cut."""

import numpy as np
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.cut_spikes import cut, limits

SINCE = np.concatenate([[0.0], np.geomspace(1e-4, 1.0, 60)])
STEPS = 4


def table(current: list[np.ndarray]) -> dict[str, np.ndarray]:
    step = np.repeat(np.arange(1, len(current) + 1), SINCE.size)
    return {"step": step, "step_time_s": np.tile(SINCE, len(current)), "current_A": np.concatenate(current)}


def level(k: int) -> float:
    return 1e-3 * (-1) ** k


def test_a_spike_is_cut_to_what_the_steps_show_after_it() -> None:
    ends = limits(table([level(k) * (1.0 + 100.0 * np.exp(-SINCE / 1e-3)) for k in range(STEPS)]), "current_A")
    assert ends is not None
    np.testing.assert_allclose(ends, (-1.4e-3, 1.4e-3), rtol=1e-6)


def test_a_pulse_of_a_hundred_times_the_rest_is_not_cut() -> None:
    high = [np.full(SINCE.size, 0.1), np.full(SINCE.size, 1e-3), np.full(SINCE.size, -1e-3)]
    assert limits(table(high), "current_A") is None


def test_a_decay_as_long_as_its_step_is_not_cut() -> None:
    assert limits(table([level(k) * np.exp(-3.0 * SINCE) for k in range(STEPS)]), "current_A") is None


def test_the_panel_says_how_many_spikes_and_how_far() -> None:
    values = table([level(k) * (1.0 + 100.0 * np.exp(-SINCE / 1e-3)) for k in range(STEPS)])["current_A"]
    axes = Figure().subplots()
    cut(axes, np.arange(values.size, dtype=float), values, (-1.4e-3, 1.4e-3), 1e3, "A")
    np.testing.assert_allclose(axes.get_ylim(), (-1.4, 1.4), rtol=1e-12)
    assert axes.get_title(loc="right") == "cut at the marks: 2 spikes to 101 mA, 2 spikes to −101 mA"
