"""A resolved case is its records, whoever reads it, and the records are the resolved case."""

import subprocess
import sys
from pathlib import Path

import pytest
import tomli_w

from eisfv.case import load
from eisfv.model import read_resolved

CASES = sorted(path.parent for path in (Path(__file__).parents[2] / "cases").glob("**/case.toml"))


@pytest.mark.parametrize("directory", CASES, ids=lambda path: path.name)
def test_the_text_of_a_case_is_its_records_and_back(directory: Path) -> None:
    case = load(directory)
    records = read_resolved(case.resolved_toml())
    assert records == case.file == read_resolved(case.resolved)
    assert tomli_w.dumps(records.written()) == case.resolved_toml()


def test_another_value_is_another_record() -> None:
    text = load(CASES[0]).resolved_toml()
    assert read_resolved(text.replace('temperature = "', 'temperature = "1')) != read_resolved(text)


def test_reading_needs_neither_the_solver_nor_the_reader_of_cases() -> None:
    code = (
        "import sys, eisfv.model; bad = ('numba', 'fipy', 'scipy', 'eisfv.case', 'eisfv.device', 'eisfv.mesh');"
        "assert not set(bad) & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "old, new, words",
    [
        ('duration = "', "length = '", "protocol"),
        ('kind = "host"', 'kind = "hots"', "hots"),
        ("[case]", "[case", "is not TOML"),
    ],
)
def test_what_is_no_resolved_case_is_refused_in_one_line(old: str, new: str, words: str) -> None:
    text = load(CASES[0].parent / "mg_wo3_pulses").resolved_toml()
    assert old in text
    with pytest.raises(ValueError, match=words) as caught:
        read_resolved(text.replace(old, new.replace("'", '"'), 1))
    assert len(str(caught.value).splitlines()) == 1
