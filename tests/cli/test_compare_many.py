"""`eisfv compare` of several cases: one table, one exit code, one report."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from support.written_run import written

Invoke = Callable[..., Result]

ENTRY = """
[[quantity]]
name = "change"
value = "{value}"
tolerance = 0.1
kind = "{kind}"
source = "somewhere"
from = "pulses"
column = "dG_S"
select = "potentiating"
reduce = "mean"
"""


def case(tmp_path: Path, name: str, value: str = "1 uS", kind: str = "predicted", more: str = "") -> Path:
    """Make a case directory with a made-up run that gives 1 uS."""
    directory = tmp_path / name
    directory.mkdir()
    (directory / "case.toml").write_text("")
    (directory / "expected.toml").write_text(ENTRY.format(value=value, kind=kind) + more)
    written(directory / "runs" / "latest")
    return directory


@pytest.mark.parametrize(
    "value, kind, code",
    [("1 uS", "predicted", 0), ("2 uS", "predicted", 1), ("2 uS", "exact", 1), ("2 uS", "calibrated", 0)],
)
def test_the_exit_code_is_about_predictions(tmp_path: Path, invoke: Invoke, value: str, kind: str, code: int) -> None:
    result = invoke("compare", case(tmp_path, "one"), case(tmp_path, "two", value, kind))
    assert result.exit_code == code
    lines = [line.split() for line in result.stdout.splitlines() if line]
    assert lines[0] == ["case", "quantity", "expected", "model", "numerical", "ratio", "tolerance", "kind", "verdict"]
    assert sorted(line[0] for line in lines[1:-1]) == ["one", "two"]
    assert lines[-1][:3] == ["Within", "their", "tolerance:"]


def test_a_case_that_was_not_run_is_told_and_the_others_are_compared(tmp_path: Path, invoke: Invoke) -> None:
    one, two = case(tmp_path, "one"), tmp_path / "two"
    two.mkdir()
    result = invoke("compare", one, two, "--report", tmp_path / "report.md")
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.endswith(f"run it first: eisfv run {two}")
    assert "within" in result.stdout
    assert "- two: " in (tmp_path / "report.md").read_text()


def test_files_among_the_cases_are_passed_over(tmp_path: Path, invoke: Invoke) -> None:
    report = tmp_path / "one_report.md"
    report.write_text("of the last time")
    result = invoke("compare", case(tmp_path, "one"), case(tmp_path, "two"), report, "--report", report)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1] == str(report)
    assert "## Predicted" in report.read_text()


def test_a_report_has_the_head_of_a_file_and_a_head_needs_a_report(tmp_path: Path, invoke: Invoke) -> None:
    report, head = tmp_path / "report.md", tmp_path / "head.md"
    head.write_text("# The synapse\n\nOne set.\n")
    one = case(tmp_path, "one")
    assert invoke("compare", one, "--report", report, "--head", head).exit_code == 0
    assert report.read_text().startswith("# The synapse\n\nOne set.\n\n1 cases.\n")
    assert invoke("compare", one, "--report", report).exit_code == 0
    assert report.read_text().startswith("# Model against expected\n\n1 cases.\n")
    for words, told in (
        (("--head", head), "is that of a report; give --report too"),
        (("--report", report, "--head", tmp_path / "none.md"), "none.md: cannot be read: No such file"),
    ):
        result = invoke("compare", one, *words)
        assert result.exit_code == 2
        assert told in result.stderr


def test_the_run_of_another_case_is_read_for_its_quantities(tmp_path: Path, invoke: Invoke) -> None:
    one = case(tmp_path, "one", more='case = "../two"\n')
    result = invoke("compare", one)
    assert result.exit_code == 2
    assert str(tmp_path / "two" / "runs" / "latest") in result.stderr
    case(tmp_path, "two")
    assert invoke("compare", one).exit_code == 0


def test_a_run_that_did_not_finish_is_told(tmp_path: Path, invoke: Invoke) -> None:
    directory = tmp_path / "one"
    case(tmp_path, "two")
    directory.mkdir()
    (directory / "expected.toml").write_text(ENTRY.format(value="1 uS", kind="exact"))
    written(directory / "runs" / "latest", end=False)
    result = invoke("compare", directory)
    assert result.exit_code == 0
    assert "not finished" in result.stderr


def test_a_run_given_belongs_to_one_case(tmp_path: Path, invoke: Invoke) -> None:
    one, two = case(tmp_path, "one"), case(tmp_path, "two")
    other = written(tmp_path / "other")
    assert invoke("compare", one, "--run", other).exit_code == 0
    result = invoke("compare", one, two, "--run", other)
    assert result.exit_code == 2
    assert result.stderr == "run: is that of one case; name one case, or leave it out\n"


FIGURE = """
[[figure]]
file = "own.png"
[[figure.panel]]
x = "index"
y = "dG_S"
line = [{}]
"""


def test_the_figures_of_the_cases_are_drawn(tmp_path: Path, invoke: Invoke) -> None:
    own = case(tmp_path, "own", more=FIGURE)
    result = invoke("compare", own, case(tmp_path, "bare"))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == str(own / "own.png")
    assert (own / "own.png").read_bytes().startswith(b"\x89PNG")
    (own / "own.png").unlink()
    assert invoke("compare", own, "--run", own / "runs" / "latest").exit_code == 0  # they are of the last runs
    assert not (own / "own.png").exists()


def test_a_figure_that_cannot_be_drawn_is_told_and_leaves_the_comparison(tmp_path: Path, invoke: Invoke) -> None:
    own = case(tmp_path, "own", more=FIGURE.replace("[{}]", '[{ from = "measurs" }]'))
    result = invoke("compare", own)
    assert result.exit_code == 0
    assert "within" in result.stdout
    (line,) = result.stderr.splitlines()
    assert "figure[0].panel[0].line[0].from = 'measurs' is not one of pulses, terminals, measures" in line
