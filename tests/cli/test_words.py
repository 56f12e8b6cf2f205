"""Protocols in words on the command line: what is printed, and the exit codes."""

from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

from support.small_case import COARSE, write_case

Invoke = Callable[..., Result]

HOLD = """
[[protocol]]
drive = "voltage"
value = "0.3 V"
duration = "100 ms"
until = { current = "below 1 nA" }
"""
MEASURED = """
[[protocol]]
drive = "voltage"
value = { waveform = "ramp", to = "0.3 V", rate = "3 V/s" }
duration = "200 ms"

[[measure]]
vary = { "steps[0].value" = ["0.4 V", "0.5 V"] }
steps = [{ drive = "voltage", value = "0 V", duration = "10 ms", pulse = true }]
"""
FAILING = (
    MEASURED
    + """
[[measure]]
name = "in vain"
steps = [{ drive = "voltage", value = "0 V", duration = "1 ms", until = { x = "above 0.9" } }]
"""
)


def test_a_step_that_waits_in_vain_ends_the_run_with_one_line(tmp_path: Path, invoke: Invoke) -> None:
    case = write_case(tmp_path / "case", HOLD, "", COARSE)
    assert "1 steps, at most 0.1 s" in invoke("check", case).stdout
    result = invoke("run", case, "--quiet")
    assert result.exit_code == 1
    lines = [line for line in result.stderr.splitlines() if "warning" not in line]
    assert len(lines) == 1
    assert "step 1 of the protocol ends after 0.1 s without current below 1 nA (current is" in lines[0]
    assert (case / "runs" / "latest" / "result.nc").is_file()


def test_measures_are_told_and_gathered(tmp_path: Path, invoke: Invoke) -> None:
    case = write_case(tmp_path / "case", MEASURED, "", COARSE)
    checked = invoke("check", case).stdout
    assert "measures                2 from where the protocol ends, 2 pulses" in checked
    assert "pulses.csv will be empty" not in checked
    result = invoke("run", case, "--workers", "1")
    assert result.exit_code == 0
    assert "measure 2 of 2 (measure 2, 0.5 V) is done" in result.stderr
    table = (case / "runs" / "latest" / "measures.csv").read_text().splitlines()
    assert table[0].startswith("variant,name,steps_0_value_V,state,index,")
    assert [row.split(",")[2] for row in table[1:]] == ["0.4", "0.5"]


def test_a_measure_that_fails_is_the_exit_code(tmp_path: Path, invoke: Invoke) -> None:
    case = write_case(tmp_path / "case", FAILING, "", COARSE)
    result = invoke("run", case, "--workers", "1", "--quiet")
    assert result.exit_code == 1
    assert "measure 3 (in vain) failed: step 1 of the protocol ends" in result.stderr
    assert (case / "runs" / "latest" / "measures.csv").read_text().splitlines()[3].startswith("3,in vain,nan,failed,")
