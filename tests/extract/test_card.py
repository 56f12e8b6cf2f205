"""A device's card: figures of answers D(t) that are known beforehand, and none of a device without memory."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.postprocess.extract.card_figures import charges, facilitation, figures_of, train_figures
from eisfv.postprocess.extract.card_series import SERIES
from eisfv.postprocess.extract.measured import Measured, Pulses
from eisfv.postprocess.extract.over_rest import BELOW, Answer, interpolated

TAU, STEP, WIDTH, GAP = 2.0, 1e-8, 0.1, 1.0  # s, S, s, s
FLOOR = 1e-3
INTERVALS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)  # gaps
BEND = 1.5  # N/A of the trains
DELAYS = (-0.3, 0.1)  # s
LAST = 4.0  # of a measure of a series, s


def drift(t: np.ndarray) -> np.ndarray:
    """Return the conductance of a device that drifts by more than a pulse moves it, S."""
    return 1e-6 * (1.0 + 0.3 * (1.0 - np.exp(-t / 7.0)))


def made(name: str, starts: np.ndarray, signs: np.ndarray, end: float, course: object) -> Answer:
    """Return an answer whose D(t) is a given function; pulses start at these times."""
    edges = np.concatenate([starts, starts + WIDTH])
    t = np.unique(np.concatenate([np.linspace(0.0, end, 2000), edges]))
    rest = drift(t)
    n = starts.size
    nothing, unit = np.zeros(n), np.full(n, "V")
    pulses = Pulses(
        *(np.zeros(n, dtype=int), starts, np.full(n, WIDTH), nothing, signs * 1.0, unit, nothing, nothing),
        *(nothing, np.full(n, 2e-12), nothing, np.full(n, np.nan)),
    )
    return Answer(name, t, rest + course(t), rest, FLOOR, pulses)


def series(size: float) -> dict[str, list[Answer]]:
    """Return the answers to the series: pulses add up, a pair counts with the sign of its interval."""
    found = {}
    for name in SERIES:
        found[name] = []
        for number in (1, 2):
            starts = np.arange(2 if name == "srdp" else number) * number * (WIDTH + GAP)
            one = made(name, starts, np.full(starts.size, number), LAST, decaying(starts, np.ones(starts.size), size))
            if name == "stdp":
                delay = DELAYS[number - 1]
                one = made(name, starts[:1], np.ones(1), LAST, decaying(starts[:1], np.sign([delay]), size))
                one = replace(one, pulses=replace(one.pulses, pair=np.array([delay])))
            found[name].append(one)
    return found


def decaying(starts: np.ndarray, signs: np.ndarray, size: float) -> object:
    """Return D(t) of pulses that each add `size` where they end, which decays with TAU."""

    def course(t: np.ndarray) -> np.ndarray:
        since = t[:, None] - (starts + WIDTH)
        return np.asarray((np.where(since >= 0.0, np.exp(-np.maximum(since, 0.0) / TAU), 0.0) * signs).sum(1) * size)

    return course


def peaks(starts: np.ndarray, *heights: float) -> object:
    """Return D(t) of pulses that leave nothing: a height where each ends."""

    def course(t: np.ndarray) -> np.ndarray:
        return np.asarray(
            sum(np.where(abs(t - s - WIDTH) < 1e-9, h, 0.0) for s, h in zip(starts, heights, strict=True))
        )

    return course


def train(size: float, bend: float = BEND) -> tuple[np.ndarray, np.ndarray, object]:
    """Return a train of twenty pulses up and twenty down, which bends and stays."""
    starts = np.arange(40) * (WIDTH + GAP)
    u = np.arange(21) / 20
    rise = size * 20 * np.expm1(-bend * u) / np.expm1(-bend)
    levels = np.concatenate([rise, rise[-1] - rise[1:]])

    def course(t: np.ndarray) -> np.ndarray:
        return np.asarray(levels[np.searchsorted(starts + WIDTH, t, side="right")])

    return starts, np.repeat([1.0, -1.0], 20), course


def card(size: float) -> dict[str, Measured]:
    """Return the figures of a device on which a pulse leaves so much, S."""
    one, up = np.array([0.0]), np.array([1.0])
    pairs = [np.array([0.0, WIDTH + share * GAP]) for share in INTERVALS]
    starts, signs, course = train(size)
    many = np.arange(20) * (WIDTH + GAP)
    left = many[-1] + WIDTH + GAP
    keeps = lambda t: 20 * size * np.where(t <= left, np.minimum(t / left, 1.0), np.exp(-(t - left) / 100.0))  # noqa: E731
    return figures_of(
        {
            "epsc": [made("one pulse", one, sign, 10.0, decaying(one, sign, size)) for sign in (up, -up)],
            "stp": [made("weak pulse", one, up, 30.0, decaying(one, up, size))],
            **series(size),
            "ppf": [
                made("interval", pair, np.ones(2), pair[-1] + 5.0, decaying(pair, np.ones(2), size)) for pair in pairs
            ],
            "ltp_ltd": [
                made("up and down", starts, signs, starts[-1] + WIDTH + GAP, course),
                made("kept", many, np.ones(20), left + 100.0, keeps),
            ],
        }
    )


@pytest.fixture(scope="module")
def figures() -> dict[str, Measured]:
    return card(STEP)


def value(figures: dict[str, Measured], name: str) -> float:
    found = figures[name].value
    assert found is not None, figures[name].reason
    return found


def test_amplitude_and_time_constant_are_those_of_the_answer_and_not_of_the_drift(
    figures: dict[str, Measured],
) -> None:
    np.testing.assert_allclose(value(figures, "amplitude, 1 V"), STEP, rtol=1e-6)
    np.testing.assert_allclose(value(figures, "amplitude, \N{MINUS SIGN}1 V"), -STEP, rtol=1e-6)
    np.testing.assert_allclose(value(figures, "tau, 1 V"), TAU, rtol=1e-3)


def test_the_index_is_one_and_what_is_left_of_the_first_answer(figures: dict[str, Measured]) -> None:
    for name, share in (("10 ms", 0.01), ("300 ms", 0.3), ("3 s", 3.0)):
        right = 1.0 + np.exp(-(share * GAP + WIDTH) / TAU)
        np.testing.assert_allclose(value(figures, f"PPF index, {name}"), right, rtol=1e-6)
    np.testing.assert_allclose(value(figures, "PPF tau"), TAU, rtol=1e-3)


def test_an_index_that_changes_by_less_than_the_run_resolves_has_no_time_constant() -> None:
    """Second answers that are larger by 1e-3 of the first and fall with the interval, where D is read to 1.3 %."""
    pairs = [np.array([0.0, WIDTH + share * GAP]) for share in INTERVALS]
    for rise, told in ((1e-3, False), (0.2, True)):
        answers = []
        for pair in pairs:
            high = STEP * (1.0 + rise * np.exp(-(pair[1] - WIDTH) / TAU))
            answers.append(made("interval", pair, np.ones(2), pair[-1] + 5.0, peaks(pair, STEP, high)))
        found = facilitation([replace(one, floor=1e-4) for one in answers])
        assert (found["PPF tau"].value is not None) == told, found["PPF tau"].reason
        assert told or "changes by less than the run resolves" in found["PPF tau"].reason


def test_bend_and_retention_are_those_of_the_train(figures: dict[str, Measured]) -> None:
    np.testing.assert_allclose(value(figures, "nonlinearity (N/A) up"), BEND, rtol=1e-4)
    np.testing.assert_allclose(value(figures, "nonlinearity (N/A) down"), BEND, rtol=1e-4)
    np.testing.assert_allclose(value(figures, "range"), 20.0 * STEP, rtol=1e-6)
    np.testing.assert_allclose(value(figures, "number of states"), 21.0, rtol=1e-6)
    np.testing.assert_allclose(value(figures, "retention"), np.exp(-1.0), rtol=1e-3)
    np.testing.assert_allclose(value(figures, "energy per pulse"), 2e-12, rtol=1e-12)


def test_levels_closer_than_the_run_resolves_are_one_state() -> None:
    """A change that is over after the k-th pulse of a branch, its steps STEP (1/4)^j: those above the floor count."""
    starts, signs, course = train(5.0 * STEP, bend=20.0 * np.log(4.0))
    found = train_figures(made("up and down", starts, signs, starts[-1] + WIDTH + GAP, course))
    steps = 20.0 * 5.0 * STEP * 0.75 * 0.25 ** np.arange(20)
    least = FLOOR * 1e-6 * (1.0 + 0.3 * (1.0 - np.exp(-(starts[-1] + WIDTH + GAP) / 7.0)))
    assert found["number of states"].value == 1 + (steps >= least).sum() < 8


def test_a_train_that_is_over_after_its_first_pulses_has_written() -> None:
    """Steps e^{-8 j}: most of the twenty change nothing that a number holds, and so does their median."""
    starts, signs, course = train(5.0 * STEP, bend=160.0)
    found = train_figures(made("up and down", starts, signs, starts[-1] + WIDTH + GAP, course))
    assert found["number of states"].value == 2
    assert found["last step over largest up"].value < 1e-9
    assert value(found, "energy up") > 0.0


def test_trains_are_as_asymmetric_as_their_bend_makes_them() -> None:
    """A step from a height v goes as B - v up and B - (1 - v) down, B = 1 / (1 - e^{-k}): the asymmetry is
    |1 - 2v| / (2B - 1), over the heights from 1 - h to h that both start from, h that before the last pulse."""
    height = np.expm1(-BEND * 19 / 20) / np.expm1(-BEND)
    bent = (height - 0.5) / (-2.0 / np.expm1(-BEND) - 1.0)
    for bend, right in ((1e-9, 0.0), (BEND, bent)):
        starts, signs, course = train(STEP, bend)
        found = train_figures(made("up and down", starts, signs, starts[-1] + WIDTH + GAP, course))
        # the mean is over 401 heights
        np.testing.assert_allclose(value(found, "asymmetry"), right, rtol=1.1 / 401, atol=1e-6)


def test_every_series_has_a_row_for_each_of_its_measures(figures: dict[str, Measured]) -> None:
    one = STEP * np.exp(-(LAST - WIDTH) / TAU)
    later = STEP * np.exp(-(LAST - 2.0 * (WIDTH + GAP) - WIDTH) / TAU)
    for name, right in {
        "SNDP, 1 pulse": one,
        "SNDP, 2 pulses": one + later,
        "SVDP, 2 V": one + later,
        "STDP, \N{MINUS SIGN}300 ms": -one,
        "STDP, 100 ms": one,
    }.items():
        np.testing.assert_allclose(value(figures, name), right, rtol=1e-6, err_msg=name)
    assert {name.split(",")[0] for name in figures} >= {name.upper() for name in SERIES}


def test_a_cell_without_a_read_out_answers_with_a_current_that_turns_round() -> None:
    """A resistor R and a capacitor C in series: I = (V/R) e^{-t/RC} while V is on, and -(V/R) (1 - e^{-w/RC}) e^{-t/RC}
    after it; all that came goes back."""
    rc = 0.04

    def current(t: np.ndarray) -> np.ndarray:
        return np.where(t <= WIDTH, np.exp(-t / rc), -np.expm1(WIDTH / rc) * np.exp(-t / rc)) * 1e-12

    one = made("one pulse", np.array([0.0]), np.ones(1), 1.0, current)
    cell = replace(one, unit="A")
    np.testing.assert_allclose(cell.read(WIDTH, "").value, 1e-12 * np.exp(-WIDTH / rc), rtol=1e-3)
    assert cell.read(1.0, "").value is None  # 2e-22 A of 1e-13 A
    early = replace(cell, pulses=replace(cell.pulses, width=np.full(1, WIDTH * (1.0 - 1e-15))))
    assert early.read(WIDTH, "").value is not None  # the end of the pulse, one rounding later
    found = charges(cell, "1 V")
    came = 1e-12 * rc * -np.expm1(-WIDTH / rc)
    np.testing.assert_allclose(value(found, "charge while on, 1 V"), came, rtol=1e-3)
    np.testing.assert_allclose(value(found, "charge after, 1 V"), -came, rtol=5e-3)
    assert charges(one, "1 V") == {}


@pytest.mark.parametrize("size", [0.0, 1e-3 * FLOOR * 1e-6])
def test_a_device_without_memory_has_no_figure_but_the_energy(size: float) -> None:
    found = card(size)
    assert [name for name, figure in found.items() if figure.value is not None] == ["energy per pulse"]
    assert BELOW in found["amplitude, 1 V"].reason
    assert BELOW in found["retention"].reason


def test_the_rest_is_known_between_its_rows_to_less_than_straight_lines() -> None:
    t = np.geomspace(0.01, 30.0, 30)
    between = np.sqrt(t[1:] * t[:-1])
    cubic = np.abs(interpolated(t, drift(t), between) - drift(between)).max()
    straight = np.abs(np.interp(between, t, drift(t)) - drift(between)).max()
    assert cubic < 0.3 * straight
