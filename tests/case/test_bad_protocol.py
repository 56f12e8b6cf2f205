"""Mistakes in read-out, protocol, mesh, output and solver: each is one clear line."""

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    "old, new, words",
    [
        pytest.param(
            'region = "channel"',
            'region = "electrolyte"',
            'is not a host and no semiconductor; take one of "reservoir", "channel"',
            id="read-out of an electrolyte",
        ),
        pytest.param(
            'region = "channel"', 'region = "chanel"', 'did you mean "channel"?', id="read-out of an unknown region"
        ),
        pytest.param(
            '[readout]\nregion = "channel"\nlength = "100 um"\nwidth = "500 um"',
            "",
            "needs a [readout] table",
            id="read without a read-out",
        ),
        pytest.param(
            '[[protocol]]\ndrive = "open_circuit"',
            "[[protocol]]",
            "protocol[0].drive is missing",
            id="step without drive",
        ),
        pytest.param(
            'drive = "open_circuit"\n',
            'drive = "open"\n',
            'is not one of "open_circuit", "voltage", "current", "impedance"',
            id="unknown drive",
        ),
        pytest.param(
            'drive = "open_circuit"\n',
            'drive = "curent"\nvalue = "1 uA"\nwidth = "1 s"\ngap = "1 s"\ncount = 2\n',
            '; a rest is an entry of its own, with drive = "open_circuit"; did you mean "current"?',
            id="unknown drive of a train",
        ),
        pytest.param(
            'drive = "open_circuit"\n',
            'drive = "impedance"\nfrequencies = ["1 Hz"]\n',
            "protocol[0].duration is not a known key",
            id="a spectrum that takes time",
        ),
        pytest.param(
            '[[protocol]]\ndrive = "open_circuit"\n',
            '[[protocol]]\ndrive = "impedance"\n\n[[protocol]]\ndrive = "open_circuit"\n',
            "protocol[0].frequencies is missing",
            id="a spectrum without frequencies",
        ),
        pytest.param(
            '[[protocol]]\ndrive = "open_circuit"\n',
            '[[protocol]]\ndrive = "impedance"\nfrequencies = { from = "1 kHz", to = "1 Hz" }\n\n'
            '[[protocol]]\ndrive = "open_circuit"\n',
            'protocol[0].frequencies.to = "1 Hz" must be above from, which is 1 kHz; exchange the two',
            id="a spectrum that runs downwards",
        ),
        pytest.param(
            '[[protocol]]\ndrive = "open_circuit"\n',
            '[[protocol]]\ndrive = "impedance"\nfrequencies = ["0 Hz"]\n\n[[protocol]]\ndrive = "open_circuit"\n',
            'protocol[0].frequencies[0] = "0 Hz" must be greater than zero',
            id="a wave that never comes",
        ),
        pytest.param(
            'duration = "10 s"\n',
            'duration = "0 s"\n',
            'protocol[0].duration = "0 s" must be greater than zero',
            id="step of zero length",
        ),
        pytest.param('duration = "10 s"\n', "", "protocol[0].duration is missing", id="step without duration"),
        pytest.param(
            'duration = "10 s"\n',
            'duration = "10 s"\nvalue = "1 V"\n',
            "value is not a known key",
            id="a value at open circuit",
        ),
        pytest.param('value = "10 uA", ', "", "steps[0].value is missing", id="step without value"),
        pytest.param('value = "10 uA"', 'value = "1 V"', "measures voltage, not current", id="a voltage for a current"),
        pytest.param(
            'value = "10 uA"',
            'value = { times = ["1 s", "0 s"], levels = ["0 A", "1 A"] }',
            "must ascend",
            id="a curve that goes back",
        ),
        pytest.param(
            'value = "10 uA"',
            'value = { times = ["0 s"], levels = ["0 A", "1 A"] }',
            "has 2 entries and times has 1; give one for each",
            id="a curve with a level too many",
        ),
        pytest.param(
            'value = "10 uA"',
            'value = { waveform = "piecewise_liner", times = ["0 s"], levels = ["0 A"] }',
            'value.waveform = "piecewise_liner" is not one of "constant", "piecewise_linear", "half_sine", '
            '"exponential", "sweep", "ramp", "sine", "csv"; did you mean',
            id="unknown waveform",
        ),
        pytest.param(
            'value = "10 uA"',
            'value = { times = ["0 s"], levels = ["0 A"], width = "1 s" }',
            "value.width is not a known key",
            id="a key of another waveform",
        ),
        pytest.param(
            'read = "last 5 s"\n',
            'read = "last 20 s"\n',
            "is longer than the step of 10 s",
            id="read longer than the step",
        ),
        pytest.param(
            'read = "last 5 s"\n', 'read = "5 s"\n', 'write for example "last 5 s"', id="read that is no window"
        ),
        pytest.param("repeat = 10", "repeat = 0", "repeat = 0 must be a whole number, at least 1", id="repeat zero"),
        pytest.param("repeat = 10", "repeat = 2.5", "must be a whole number", id="repeat of two and a half"),
        pytest.param(
            "[output]",
            "[mesh]\ncells.chanel = 10\n[output]",
            'did you mean "channel"?',
            id="cells of an unknown region",
        ),
        pytest.param(
            "[output]", "[mesh]\ngrowth = 0.5\n[output]", "must be between 1.01 and 1000", id="a mesh that shrinks"
        ),
        pytest.param(
            "[output]", '[solver]\nlinear = "pets"\n[output]', 'did you mean "petsc"?', id="unknown linear solver"
        ),
        pytest.param('"end of pulse"', '"end of puls"', "is neither a time nor one of", id="unknown moment"),
        pytest.param("pulse = true", 'pulse = "yes"', "must be true or false", id="pulse in words"),
    ],
)
def test_a_mistake_is_one_line_of_file_key_and_remedy(
    spoil: Callable[[str, str, str], None], old: str, new: str, words: str
) -> None:
    spoil(old, new, words)
