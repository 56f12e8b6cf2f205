"""Measures: each is what the protocol would have gone on to, from the state that it left."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eisfv.case.case import Case
from eisfv.postprocess.quantities.compare import compare
from eisfv.postprocess.quantities.expected import ExpectedError
from eisfv.result import MemoryDirectory, Run, read
from eisfv.result.table_reading import read_table
from eisfv.running import run_case
from eisfv.running.branches import Branch
from eisfv.running.run import one_after_the_other
from eisfv.sweeping.measures import in_processes
from support.measured_case import MEASURES, PREPARED, SHARED, STEPS
from support.small_case import COARSE, finished, silent, small_case


def prepared(place: Path, method: str = "tr_bdf2", device: str = COARSE) -> Case:
    return small_case(place, PREPARED + MEASURES, f'[solver]\nmethod = "{method}"\n', device)


@pytest.mark.parametrize("method", [pytest.param("tr_bdf2", marks=pytest.mark.long), "bdf"])
def test_a_measure_is_what_the_protocol_would_have_gone_on_to(tmp_path: Path, method: str) -> None:
    run_case(prepared(tmp_path / "case", method), tmp_path / "run", silent)
    for number, steps in enumerate((STEPS, STEPS.replace("10 ms", "30 ms"), STEPS.replace('"0.5 V"', '"-0.5 V"')), 1):
        whole = PREPARED + "[[protocol]]\n" + steps
        case = small_case(tmp_path / f"whole {number}", whole, f'[solver]\nmethod = "{method}"\n', COARSE)
        expected = finished(case, tmp_path / f"run {number}")
        branch = read(tmp_path / "run" / "measures" / str(number))
        for name in SHARED:
            np.testing.assert_array_equal(branch.pulses[name], expected.pulses[name], err_msg=name)
        later = expected.terminals["step"] > 1
        np.testing.assert_array_equal(branch.terminals["voltage_V"][1:], expected.terminals["voltage_V"][later])
        np.testing.assert_allclose(
            branch.terminals["time_s"][1:] + 0.5, expected.terminals["time_s"][later], rtol=1e-12
        )


def test_a_measure_from_rest_is_another(tmp_path: Path) -> None:
    run_case(prepared(tmp_path / "case"), tmp_path / "run", silent)
    rest = finished(small_case(tmp_path / "rest", "[[protocol]]\n" + STEPS, "", COARSE), tmp_path / "from rest")
    branch = read(tmp_path / "run" / "measures" / "1")
    assert abs(branch.pulses["dG_S"][0] / rest.pulses["dG_S"][0] - 1.0) > 0.05


def test_the_table_has_a_row_for_every_pulse_with_what_its_variant_is(tmp_path: Path) -> None:
    run_case(prepared(tmp_path / "case"), tmp_path / "run", silent)
    table = read_table(tmp_path / "run" / "measures.csv")
    assert table["variant"].tolist() == [1.0, 2.0, 3.0]
    assert table["name"].tolist() == ["width", "width", ""]
    np.testing.assert_array_equal(table["steps_0_duration_s"], [0.01, 0.03, np.nan])
    assert set(table["state"]) == {"finished"}
    branches = [read(tmp_path / "run" / "measures" / str(number)) for number in (1, 2, 3)]
    np.testing.assert_array_equal(table["dG_S"], [branch.pulses["dG_S"][0] for branch in branches])


@pytest.mark.long  # two processes start, and the kernels are read by each
def test_processes_give_the_bytes_of_one_after_the_other(tmp_path: Path) -> None:
    case, failed = prepared(tmp_path / "case"), list[str]()
    run_case(case, tmp_path / "one", silent)
    run_case(case, tmp_path / "two", silent, runner=in_processes(2, failed))
    assert failed == []
    assert (tmp_path / "two" / "measures.csv").read_bytes() == (tmp_path / "one" / "measures.csv").read_bytes()


def test_a_run_that_is_stopped_in_its_measures_goes_on_with_those_that_are_left(tmp_path: Path) -> None:
    case = prepared(tmp_path / "case")
    run_case(case, tmp_path / "whole", silent)
    made: list[int] = []

    def stopping(branches: Sequence[Branch], *more: Any) -> None:
        one_after_the_other(branches[:1], *more)
        raise KeyboardInterrupt

    def counting(branches: Sequence[Branch], *more: Any) -> None:
        made.extend(one.number for one in branches)
        one_after_the_other(branches, *more)

    with pytest.raises(KeyboardInterrupt):
        run_case(case, tmp_path / "run", silent, runner=stopping)
    assert read(tmp_path / "run").status.state == "interrupted"
    run_case(case, tmp_path / "run", silent, resume=True, runner=counting)
    assert made == [2, 3]
    assert (tmp_path / "run" / "measures.csv").read_bytes() == (tmp_path / "whole" / "measures.csv").read_bytes()


def test_a_measure_that_fails_is_told_and_leaves_the_others(tmp_path: Path) -> None:
    wait = '{ drive = "voltage", value = "0 V", duration = "1 ms", until = { x = "above 0.9" } },'
    text = MEASURES.replace("[[measure]]\nsteps = [", f"[[measure]]\nsteps = [\n{wait}")
    case = small_case(tmp_path / "case", PREPARED + text, "", COARSE)
    warned: list[str] = []
    run_case(case, tmp_path / "run", silent, warn=warned.append)
    assert any("measure 3 of 3 (measure 3) failed: step 1 of the protocol ends after 0.001 s" in w for w in warned)
    assert read_table(tmp_path / "run" / "measures.csv")["state"].tolist() == ["finished", "finished", "failed"]


def test_force_removes_the_measures_of_the_run_before(tmp_path: Path) -> None:
    run_case(prepared(tmp_path / "case"), tmp_path / "run", silent)
    (tmp_path / "run" / "measures" / "mine.txt").write_text("not of the run")
    alone = small_case(tmp_path / "alone", PREPARED, "", COARSE)
    run_case(alone, tmp_path / "run", silent, force=True)
    assert [path.name for path in (tmp_path / "run" / "measures").iterdir()] == ["mine.txt"]
    assert not (tmp_path / "run" / "measures.csv").exists()


EXPECTED = """
[[quantity]]
name = "change"
value = "1 uS"
tolerance = 0.1
kind = "predicted"
source = "made up"
from = "measures"
column = "dG_S"
select = "rows 1 to 2"
reduce = "x_at"
against = "width_s"
at = "1 nS"
"""


def given(run: Run, case: Path) -> Run:
    """Return the run of any case."""
    return run


def test_measures_are_held_against_what_is_expected_in_memory_as_on_disk(tmp_path: Path) -> None:
    case = prepared(tmp_path / "case")
    run_case(case, tmp_path / "run", silent)
    on_disk, memory = read(tmp_path / "run"), MemoryDirectory()
    run_case(case, memory, silent)
    place = memory.path if memory.files is not None else None
    assert place is not None
    assert not place.exists()
    for name, values in on_disk.measures.items():
        np.testing.assert_array_equal(memory.results.measures[name], values, err_msg=name)
    widths, changes = on_disk.measures["width_s"], on_disk.measures["dG_S"]
    at = 0.5 * (changes[0] + changes[1])
    (tmp_path / "expected.toml").write_text(EXPECTED.replace('"1 uS"', '"20 ms"').replace("1 nS", f"{float(at)!r} S"))
    for run in (on_disk, memory.results):
        (row,) = compare(tmp_path / "expected.toml", partial(given, run))
        np.testing.assert_allclose(row.model, 0.5 * (widths[0] + widths[1]), rtol=1e-12)
        assert row.within
    bare = read(tmp_path / "run" / "measures" / "1")
    with pytest.raises(ExpectedError, match="the run has no measures"):
        compare(tmp_path / "expected.toml", partial(given, bare))
