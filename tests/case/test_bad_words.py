"""Mistakes in the words of a protocol: each is one line with its key and the remedy."""

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from eisfv.case import CaseError, load
from support.small_case import DEVICE, write_case

READOUT = DEVICE[DEVICE.index("[readout]") : DEVICE.index("[mesh]")]
SWEEP = 'value = { waveform = "sweep", from = "0 V", to = "1 V", rate = "50 mV/s" }'
RAMP = 'value = { waveform = "ramp", to = "1 V", rate = "50 mV/s" }\nduration = "9 s"'
HOLD = 'value = "1 V"\nduration = "1 s"\nuntil = { current = "below 1 uA" }'
TRAIN = 'value = "1 V"\nwidth = "10 ms"\ngap = "1 s"\ncount = 3'
CSV = 'value = { waveform = "csv", file = "pulse.csv", column = "V_gate" }'
TABLE = "time (ms),V_gate (V),I_gate (uA)\n0,0,1\n1,0.5,2\n2,0.2,3\n"
MEASURE = """value = "1 V"
duration = "1 s"
[[measure]]
steps = [{ drive = "voltage", value = "1 V", duration = "1 s" }]
vary = { "steps[0].duration" = ["1 ms", "10 ms"] }
"""
MEASURED_TRAIN = """value = "1 V"
duration = "1 s"
[[measure]]
steps = [{ drive = "voltage", value = "1 V", width = "1 ms", gap = "1 s", count = 3 }]
vary = { "steps[0].width" = ["1 ms", "10 ms"] }
"""
WRONG = [
    (SWEEP, '"50 mV/s"', '"-50 mV/s"', 'value.rate = "-50 mV/s" must be greater than zero: from and to say the direct'),
    (SWEEP, '"50 mV/s"', '"0 V/s"', 'value.rate = "0 V/s" must be greater than zero: at that rate nothing changes'),
    (SWEEP, '"50 mV/s"', '"50 mA/s"', "measures current per time, not voltage per time"),
    (SWEEP, 'to = "1 V"', 'to = "0 V"', 'value.to = "0 V" equals from: nothing changes'),
    (SWEEP, 'from = "0 V", ', "", 'value.from is missing; add for example from = "0 V"'),
    (SWEEP, "rate =", "speed =", "value.speed is not a known key"),
    (SWEEP, " }", ', vertex = "1 V" }', 'value.vertex = "1 V" equals to'),
    (SWEEP, " }", ", cycles = 0 }", "value.cycles = 0 must be a whole number, at least 1"),
    (RAMP, 'rate = "50 mV/s" }', 'rate = "50 mV/s", duration = "1 s" }', "value.rate = .* does not go with duration"),
    (RAMP, ', rate = "50 mV/s"', "", "takes no time; add for example duration"),
    (RAMP, '\nduration = "9 s"', "", "duration is missing"),
    (RAMP, 'to = "1 V"', 'from = "1 V", to = "1 V"', 'value.from = "1 V" equals to'),
    (HOLD, "below 1 uA", "1 uA", 'must say on which side the step ends; write for example "above 10 uA"'),
    (HOLD, "below 1 uA", "below 1 uV", "until.current = .* measures voltage, not current"),
    (HOLD, "current", "curent", 'until.curent is not a known key; did you mean "current"'),
    (HOLD, 'current = "below 1 uA"', "", "says nothing; write for example until"),
    (HOLD, 'current = "below 1 uA"', 'x = "above 1.5"', "until.x = .* must be between 0 and 1"),
    (HOLD, 'duration = "1 s"', "", "duration is missing"),
    (HOLD, "until", 'read = "last 1 ms"\nuntil', 'does not go with read = "last 1 ms"'),
    (HOLD, "current =", "conductance =", "measures current, not conductance"),
    (TRAIN, 'gap = "1 s"', 'gap = "1 s"\nfrequency = "1 Hz"', 'frequency = "1 Hz" does not go with gap'),
    (TRAIN, 'gap = "1 s"', "", "says no gap; add for example gap"),
    (
        TRAIN,
        'gap = "1 s"',
        'frequency = "100 Hz"',
        "leaves no gap: its period of 0.01 s is no longer than the width",
    ),
    (TRAIN, '"10 ms"', '"-10 ms"', 'width = "-10 ms" must be greater than zero'),
    (TRAIN, "\ncount = 3", "", "count is missing"),
    (TRAIN, "count", 'read = "last 2 s"\ncount', "is longer than the step of 1 s"),
    (TRAIN, "count", 'rest = "0 A"\ncount', "measures current, not voltage"),
    (CSV, '"V_gate"', '"Vgate"', 'value.column = "Vgate" is not a column of the file; did you mean "V_gate"'),
    (CSV, '"V_gate"', '"I_gate"', 'has "1 uA" in line 2, which measures current, not voltage'),
    (CSV, ', column = "V_gate"', "", 'has the columns "V_gate", "I_gate" beside the time; say which'),
    (CSV, "pulse.csv", "puls.csv", "does not exist"),
    (CSV, '"pulse.csv"', "5", "value.file = 5 must be text in quotes"),
    (CSV, '"V_gate"', "5", "value.column = 5 must be text in quotes"),
    (CSV, "file", "fil", 'value.fil is not a known key; did you mean "file"'),
    (MEASURE, "steps[0].duration", "steps[0].duraton", 'leads nowhere: the measure has no such key; did you mean "dur'),
    (MEASURE, "steps[0].duration", "steps[1].duration", "leads nowhere: does not exist; the list has 1 entries"),
    (MEASURE, '["1 ms", "10 ms"]', '"1 ms"', "must be a list of values"),
    (MEASURE, '{ "steps[0].duration" = ["1 ms", "10 ms"] }', '"1 ms"', "must be a table of keys and lists"),
    (MEASURE, '"10 ms"]', '"10 mm"]', r"measure\[0\].steps\[0\].duration = \"10 mm\" measures length"),
    (MEASURE, '"10 ms"] }', '"10 ms"], "steps[0].value" = ["1 V"] }', "has 1 values and .* 2: they go together"),
    (MEASURE, "[[measure]]", '[[measure]]\nname = "a,b"', "has a comma"),
]


@pytest.mark.parametrize("step, old, new, told", WRONG)
def test_a_mistake_is_told_in_one_line(tmp_path: Path, step: str, old: str, new: str, told: str) -> None:
    assert old in step
    (tmp_path / "pulse.csv").write_text(TABLE)
    case = write_case(tmp_path, f'[[protocol]]\ndrive = "voltage"\n{step.replace(old, new, 1)}\n', "")
    with pytest.raises(CaseError, match=told) as error:
        load(case)
    expected = 2 if "speed" in new else 1  # the rate is missing as well
    assert len(error.value.lines) == expected, error.value.lines


@pytest.mark.parametrize("step", [SWEEP, RAMP, HOLD, TRAIN, CSV, MEASURE, MEASURED_TRAIN])
def test_without_the_mistake_the_case_is_read_and_written_back(tmp_path: Path, step: str) -> None:
    (tmp_path / "pulse.csv").write_text(TABLE)
    case = load(write_case(tmp_path, f'[[protocol]]\ndrive = "voltage"\n{step}\n', ""))
    (tmp_path / "case.toml").write_text(case.resolved_toml())
    assert load(tmp_path) == case


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("1,0.5", "0,0.5", "has in line 3 a value of time that is not above the one before"),
        ("0,0,1", "-1,0,1", "has a time below zero in line 2"),
        ("0.5", "half", 'has "half V" in line 3'),
        ("time (ms)", "t (ms)", 'has no column "time"; its columns are "t", "V_gate", "I_gate"'),
        ("time (ms)", "time", 'has no unit of "time" in its header: its first line must name columns and units'),
        (TABLE.split("\n")[0] + "\n", "", 'has no header: .* for example "time .ms.,V_gate .V."'),
        (",V_gate (V),I_gate (uA)\n0,0,1\n1,0.5,2\n2,0.2,3", "\n0\n1", "has no column beside the time"),
        (TABLE.split("\n", 1)[1], "", "has a header and no numbers"),
        ("1,0.5,2", "1,0.5", "has 2 columns in line 3 and 3 in its header"),
    ],
)
def test_a_faulty_table_is_told_by_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    (tmp_path / "pulse.csv").write_text(TABLE.replace(old, new, 1))
    with pytest.raises(CaseError, match=told) as error:
        load(write_case(tmp_path, f'[[protocol]]\ndrive = "voltage"\n{CSV}\n', ""))
    assert len(error.value.lines) == 1


def test_a_waveform_is_the_same_however_its_file_is_written(tmp_path: Path) -> None:
    cases = []
    for text in (TABLE, "\ufeff" + TABLE.replace(",", ";").replace(".", ",").replace("time (ms)", '"time (ms)"')):
        (tmp_path / "pulse.csv").write_text(text, encoding="utf-8")
        cases.append(load(write_case(tmp_path, f'[[protocol]]\ndrive = "voltage"\n{CSV}\n', "")))
    plain, other = (next(iter(case.protocol)).waveform for case in cases)
    assert [plain.value(t) for t in (0.0, 0.5e-3, 1e-3, 2e-3)] == [0.0, 0.25, 0.5, 0.2]
    assert other == plain


def test_a_conductance_that_nothing_reads_is_not_waited_for(tmp_path: Path) -> None:
    step = '[[protocol]]\ndrive = "voltage"\n' + HOLD.replace("current", "conductance").replace("uA", "uS")
    with pytest.raises(CaseError, match=r"until.conductance = .* needs a \[readout\] table"):
        load(write_case(tmp_path, step + "\n", "", DEVICE.replace(READOUT, "")))


def test_a_current_is_not_waited_for_at_open_circuit(tmp_path: Path) -> None:
    step = '[[protocol]]\ndrive = "open_circuit"\nduration = "1 s"\nuntil = { current = "below 1 uA" }\n'
    with pytest.raises(CaseError, match="none flows at open circuit"):
        load(write_case(tmp_path, step, ""))


ODD: tuple[Any, ...] = (-1, "", {}, [{"a": 1}])


def places(node: Any, key: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the place of everything below a node."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for part, value in items:
        yield (*key, part)
        yield from places(value, (*key, part))


def test_whatever_stands_in_a_word_is_a_case_or_a_list_of_lines(tmp_path: Path) -> None:
    (tmp_path / "pulse.csv").write_text(TABLE)
    steps = (SWEEP, RAMP, HOLD, TRAIN, CSV, MEASURE)
    tree = tomllib.loads("\n".join(f'[[protocol]]\ndrive = "voltage"\n{step}\n' for step in steps))
    device = tomllib.loads(DEVICE)
    refused: list[str] = []
    for place, odd in product(list(places(tree)), ODD):
        spoilt = deepcopy(tree)
        node: Any = spoilt
        for part in place[:-1]:
            node = node[part]
        node[place[-1]] = odd
        (tmp_path / "case.toml").write_text(tomli_w.dumps({**spoilt, **device}))
        try:
            load(tmp_path)
        except CaseError as error:
            refused += error.lines
    assert len(refused) > 150
    assert not any("\n" in line for line in refused)
