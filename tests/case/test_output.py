"""The `[output]` table: when what is written, and what is said where it cannot be."""

from pathlib import Path

import pytest

from eisfv.case import CaseError, load
from eisfv.model.output import LogTimes, Output
from eisfv.observers.schedule import Schedule, schedule_of
from support.small_case import write_case

FORMS = {
    '{ every = "1 s" }': Schedule(every=1.0),
    '{ at = ["end of pulse", "2 s", "start", "1 s"] }': Schedule(
        at=(1.0, 2.0), words=frozenset({"start", "end of pulse"})
    ),
    '{ log = { first = "1 us", per_decade = 10 } }': Schedule(log=LogTimes(1e-6, 10)),
}


def output_of(directory: Path, text: str) -> Output:
    return load(write_case(directory, output=f"[output]\n{text}\n")).output


@pytest.mark.parametrize("what", ["terminals", "profiles", "fields"])
@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_takes_every_form_of_times(tmp_path: Path, what: str, form: str) -> None:
    assert schedule_of(getattr(output_of(tmp_path, f"{what} = {form}"), what)) == FORMS[form]


def test_words_and_defaults(tmp_path: Path) -> None:
    written = output_of(tmp_path, 'terminals = "every step"\nprofiles = "with fields"')
    assert written == output_of(tmp_path, "")
    assert schedule_of(written.terminals) == Schedule(every_step=True)
    assert schedule_of(written.profiles) == Schedule()
    assert schedule_of(written.fields) == Schedule(words=frozenset({"start", "end"}))


@pytest.mark.parametrize("form", FORMS)
def test_a_resolved_case_reads_back(tmp_path: Path, form: str) -> None:
    case = load(write_case(tmp_path / "case", output=f"[output]\nterminals = {form}\nprofiles = {form}\n"))
    (tmp_path / "case.toml").write_text(case.resolved_toml())
    again = load(tmp_path)
    assert (again.output, again.digest) == (case.output, case.digest)


@pytest.mark.parametrize(
    "text, line",
    [
        ("terminals = {}", 'output.terminals.every is missing; add for example every = "1 s"'),
        ("fields = {}", 'output.fields.at is missing; add for example at = ["end of pulse"]'),
        ("profiles = 3", "output.profiles = 3 "),
        ('terminals = "with fields"', 'output.terminals = "with fields" is not one of "every step"'),
        ('fields = { evry = "1 s" }', "output.fields.evry is not a known key"),
        ('profiles = { log = { first = "1 us" } }', "output.profiles.log.per_decade is missing; add for example"),
        ('profiles = { log = { first = "0 s", per_decade = 1 } }', 'output.profiles.log.first = "0 s" must be greater'),
        ('terminals = { log = { first = "1 us", per_decade = 0 } }', "output.terminals.log.per_decade = 0 must be"),
        (
            'terminals = { at = ["end of pulses"] }',
            'output.terminals.at[0] = "end of pulses" is neither a time',
        ),
    ],
)
def test_a_fault_is_told_in_one_line(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(CaseError) as error:
        output_of(tmp_path, text)
    assert any(f"case.toml: {line}" in found for found in error.value.lines), error.value.lines
