"""The report holds every row, every note and every picture, with links that lead somewhere."""

import re
from pathlib import Path

import pytest

from eisfv.postprocess.quantities.compare import compare
from eisfv.postprocess.quantities.paper_report import write_report
from eisfv.postprocess.quantities.rows import Row
from eisfv.result import ResultError, read
from support.written_run import written

ENTRY = """
[[quantity]]
name = "{name}"
value = "{value}"
tolerance = 0.1
kind = "{kind}"
source = "somewhere"
from = "pulses"
column = "dG_S"
select = "first 1"
reduce = "mean"
"""
README = "# Case\n\n![What is\nseen](terminals.png) ![gone](gone.png)\n"


def case_of(tmp_path: Path, name: str, entries: str, readme: str = README) -> tuple[Path, list[Row]]:
    """Make a case with a picture and return it with its rows."""
    case = tmp_path / "cases" / name
    (case / "runs" / "latest" / "plots").mkdir(parents=True)
    (case / "README.md").write_text(readme)
    (case / "terminals.png").write_bytes(b"picture")
    (case / "runs" / "latest" / "plots" / "pulses.png").write_bytes(b"picture")
    (case / "expected.toml").write_text(entries)
    run = read(written(tmp_path / f"run of {name}"))
    return case, compare(case / "expected.toml", lambda _: run)


def test_the_report_has_rows_notes_and_pictures(tmp_path: Path) -> None:
    note = 'note = "two numbers\\nin the paper"\n'
    one, first = case_of(tmp_path, "one", ENTRY.format(name="a|b", value="1 uS", kind="predicted") + note)
    two, second = case_of(tmp_path, "two", ENTRY.format(name="c", value="2 uS", kind="exact"), "# Case\n")
    path = tmp_path / "cases" / "report.md"
    write_report(path, [one, two], first + second, {tmp_path / "three": "it was not run"})
    text = path.read_text()
    assert r"| one | a\|b | 1 µS | 1 µS | - | 1 | 0.1 | predicted | within |" in text
    assert "| two | c | 2 µS | 1 µS | - | 0.5 | 0.1 | exact | OUTSIDE |" in text
    assert "1 of 1 predicted, 0 of 1 exact" in text
    assert "- one, a|b: expected 1 µS, model 1 µS. two numbers in the paper" in text
    assert "- three: it was not run" in text
    assert "## Calibrated" not in text
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", text)
    assert pictures == ["one/terminals.png", "two/runs/latest/plots/pulses.png"]
    assert all((path.parent / picture).is_file() for picture in pictures)
    assert "*What is seen*" in text


def test_sets_of_values_are_counted_apart_and_stand_side_by_side(tmp_path: Path) -> None:
    said, again = 'statement = "S"\n', 'statement = "S"\nconflict = "elsewhere 3 uS"\n'
    one, rows = case_of(tmp_path, "one", ENTRY.format(name="a", value="2 uS", kind="predicted") + said)
    text = 'set = "fitted"\n' + ENTRY.format(name="a", value="1 uS", kind="calibrated") + again
    two, more = case_of(tmp_path, "two", text)
    path = tmp_path / "report.md"
    write_report(path, [one, two], rows + more, {})
    text = path.read_text()
    assert "no set named: Within their tolerance: 0 of 1 predicted." in text
    assert "fitted: Within their tolerance: 1 of 1 calibrated." in text
    assert "| statement | no set named | fitted |" in text
    assert "| S | OUTSIDE, predicted | within, calibrated |" in text
    assert "| **within** | 0 of 1 | 1 of 1 |" in text
    assert "## Predicted: no set named" in text
    assert "## Calibrated: fitted" in text
    outside, conflicts = text.partition("contradicts itself")[::2]
    assert "- one, a: expected 2 µS, model 1 µS. No reason is given." in outside
    assert "- two, a: expected 1 µS, model 1 µS. elsewhere 3 uS" in conflicts


def test_cases_that_share_a_page_are_linked_to_it(tmp_path: Path) -> None:
    one, rows = case_of(tmp_path, "one", ENTRY.format(name="a", value="1 uS", kind="exact"), "# Case\n")
    (one / "README.md").rename(one.parent / "README.md")
    path = tmp_path / "report.md"
    write_report(path, [one], rows, {})
    assert "### [one](cases/README.md)" in path.read_text()


FIT = """
[[parameter]]
key = "material.mg_wo3.open_circuit.slope"
value = 0.374
unit = "V"
standard_error = 0.19

[[parameter]]
key = "device.region.reservoir.initial.x"
value = 0.0079
unit = ""
standard_error = 0.0012
standard_factor = 1.164

[errors]
from = "the tolerances"
"""


def test_fitted_values_are_told_with_their_errors_and_no_picture_twice(tmp_path: Path) -> None:
    one, rows = case_of(tmp_path, "one", ENTRY.format(name="a", value="1 uS", kind="calibrated"))
    two, more = case_of(
        tmp_path, "two", ENTRY.format(name="a", value="1 uS", kind="calibrated"), "![again](../one/terminals.png)"
    )
    (one / "calibrated").mkdir()
    (one / "calibrated" / "fit.toml").write_text(FIT)
    path = tmp_path / "report.md"
    write_report(path, [one, two], rows + more, {})
    text = path.read_text()
    assert "## Fitted values: [one](cases/one/calibrated/fit.toml)" in text
    assert "| material.mg_wo3.open_circuit.slope | 0.374 V | 0.19 V |" in text
    assert "| device.region.reservoir.initial.x | 0.0079 | factor 1.16 |" in text
    assert text.count("terminals.png") == 1


@pytest.mark.parametrize("text", ["[[parameter", "[errors]", FIT.replace("0.374", '"some"')])
def test_a_fit_that_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    one, rows = case_of(tmp_path, "one", ENTRY.format(name="a", value="1 uS", kind="calibrated"))
    (one / "calibrated").mkdir()
    (one / "calibrated" / "fit.toml").write_text(text)
    with pytest.raises(ResultError, match=r"fit\.toml: is not what"):
        write_report(tmp_path / "report.md", [one], rows, {})
