"""When something is written: every wanted time once, however the accepted steps fall, and late in a run as early on."""

from fractions import Fraction
from itertools import pairwise
from math import nextafter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eisfv.observers.agenda import Agenda
from eisfv.observers.schedule import LogTimes, Schedule, due

NONE = Schedule()
DAY = 86400.0  # s
LATE = 12 * DAY


def met(schedules: list[Schedule], durations: list[float], cuts: list[float], start: float = 0.0) -> list[list[float]]:
    """Return the times that each schedule is served, of protocol steps accepted in pieces that end at `cuts` shares."""
    found: list[list[float]] = [[] for _ in schedules]
    begun = Fraction(start)
    for duration in durations:
        ends = [0.0, *(share * duration for share in sorted(cuts) if 0.0 < share < 1.0), duration]
        for after, until in pairwise(ends):
            for offset, wanted in due(schedules, begun, after, until):
                assert after < offset <= until
                for times, one in zip(found, wanted, strict=True):
                    times += [float(begun + Fraction(offset))] * one
        begun += Fraction(duration)
    return found


CUTS = st.lists(st.floats(0.0, 1.0), max_size=8, unique=True)


@given(
    CUTS,
    st.lists(st.sampled_from([0.1, 0.25, 0.3, 1.0, 1.1]), min_size=1, max_size=12),
    st.sampled_from([0.1, 0.05, 0.7]),
)
def test_regular_times_are_met_once_wherever_steps_end(cuts: list[float], durations: list[float], every: float) -> None:
    (times,) = met([Schedule(every=every)], durations, cuts)
    count = int((sum(map(Fraction, durations)) + Fraction(1, 10**9)) / Fraction(every))
    np.testing.assert_allclose(times, every * np.arange(1, count + 1), rtol=1e-14)


@given(CUTS)
def test_spread_out_times_begin_anew_in_every_step_of_the_protocol(cuts: list[float]) -> None:
    (times,) = met([Schedule(log=LogTimes(1e-3, 2))], [0.1, 1.0], cuts)
    offsets = 1e-3 * 10.0 ** (np.arange(7) / 2)
    np.testing.assert_allclose(times, [*offsets[:5], *(0.1 + offsets)], rtol=1e-14)


@given(CUTS)
def test_a_time_that_several_schedules_want_is_one_moment(cuts: list[float]) -> None:
    regular, listed = Schedule(every=0.1), Schedule(at=(0.3, 0.35, 0.7))
    moments = []
    ends = [0.0, *sorted(share for share in cuts if 0.0 < share < 1.0), 1.0]
    for after, until in pairwise(ends):
        moments += list(due([regular, listed], Fraction(0), after, until))
    assert len(moments) == 11
    assert [round(offset, 12) for offset, (_, one) in moments if one] == [0.3, 0.35, 0.7]


@given(CUTS, st.booleans(), st.sampled_from([0.0, 0.3, LATE]))
def test_an_agenda_passes_over_nothing(cuts: list[float], every_step: bool, begun: float) -> None:
    """Between two moments it does not ask; what it gives is what it would give if it asked at every step."""
    schedules = [
        Schedule(every=0.1),
        Schedule(at=(begun + 0.3, begun + 0.35, begun + 0.7)),
        Schedule(log=LogTimes(1e-3, 2)),
        Schedule(every_step=every_step),
    ]
    agenda, start = Agenda("", schedules, None, 1), Fraction(begun)
    ends = [0.0, *sorted(share for share in cuts if 0.0 < share < 1.0), 1.0]
    for after, until in pairwise(ends):
        assert list(agenda.due(start, after, until)) == list(due(schedules, start, after, until))


def test_an_agenda_that_thinks_itself_quiet_misses_what_is_due() -> None:
    agenda = Agenda("", [Schedule(every=0.1)], None, 1)
    agenda.quiet = 0.25
    assert list(agenda.due(Fraction(0), 0.0, 0.2)) == []
    assert len(list(agenda.due(Fraction(0), 0.0, 0.3))) == 3


@pytest.mark.parametrize("every", [1e-9, 1e-6, 1.0])
def test_regular_times_keep_their_digits_late_in_a_run(every: float) -> None:
    """Twelve days on, a float of the whole time would have lost a tenth of a nanosecond of each."""
    begun = round(LATE / every) * Fraction(every)
    found = [offset for offset, _ in due([Schedule(every=every)], begun, 0.0, 1000 * every)]
    np.testing.assert_allclose(found, every * np.arange(1, 1001), rtol=1e-14)


def test_a_start_that_is_summed_in_floats_loses_them() -> None:
    every, steps = 1e-6, 100_000
    begun, summed = steps * Fraction(0.1), 0.0
    for _ in range(steps):
        summed += 0.1
    exact, lost = (next(due([Schedule(every=every)], at, 0.0, 1.0)).offset for at in (begun, Fraction(summed)))
    np.testing.assert_allclose(exact, every, rtol=1e-5)  # what the doubles 0.1 and 1e-6 themselves are off
    assert abs(lost / every - 1.0) > 1e-3


def test_spread_out_times_do_not_know_how_late_it_is() -> None:
    early, late = (met_offsets(start) for start in (0.0, LATE))
    assert early == late
    assert len(early) == 91


def met_offsets(start: float) -> list[float]:
    return [offset for offset, _ in due([Schedule(log=LogTimes(1e-9, 10))], Fraction(start), 0.0, 1.0)]


def test_the_end_of_a_step_takes_what_differs_from_it_by_rounding() -> None:
    for near in (nextafter(0.3, 0.0), 0.3, nextafter(0.3, 1.0)):
        assert [offset for offset, _ in due([Schedule(at=(near,))], Fraction(0), 0.0, 0.3)] == [0.3]
        assert list(due([Schedule(at=(near,))], Fraction(0), 0.3, 1.0)) == []


def test_times_that_differ_by_more_are_two() -> None:
    found = list(due([Schedule(at=(0.123456789, 0.1234567891))], Fraction(0), 0.0, 1.0))
    assert len(found) == 2


def test_words_are_moments_of_the_protocol() -> None:
    def at_end(word: str, pulse: bool, last: bool) -> bool:
        return Schedule(words=frozenset({word})).at_end(pulse, last)

    assert at_end("end of step", False, False)
    assert at_end("end of pulse", True, False)
    assert not at_end("end of pulse", False, True)
    assert at_end("end", False, True)
    assert not at_end("end", True, False)
    assert Schedule(words=frozenset({"start"})).at_start()
    assert not Schedule(words=frozenset({"end of step"})).at_start()
    with pytest.raises(ValueError, match="end of pulses"):
        Schedule(words=frozenset({"end of pulses"}))
