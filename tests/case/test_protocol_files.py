"""A protocol file drives any device: written out in its [pulse], refused in one line where it cannot be."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import eisfv
from eisfv.case import Case, CaseError, load
from eisfv.model import read_resolved
from eisfv.running.branches import branch

CASES = Path(__file__).parents[2] / "cases"
FILES = sorted((CASES / "protocols").glob("*.toml"))
VOLTAGE, CURRENT = CASES / "h_ysz_compact", CASES / "mg_wo3_pulses"
PPF = CASES / "protocols" / "ppf.toml"


@pytest.mark.parametrize("device", [VOLTAGE, CURRENT], ids=lambda path: path.name)
@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_every_protocol_suits_a_voltage_and_a_current_device_and_its_rest_lasts_longest(
    file: Path, device: Path
) -> None:
    case = load(device, protocol=file)
    *variants, rest = case.file.measure
    assert rest.name == "at rest"
    assert not any(step.pulse for step in rest.protocol)
    assert rest.protocol.duration >= max(measure.protocol.duration for measure in variants)
    assert case.file.protocol_file is not None
    assert case.file.protocol_file.name == file.name


@pytest.mark.parametrize("device", [VOLTAGE, CURRENT], ids=lambda path: path.name)
@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_the_case_of_every_measure_reads_back_as_it_was_driven(file: Path, device: Path) -> None:
    case = load(device, protocol=file)
    for number, measure in enumerate(case.file.measure, start=1):
        made = branch(case, number, Path("run"), device / "case.toml").case
        driven = list(read_resolved(made.resolved_toml()).protocol)
        assert driven == list(measure.steps)


def test_multiples_count_from_where_the_source_rests() -> None:
    case = load(VOLTAGE, ['pulse.rest = "1 V"'], protocol=CASES / "protocols" / "svdp.toml")
    levels = [next(iter(measure.protocol)).waveform.extreme(1.0) for measure in case.file.measure[:-1]]
    assert levels == [2.75, 4.5, 6.25, 8.0]  # 1 V + a quarter, half, ... of 7 V
    assert {step.waveform.extreme(1.0) for step in case.file.measure[-1].protocol} == {1.0}


def test_a_current_device_gets_amperes_open_circuit_and_spikes_of_its_own_voltage() -> None:
    pulse, gap, *_ = load(CURRENT, protocol=PPF).file.measure[0].protocol
    assert (pulse.drive, pulse.waveform.extreme(1.0), float(pulse.duration)) == ("current", 1e-5, 0.5)
    assert (gap.drive, float(gap.duration)) == ("open_circuit", 0.1)
    pair = next(iter(load(CURRENT, protocol=CASES / "protocols" / "stdp.toml").file.measure[3].protocol))
    assert 0.25 < abs(pair.waveform.extreme(pair.duration)) <= 0.5


def test_lines_of_spikes_stand_at_the_bias_and_a_pair_counts_from_there() -> None:
    stdp = CASES / "protocols" / "stdp.toml"
    biased, plain = (load(CURRENT, given, protocol=stdp) for given in (['pulse.bias = "-0.2 V"'], []))
    for one, other in zip(biased.file.measure, plain.file.measure, strict=True):
        for step, without in zip(one.protocol, other.protocol, strict=True):
            for share in np.linspace(0.01, 0.99, 9):
                t = share * float(step.duration)
                np.testing.assert_allclose(step.waveform.value(t), without.waveform.value(t) - 0.2, atol=1e-12)


@pytest.mark.parametrize("device", sorted(CASES.glob("table1/*/case.toml")), ids=lambda path: path.parent.name)
def test_every_device_of_the_table_takes_a_train_and_spikes(device: Path) -> None:
    for name in ("ltp_ltd", "stdp"):
        case = load(device.parent, protocol=CASES / "protocols" / f"{name}.toml")
        assert any(step.pulse for step in case.file.measure[0].protocol)
        assert all(step.read is None for step in case.file.protocol) == (case.file.readout is None)


def test_a_resolved_case_stands_alone_and_another_protocol_is_another_case(tmp_path: Path) -> None:
    first = load(VOLTAGE, protocol=PPF)
    alone = tmp_path / "case.resolved.toml"
    alone.write_text(first.resolved_toml())
    assert load(alone).digest == first.digest
    other = tmp_path / "ppf.toml"
    other.write_text(PPF.read_text() + "\n# nothing but another file\n")
    assert load(VOLTAGE, protocol=other).digest != first.digest


def without_pulse(tmp_path: Path) -> Path:
    """Return a case that says no pulse."""
    case = tmp_path / "device"
    case.mkdir()
    text = (VOLTAGE / "case.toml").read_text()
    start, end = text.index("[pulse]"), text.index("[output]")
    (case / "case.toml").write_text(text[:start] + text[end:])
    return case


def in_file(text: str) -> Callable[[Path], Path]:
    def write(directory: Path) -> Path:
        file = directory / "mine.toml"
        file.write_text(text)
        return file

    return write


STEP = '[[protocol]]\ndrive = "rest"\nduration = "1 gap"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (STEP, "mine.toml: title is missing"),
        ('title = "x"\n', "mine.toml: protocol is missing"),
        (f'title = "x"\n{STEP}[device]\n', "mine.toml: has device, as a case"),
        (
            f'title = "x"\nmeasures = 1\n{STEP}',
            'measures is not a known key of a protocol file; did you mean "measure"?',
        ),
        (
            f'title = "x"\n{STEP.replace("gap", "gab")}',
            'mine.toml: protocol[0].duration = "1 gab" has the unknown unit',
        ),
        (f'title = "x"\n{STEP.replace("gap", "up")}', 'mine.toml: protocol[0].duration = "8 V" measures voltage'),
        ("title = ", "mine.toml: is not TOML"),
    ],
)
def test_a_file_of_another_layout_is_refused_in_one_line_of_its_own(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(CaseError) as error:
        load(VOLTAGE, protocol=in_file(text)(tmp_path))
    assert len(error.value.lines) == 1
    assert words in error.value.lines[0]


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (['pulse.up = "8 A"'], 'pulse.up = "8 A" measures current, not voltage'),
        (['pulse.down = "1 V"'], "has up and down on one side"),
        (['pulse.up = "0 V"'], "has up where the source rests"),
        (['pulse.widht = "1 s"'], 'pulse.widht is not a known key; did you mean "width"?'),
        (["pulse.drive = 'charge'"], 'pulse.drive = "charge" is not one of "voltage", "current"'),
    ],
)
def test_a_pulse_that_is_none_is_told_once(overrides: list[str], words: str) -> None:
    with pytest.raises(CaseError) as error:
        load(VOLTAGE, overrides, protocol=PPF)
    assert len(error.value.lines) == 1, error.value.lines
    assert words in error.value.lines[0]


def test_a_device_without_a_pulse_is_told_so_and_needs_none_for_volts_and_seconds(tmp_path: Path) -> None:
    case = without_pulse(tmp_path)
    with pytest.raises(CaseError, match=r"pulse is missing, and the protocol counts in it; add for example \[pulse\]"):
        load(case, protocol=PPF)
    own = in_file('title = "x"\n[[protocol]]\ndrive = "voltage"\nvalue = "1 V"\nduration = "1 s"\n')(tmp_path)
    found: Case = load(case, protocol=own)
    assert found.protocol.duration == 1.0
    assert found.file.measure == ()


def test_spikes_of_a_current_device_need_their_voltage(tmp_path: Path) -> None:
    case = tmp_path / "case.toml"
    case.write_text((CURRENT / "case.toml").read_text().replace('spike = "0.5 V"\n', ""))
    with pytest.raises(CaseError, match=r"pulse\.spike is missing, and the protocol has spikes"):
        load(case, protocol=CASES / "protocols" / "stdp.toml")
    load(case, protocol=PPF)


def test_a_file_beside_the_protocol_is_found_from_there(tmp_path: Path) -> None:
    (tmp_path / "wave.csv").write_text("time (s),V (V)\n0,0\n1,2\n2,0\n")
    wave = '{ waveform = "csv", file = "wave.csv", column = "V" }'
    file = in_file(f'title = "x"\n[[protocol]]\ndrive = "voltage"\nvalue = {wave}\n')(tmp_path)
    assert load(VOLTAGE, protocol=file).protocol.duration == 2.0


STRAY = '[protocol_file]\nname = "ppf.toml"\nsha256 = "0"\n'


def test_a_case_that_names_a_protocol_file_itself_is_told_how_to_drive_it(tmp_path: Path) -> None:
    own = load(CURRENT).resolved_toml()
    (tmp_path / "case.toml").write_text(own + STRAY)
    with pytest.raises(CaseError, match=r"case.toml: protocol_file drives nothing here; remove it, and name the file"):
        load(tmp_path)
    with pytest.raises(CaseError, match="protocol_file drives nothing here"):
        load(CURRENT, ['protocol_file.name="ppf.toml"'])
    (tmp_path / "case.toml").rename(tmp_path / "case.resolved.toml")
    assert load(tmp_path).file.protocol_file is not None


def test_python_drives_a_protocol_file_as_the_command_line_does(tmp_path: Path) -> None:
    as_typed = load(VOLTAGE, ['device.temperature="310 K"'], protocol=PPF)
    case = eisfv.load(VOLTAGE, protocol=PPF)
    case.set("device.temperature", "310 K")
    assert case.resolved.digest == as_typed.digest
    own = eisfv.load(VOLTAGE)
    assert own.driven_by(PPF).resolved.digest == load(VOLTAGE, protocol=PPF).digest != own.resolved.digest
    copy = tmp_path / "case.toml"  # what stands alone is a case again
    copy.write_text(case.toml)
    assert eisfv.load(copy).resolved.file.measure == case.resolved.file.measure
    with pytest.raises(CaseError, match=r"nowhere.toml: does not exist; name one such as"):
        eisfv.run(VOLTAGE, protocol=tmp_path / "nowhere.toml")
