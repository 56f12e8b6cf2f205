"""The protocol and the pulses as they were driven."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.extract.pulses import kinds_of, pulses_of
from eisfv.postprocess.extract.reading import Source, read_sources
from eisfv.postprocess.extract.rests import rests_of
from eisfv.result import ResultError
from support.made_run import HEAD, Made, block, made_run, pulse, rest, train
from support.small_case import small_case
from support.without_checksums import without_checksums

Sourced = Callable[..., Source]

NESTED = (
    "[[protocol]]\nrepeat = 3\nsteps = [{ repeat = 2, steps = ["
    f"{pulse('1 V', '1 ms')}, {rest('2 ms')}] }}, {rest('10 ms')}]\n"
    '[[protocol]]\ndrive = "voltage"\nvalue = "0 V"\nduration = "1 s"\n'
    '[[protocol]]\ndrive = "voltage"\nvalue = { times = ["0 s", "1 s"], levels = ["0 V", "2 V"] }\nduration = "1 s"\n'
    'pulse = true\nspike_interval = "-20 ms"\n'
)


def test_steps_are_those_that_the_solver_drives(tmp_path: Path) -> None:
    case = small_case(tmp_path / "case", NESTED)
    source = read_sources([made_run(tmp_path / "run", NESTED)])[0]
    driven = list(case.protocol)
    assert [step.duration for step in driven] == source.steps.duration.tolist()
    assert [step.drive for step in driven] == source.steps.drive.tolist()
    assert [step.pulse for step in driven] == source.steps.pulse.tolist()
    np.testing.assert_allclose(source.steps.end, np.cumsum([step.duration for step in driven]), rtol=1e-12)


def test_a_rest_is_open_circuit_or_nothing_applied(sourced: Sourced) -> None:
    steps = sourced(NESTED).steps
    assert steps.rest.tolist() == [False, True, False, True, True] * 3 + [True, False]


def test_a_curve_is_told_from_a_constant_and_its_interval_is_kept(sourced: Sourced) -> None:
    steps = sourced(NESTED).steps
    assert (steps.waveform[:-1] == 0).all()
    assert steps.waveform[-1] != 0
    assert steps.spike_interval[-1] == -0.02
    assert np.isnan(steps.spike_interval[:-1]).all()


def test_equal_curves_have_equal_numbers_in_all_runs(sourced: Sourced) -> None:
    other = NESTED.replace('"2 V"', '"3 V"')
    numbers = [
        sourced(text, name=name).steps.waveform[-1] for text, name in ((NESTED, "a"), (NESTED, "b"), (other, "c"))
    ]
    assert numbers[0] == numbers[1] != numbers[2]


@pytest.mark.parametrize(
    "old, new, words",
    [
        ('duration = "1 s"', 'duration = "1 x"', "protocol.*duration.*unit"),
        ('duration = "1 s"', 'duration = "-1 s"', "protocol.*duration.*greater than zero"),
        (', duration = "1 s"', "", "protocol.*duration"),
        ("repeat = 3", "repeat = 0", "protocol.*repeat"),
        ("[[protocol]]", "[[protokol]]", "protocol"),
        ('kind = "electrolyte"', 'kind = "elektrolyte"', "elektrolyte"),
        ("[material.made_up]", "[materials.made_up]", "material"),
    ],
)
def test_a_case_that_eisfv_did_not_write_is_refused_in_one_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    run = made_run(tmp_path / "run", train("1 uA", 3))
    case = run / "case.resolved.toml"
    without_checksums(run)
    assert old in case.read_text()
    case.write_text(case.read_text().replace(old, new))
    with pytest.raises(ResultError, match=f"{words}.* run the case again") as caught:
        read_sources([run])
    assert str(caught.value).startswith(str(case))
    assert "\n" not in str(caught.value)


def test_a_material_that_is_no_table_is_refused_in_one_line(tmp_path: Path) -> None:
    run = made_run(tmp_path / "run", train("1 uA", 3))
    case = run / "case.resolved.toml"
    without_checksums(run)
    case.write_text("material = 3\n" + case.read_text().replace("[material.made_up]", "[device.made_up]"))
    with pytest.raises(ResultError, match=r"material.* run the case again"):
        read_sources([run])


def test_waits_run_from_the_end_of_a_pulse_to_the_next_start(sourced: Sourced) -> None:
    pulses = pulses_of([sourced(train("1 uA", 2, "1 s", "3 s") + train("1 uA", 2, "2 s", "5 s"))])
    np.testing.assert_allclose(pulses.width, [1.0, 1.0, 2.0, 2.0], rtol=0)
    np.testing.assert_allclose(pulses.wait, [3.0, 3.0, 5.0, 5.0], rtol=1e-12)


def test_widths_waits_and_decays_keep_their_digits_after_a_rest_of_thirty_years(sourced: Sourced) -> None:
    source = sourced(block(rest("1e9 s")) + train("1 uA", 3, "1 ns", "20 ns"), Made(decays=[(0.5, 5e-9)]))
    pulses = pulses_of([source])
    np.testing.assert_array_equal(pulses.width, 3 * [1e-9])
    np.testing.assert_allclose(pulses.wait, 3 * [20e-9], rtol=1e-12)
    assert np.isfinite(pulses.at_end).all()
    assert np.unique(pulses.start).size == 1  # what their absolute times hold
    for short in rests_of(source)[1:]:
        np.testing.assert_allclose(short.length, 20e-9, rtol=1e-12)
        np.testing.assert_allclose(short.trace()[0][1:], np.geomspace(1e-4, 1.0, 30) * 20e-9, rtol=1e-12)


def test_an_unfinished_run_has_its_first_pulses(sourced: Sourced) -> None:
    pulses = pulses_of([sourced(train("1 uA", 10), pulses=4)])
    assert len(pulses) == 4


def test_a_table_of_another_protocol_is_refused(tmp_path: Path) -> None:
    run = made_run(tmp_path / "run", train("1 uA", 4))
    case = run / "case.resolved.toml"
    without_checksums(run)
    for old, new in (('"1 s"', '"2 s"'), ("repeat = 4", "repeat = 3")):
        case.write_text((HEAD + train("1 uA", 4)).replace(old, new))
        with pytest.raises(ResultError, match="not those of the protocol"):
            pulses_of(read_sources([run]))


def test_kinds_differ_in_amplitude_width_and_waveform(sourced: Sourced) -> None:
    curve = '{ drive = "current", value = { times = ["0 s"], levels = ["1 uA"] }, duration = "1 s", pulse = true }'
    steps = [pulse("1 uA"), pulse("2 uA"), pulse("1 uA", "2 s"), curve, pulse("1 uA", more=', spike_interval = "1 ms"')]
    pulses = pulses_of([sourced(block(*(part for step in steps for part in (step, rest())), repeat=3))])
    kinds = kinds_of(pulses)
    # The spike pair is of no kind.
    assert [(kind.amplitude, kind.width, kind.waveform > 0) for kind in kinds] == [
        (1e-6, 1.0, False),
        (2e-6, 1.0, False),
        (1e-6, 2.0, False),
        (1e-6, 1.0, True),
    ]
    assert all(kind.members.size == 3 for kind in kinds)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_sign_of_a_kind_is_that_of_its_changes(sourced: Sourced, sign: float) -> None:
    made = Made(step=lambda g, amplitude, width: sign * 0.1 * amplitude)
    kinds = kinds_of(pulses_of([sourced(train("1 uA", 3) + train("-1 uA", 3), made)]))
    assert [kind.sign for kind in kinds] == [sign, -sign]


def test_a_change_within_the_rounding_has_no_sign(sourced: Sourced) -> None:
    made = Made(step=lambda g, amplitude, width: 1e-11 * g)
    (kind,) = kinds_of(pulses_of([sourced(train("1 uA", 3), made)]))
    assert kind.sign == 0


def test_runs_are_put_together_in_their_order(sourced: Sourced) -> None:
    pulses = pulses_of([sourced(train("1 uA", 3), name="a"), sourced(train("2 uA", 2), name="b")])
    assert pulses.run.tolist() == [0, 0, 0, 1, 1]
    assert pulses.amplitude.tolist() == [1e-6] * 3 + [2e-6] * 2


def test_runs_of_other_devices_are_refused_but_other_fillings_are_not(tmp_path: Path) -> None:
    one = made_run(tmp_path / "a", train("1 uA", 1))
    same = [("x = 0.1", "x = 0.2"), ('"1 um"', '"1000 nm"')]
    others = [
        ("298.15", "350", "device"),
        ("value = 10.0", "value = 12.0", "material"),
        ('"1 um"', '"2 um"', "readout"),
    ]
    for old, new in same:
        assert len(read_sources([one, of_device(tmp_path / new, old, new)])) == 2
    for old, new, table in others:
        with pytest.raises(ResultError, match=rf"another device .*\[{table}\] differs"):
            read_sources([one, of_device(tmp_path / new, old, new)])


def of_device(path: Path, old: str, new: str) -> Path:
    """Return a run of a device in which one thing is written otherwise."""
    assert old in HEAD
    return made_run(path, train("1 uA", 1), head=HEAD.replace(old, new))
