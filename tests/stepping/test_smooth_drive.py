"""What compiled code reads of a waveform is the waveform, to rounding."""

from math import exp, pi, sin

import numpy as np
import pytest

from eisfv.stepping.smooth_drive import PIECES_MAX, drive_at, smooth_drive

SMOOTH = {
    "constant": lambda t: 0.7,
    "line": lambda t: 1.0 - 3.0 * t,
    "half sine": lambda t: sin(pi * t / 2.0),
    "ringing": lambda t: sin(300.0 * t),
    "fast exponential": lambda t: 1.0 - exp(-t / 1e-4),
}


@pytest.mark.parametrize("name", SMOOTH)
def test_a_smooth_waveform_is_held_to_rounding(name: str) -> None:
    value = SMOOTH[name]
    drive = smooth_drive(value, 0.25, 2.0, True, 3.0, 5.0, 1.0)
    for t in np.linspace(0.25, 2.0, 301):
        by_voltage, found, resistance = drive_at(drive, t)
        assert by_voltage
        assert resistance == 5.0
        assert abs(found - 3.0 * value(t)) < 1e-12


def test_a_line_is_one_piece_of_two_terms() -> None:
    drive = smooth_drive(SMOOTH["line"], 0.0, 1.0, False, 1.0, 0.0, 1.0)
    assert drive.series.shape[0] == 1
    assert not drive.series[0, 2:].any()


def test_a_current_meets_no_resistance_on_its_way_to_the_gate() -> None:
    by_voltage, _, resistance = drive_at(smooth_drive(SMOOTH["constant"], 0.0, 1.0, False, 1.0, 5.0, 1.0), 0.5)
    assert not by_voltage
    assert resistance == 0.0


def test_a_jump_between_corners_is_refused() -> None:
    with pytest.raises(ValueError, match="not smooth between its corners"):
        smooth_drive(lambda t: float(t > 0.3), 0.0, 1.0, True, 1.0, 0.0, 1.0)
    assert PIECES_MAX > 100


def test_a_level_of_zero_before_a_steep_edge_is_one_piece() -> None:
    """The end of the piece, rounded, lies beyond the corner; the edge there, 3.25 V in 2 ms, is not the piece's."""
    left, right = 0.032, 0.04
    drive = smooth_drive(lambda t: max(0.0, (t - right) * 1625.0), left, right, True, 1.0, 0.0, 1.0)
    assert drive.series.shape[0] == 1
    assert not drive.series.any()


@pytest.mark.parametrize("start", [0.0, 1.0, 1e5])
def test_a_short_edge_late_in_a_step_is_a_line_as_far_as_the_clock_tells(start: float) -> None:
    """Its values are as rounded as their offsets, by 1.5e-4 of its height at 1e5 s: not a bend to be cut at."""
    width = 1e-7
    drive = smooth_drive(lambda t: (t - start) / width, start, start + width, True, 1.0, 0.0, 1.0)
    assert drive.series.shape[0] == 1
    rounding = np.spacing(start + width) / width + 1e-15
    for t in np.linspace(start, start + width, 33):
        assert abs(drive_at(drive, t)[1] - (t - start) / width) < 4.0 * rounding
