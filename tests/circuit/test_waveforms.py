"""Pulses of any waveform in the compact model: Python's integrator follows its value, ngspice straight lines."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from eisfv.model.steps import OpenCircuitStep
from eisfv.model.waveforms import Constant, PiecewiseLinear
from eisfv.postprocess.circuit.closure import by_ngspice
from eisfv.postprocess.circuit.equations import equations
from eisfv.postprocess.circuit.model import CompactModel, Factors
from eisfv.postprocess.circuit.ngspice import HALVINGS, STRAIGHT, NgspiceError, courses, straight_lines
from eisfv.postprocess.circuit.simulate import Trace, simulate, through_step
from eisfv.postprocess.circuit.spice import subcircuit
from eisfv.postprocess.circuit.states import at_rest
from eisfv.postprocess.protocol import DrivenStep
from support.compact import Trained
from support.ngspice import needs_ngspice
from support.waves import Jump, driven_by, sine_step

DURATION = 0.1  # s
NONE = np.empty(0)


def half_sine(level: float = 1.0) -> DrivenStep:
    return DrivenStep(sine_step(0.5, level, DURATION), 2.0)


def charge(model: CompactModel, step: DrivenStep) -> float:
    """Return what passes the gate in a step from rest, C."""
    forms = equations(model, Factors())
    trace, _ = through_step(forms, at_rest(model, Factors()), step, NONE)
    return float(trace.charge[-1])


def lined(step: DrivenStep, lines: int) -> DrivenStep:
    """Return a step of straight lines through the waveform of another one."""
    times = np.linspace(0.0, DURATION, lines + 1)
    levels = tuple(step.source.value(float(t)) for t in times)
    return DrivenStep(driven_by(PiecewiseLinear(tuple(times.tolist()), levels), DURATION), step.start)


def test_a_smooth_pulse_is_what_many_straight_lines_through_it_are(ysz: Trained) -> None:
    """And what one line, its chord, is not."""
    step = half_sine(5.0)
    wanted = charge(ysz.model, step)
    np.testing.assert_allclose(charge(ysz.model, lined(step, 256)), wanted, rtol=1e-4)
    assert abs(charge(ysz.model, lined(step, 2)) / wanted - 1.0) > 0.01


def test_straight_lines_follow_a_smooth_waveform_as_closely_as_promised() -> None:
    step = half_sine()
    lines = straight_lines(step)
    assert (lines[0].early, lines[-1].late) == (0.0, step.duration)
    assert all(one.late == other.early for one, other in pairwise(lines))
    times = np.linspace(0.0, DURATION, 2001)
    level = np.interp(times, [lines[0].early, *(line.late for line in lines)], [0.0, *(line.last for line in lines)])
    missed = np.abs(level - [step.source.value(float(t)) for t in times]).max()
    assert 0.1 * STRAIGHT < missed <= STRAIGHT * 1.05
    assert len(lines) < 2**7


def test_the_source_of_a_circuit_has_the_lines_of_its_waveform() -> None:
    step = half_sine(3.0)
    lines = courses([step], "voltage", 0.0)
    levels = [float(line.split()[2]) for line in lines if line.startswith("+ ") and len(line.split()) == 3]
    np.testing.assert_allclose(max(levels), 3.0, rtol=2.0 * STRAIGHT)


def test_what_straight_lines_cannot_follow_is_refused_for_ngspice_with_the_reason() -> None:
    jump = DrivenStep(driven_by(Jump(1.0, DURATION), DURATION), 0.0)
    with pytest.raises(NgspiceError, match=rf"more than {2**HALVINGS} straight lines"):
        straight_lines(jump)


@pytest.mark.long
def test_a_wave_of_many_periods_is_followed_to_its_end(ysz: Trained) -> None:
    """It ends at a crest: what its whole periods bring back is no measure."""
    waves = DrivenStep(sine_step(10.25, 5.0, DURATION), 0.0)
    np.testing.assert_allclose(charge(ysz.model, waves), charge(ysz.model, lined(waves, 2000)), rtol=1e-3)


@pytest.mark.ngspice
@needs_ngspice
def test_ngspice_and_python_follow_one_smooth_pulse(ysz: Trained) -> None:
    """Beside the pulse's chord through its middle, which brings a fifth less."""
    model, factors = ysz.model, Factors()
    pulse = DrivenStep(sine_step(0.5, 5.0, DURATION), 0.0)
    steps = (pulse, DrivenStep(OpenCircuitStep(0.2), DURATION))
    entry = replace(ysz.windows[0], steps=steps)
    theirs = ended(by_ngspice(model, factors, subcircuit(model, factors, []), entry))
    ours, chord = (
        ended(simulate(equations(model, factors), at_rest(model, factors), driven, [NONE, NONE])[0])
        for driven in (steps, (lined(pulse, 2), steps[1]))
    )
    start = equations(model, factors).conductance(at_rest(model, factors))
    np.testing.assert_allclose(theirs - start, ours - start, rtol=5e-3)
    assert abs(chord - start) < 0.9 * abs(ours - start)


@pytest.mark.ngspice
@needs_ngspice
def test_ngspice_tells_times_of_a_pulse_after_a_rest_as_long_as_it_takes(ysz: Trained) -> None:
    """A rest of a hundred thousand pulses: the times within the pulse ascend, and its change is that of Python.

    Eight digits of the whole, what ngspice writes unasked, let them coincide.
    """
    model, factors = ysz.model, Factors()
    long = 2e4
    pulse = DrivenStep(driven_by(Constant(5.0), DURATION), long)
    steps = (DrivenStep(OpenCircuitStep(long), 0.0), pulse)
    entry = replace(ysz.windows[0], steps=steps)
    rest, found = by_ngspice(model, factors, subcircuit(model, factors, []), entry)
    assert (np.diff(found.time) > 0.0).all()
    eight = [float(f"{long + t:.8g}") for t in found.time.tolist()]
    assert len(set(eight)) < len(eight)
    times = [NONE, NONE]
    ours = simulate(equations(model, factors), at_rest(model, factors), steps, times)[0]
    start = float(rest.conductance[-1])
    np.testing.assert_allclose(found.conductance[-1] - start, ours[-1].conductance[-1] - start, rtol=1e-2)


def ended(traces: Sequence[Trace]) -> float:
    """Return the conductance at the end, S."""
    return float(traces[-1].conductance[-1])
