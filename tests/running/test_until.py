"""Steps that wait, as whole runs: where they end, what is told, and that a kill costs nothing."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.extract.reading import read_source
from eisfv.result import ResultError, file_names, read
from eisfv.result.checkpoint import read_checkpoint
from eisfv.running import UnreachedError, checkpoint, run_case
from eisfv.running.checkpoint import Checkpoints
from eisfv.stepping import compiled
from support.kills import Kills, resumed, tables
from support.small_case import finished, silent, small_case

LEVEL = 5.7e-6  # S
WAITING = """
[[protocol]]
drive = "open_circuit"
duration = "100 ms"
read = "all"

[[protocol]]
drive = "voltage"
value = "0.5 V"
duration = "10 s"
until = { conductance = "above 5.7 uS" }
pulse = true

[[protocol]]
drive = "voltage"
value = { waveform = "ramp", to = "0 V", rate = "2 V/s" }
duration = "300 ms"
pulse = true

[[protocol]]
drive = "open_circuit"
duration = "300 ms"
read = "last 100 ms"
"""
METHODS = ("tr_bdf2", "bdf")


def options(method: str) -> str:
    return f'[output]\nfields = {{ at = ["end of pulse"] }}\n[solver]\nmethod = "{method}"\nnewton = 1e-8\n'


@pytest.mark.parametrize("method", METHODS)
def test_a_step_ends_on_what_it_waits_for_and_the_next_one_begins_there(tmp_path: Path, method: str) -> None:
    run = finished(small_case(tmp_path / "case", WAITING, options(method)), tmp_path / "run")
    step, since, conductance = (run.terminals[name] for name in ("step", "step_time_s", "conductance_S"))
    last = np.flatnonzero(step == 2)[-1]
    np.testing.assert_allclose(conductance[last], LEVEL, rtol=1e-8)
    assert (conductance[step == 2][:-1] < LEVEL * (1.0 - 1e-9)).all()
    assert 0.0 < since[last] < 1.0
    pulses = run.pulses
    np.testing.assert_allclose(pulses["width_s"], [since[last], 0.3], rtol=1e-12)
    np.testing.assert_allclose(pulses["t_end_s"][0], 0.1 + since[last], rtol=1e-12)
    np.testing.assert_allclose(pulses["t_start_s"][1], pulses["t_end_s"][0], rtol=1e-15)
    assert pulses["amplitude"][0] == 0.5
    # The ramp begins at the 0.5 V at which the source stood; 250 ms later it has come to zero.
    np.testing.assert_allclose(run.terminals["voltage_V"][np.flatnonzero(step == 3)[0]], 0.5, atol=1e-5)
    np.testing.assert_allclose(run.terminals["voltage_V"][np.flatnonzero(step == 3)[-1]], 0.0, atol=1e-9)
    np.testing.assert_allclose(pulses["amplitude"][1], 0.5, rtol=1e-9)
    assert len(run.profile_times) == 2
    with pytest.raises(ResultError, match="has a step that waits"):
        read_source(run.path)
    assert f"step 2 ended after {since[last]:.9g} s: conductance above 5.7 uS" in (run.path / "run.log").read_text()


@pytest.mark.parametrize("method", [pytest.param("tr_bdf2", marks=pytest.mark.long), "bdf"])
def test_a_kill_around_the_end_of_a_step_that_waits_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    case = small_case(tmp_path / "case", WAITING, options(method))
    kills = Kills(tmp_path / "run", every=9)
    with monkeypatch.context() as patch:
        patch.setattr(compiled, "BATCH", 5)
        patch.setattr(checkpoint, "EVERY", -1.0)
        patch.setattr(Checkpoints, "pause", kills.wrap(Checkpoints.pause, "killed"))
        run_case(case, tmp_path / "run", silent)
    expected = tables(tmp_path / "run")
    copies = [copy for copy in kills.copies if (copy / file_names.CHECKPOINT).exists()]
    places = [read_checkpoint(copy / file_names.CHECKPOINT) for copy in copies]
    inside = [int(str(place["step number"])) for place in places if place["step inside"]]
    assert {1, 2} <= set(inside)
    monkeypatch.setattr(compiled, "BATCH", 5)
    for copy in copies:
        assert resumed(case, copy) == expected, copy.name


def test_a_companion_that_waits_in_vain_is_no_comparison(tmp_path: Path) -> None:
    """The step ends at one time on the mesh of the run and later on every second face; its limit lies between them."""
    long = small_case(tmp_path / "long", WAITING, "")
    line = run_case(long, tmp_path / "whole", silent)
    assert "no estimate" not in line  # each ends where the conductance is the same
    ends = read(tmp_path / "whole").pulses["width_s"][0]
    limit = f'"{ends * (1.0 + 1e-3):.9g} s"'
    line = run_case(small_case(tmp_path / "case", WAITING.replace('"10 s"', limit), ""), tmp_path / "run", silent)
    told = "numerical error: no estimate: step 2 is ended by conductance, in a run beside it by its time"
    assert line == told
    assert told in (tmp_path / "run" / "run.log").read_text()
    assert "mesh_error" not in read(tmp_path / "run").pulses


def test_a_run_ends_where_a_step_waits_in_vain_and_says_so(tmp_path: Path) -> None:
    case = small_case(tmp_path / "case", WAITING.replace('"10 s"', '"20 ms"'), "")
    told = r"step 2 of the protocol ends after 0.02 s without conductance above 5.7 uS \(conductance is 5\.\d+e-06 S\)"
    with pytest.raises(UnreachedError, match=told):
        run_case(case, tmp_path / "run", silent)
    run = read(tmp_path / "run")
    assert run.status.state == "failed"
    assert run.terminals["step"][-1] == 2
    np.testing.assert_allclose(run.pulses["width_s"], [0.02], rtol=1e-12)
    assert "without conductance above 5.7 uS" in (tmp_path / "run" / "run.log").read_text()
