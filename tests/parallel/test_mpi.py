"""Several processes give the answer of one, write one result, and end together."""

import csv
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eisfv.solve.errors import SetupError
from eisfv.solve.ranks import SIZE_KEYS, ranks_of_run
from support.section_case import PLANAR, write_section
from support.waiting import PATIENCE, until

EISFV = Path(sys.executable).with_name("eisfv")
MPIRUN = ["mpirun", "--oversubscribe", "-n"]
ENVIRONMENT = {
    **os.environ,
    "OMP_NUM_THREADS": "1",
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
}
PULSE = {"drive": "voltage", "value": "0.5 V", "duration": "100 ms", "pulse": True}
REST = {"drive": "open_circuit", "duration": "1 s", "read": "last 100 ms"}
PROTOCOL = {"protocol": [PULSE, REST]}
has_mpi = importlib.util.find_spec("petsc4py") is not None and shutil.which("mpirun") is not None


def with_mpi(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that starts mpirun."""
    return pytest.mark.petsc(pytest.mark.skipif(not has_mpi, reason="petsc4py or mpirun is not installed")(test))


def launched(count: int, *arguments: object, program: object = EISFV) -> subprocess.CompletedProcess[str]:
    """Return what a command of eisfv, or of another program, did on some processes."""
    command = [*MPIRUN, str(count), str(program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=ENVIRONMENT, check=False)


def numbers(table: Path) -> np.ndarray:
    """Return the numeric columns of a csv table (rows, columns)."""
    with table.open() as file:
        rows = list(csv.reader(file))[1:]
    return np.array([[float(cell) for cell in row if cell not in "AV"] for row in rows])


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_section(tmp_path_factory.mktemp("case"), PROTOCOL)


@pytest.fixture(scope="module")
def serial(case: Path) -> Path:
    out = case / "serial"
    subprocess.run([EISFV, "run", case, "--out", out, "-q"], check=True, timeout=PATIENCE, env=ENVIRONMENT)
    return out


@with_mpi
@pytest.mark.parametrize("count", [2, pytest.param(4, marks=pytest.mark.long)])
def test_several_processes_give_the_serial_answer(case: Path, serial: Path, count: int) -> None:
    out = case / f"on{count}"
    done = launched(count, "run", case, "--out", out)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("tables ") == done.stdout.count("numerical error") == 1
    assert (out / "run.log").read_text().count("starts at") == 1
    assert f"on {count} processes" in (out / "run.log").read_text()
    for name in ("pulses.csv", "terminals.csv"):
        ours, theirs = numbers(out / name), numbers(serial / name)
        largest = np.abs(theirs).max(axis=0)
        largest[largest == 0.0] = 1.0
        np.testing.assert_allclose(ours / largest, theirs / largest, rtol=0.0, atol=1e-9)


@with_mpi
def test_what_the_first_process_says_arrives_though_it_alone_solved_something_before() -> None:
    """As the pilots of a section do, whose mesh it tells the others."""
    script = (
        "from eisfv.solve.ranks import ranks_of_run\n"
        "ranks = ranks_of_run()\n"
        "if ranks.rank == 0:\n"
        "    from eisfv.solve.petsc import started\n"
        "    started()\n"
        "assert ranks.told((None, 1e-3)[ranks.rank :]) == (None, 1e-3)\n"
    )
    done = launched(2, "-c", script, program=sys.executable)
    assert done.returncode == 0, done.stderr


@with_mpi
@pytest.mark.long
def test_a_mesh_by_the_solution_is_that_of_one_process(tmp_path: Path) -> None:
    place = write_section(tmp_path / "case", {**PLANAR, "protocol[0].duration": "10 ms", "mesh": {"error": 0.05}})
    alone, shared = place / "alone", place / "shared"
    subprocess.run([EISFV, "run", place, "--out", alone, "-q"], check=True, timeout=PATIENCE, env=ENVIRONMENT)
    done = launched(2, "run", place, "--out", shared)
    assert done.returncode == 0, done.stderr
    kept = [json.loads((out / "mesh.json").read_text()) for out in (alone, shared)]
    assert kept[0]["sizes_m"] == kept[1]["sizes_m"]
    np.testing.assert_allclose(numbers(shared / "pulses.csv"), numbers(alone / "pulses.csv"), rtol=1e-6)


@with_mpi
@pytest.mark.long
def test_another_device_does_not_give_that_answer(case: Path, serial: Path) -> None:
    out = case / "other"
    command = [EISFV, "run", case, "--out", out, "-q", "--set", "device.region.channel.initial.x=0.0050001"]
    subprocess.run(command, check=True, timeout=PATIENCE, env=ENVIRONMENT)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(numbers(out / "pulses.csv"), numbers(serial / "pulses.csv"), rtol=1e-9)


@with_mpi
def test_a_mistake_is_told_once_and_ends_all(case: Path) -> None:
    done = launched(2, "run", case, "--set", "device.temperature=300")
    assert done.returncode == 2
    assert done.stderr.count("has no unit") == 1
    assert "Traceback" not in done.stderr


@with_mpi
def test_a_run_that_is_there_is_refused_on_all(case: Path, serial: Path) -> None:
    done = launched(2, "run", case, "--out", serial)
    assert done.returncode == 2
    assert done.stderr.count("--force") == 1


@with_mpi
def test_a_solver_of_one_process_is_refused_on_several(case: Path) -> None:
    done = launched(2, "run", case, "--out", case / "never", "--set", "solver.linear=superlu")
    assert done.returncode == 2
    assert done.stderr.count("runs on one process") == 1
    assert not (case / "never").exists()


@with_mpi
@pytest.mark.long
@pytest.mark.parametrize("victim", [0, 1])
def test_a_process_that_dies_ends_the_run(case: Path, tmp_path: Path, victim: int) -> None:
    command = [*MPIRUN, "2", str(EISFV), "run", str(case), "--out", str(tmp_path / "run")]
    command += ["--set", "solver.largest_step=1 us"]  # would take hours
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT, text=True) as run:
        wait_for(tmp_path / "run" / "terminals.csv", run)
        os.kill(rank_of(run.pid, victim), signal.SIGKILL)
        _, errors = run.communicate(timeout=PATIENCE)
    assert run.returncode != 0
    assert "signal 9" in errors


@with_mpi
def test_an_error_on_one_process_ends_the_run() -> None:
    script = (
        "from eisfv.solve.ranks import ranks_of_run\n"
        "import numpy as np\n"
        "ranks = ranks_of_run()\n"
        "if ranks.rank == 1: raise RuntimeError('only here')\n"
        "ranks.total(np.ones(1))\n"
    )
    done = launched(2, "-c", script, program=sys.executable)
    assert done.returncode != 0
    assert "only here" in done.stderr
    assert "process 1 of 2 failed" in done.stderr


@with_mpi
@pytest.mark.long
def test_a_stopped_run_goes_on_with_another_number_of_processes(case: Path, serial: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    command = [*MPIRUN, "2", str(EISFV), "run", str(case), "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=ENVIRONMENT) as run:
        wait_for(out / "terminals.csv", run)
        os.kill(rank_of(run.pid, 1), signal.SIGTERM)
        run.wait(timeout=PATIENCE)
    if '"finished"' not in (out / "status.json").read_text():
        assert '"interrupted"' in (out / "status.json").read_text()
        subprocess.run([EISFV, "run", out, "--resume", "-q"], check=True, timeout=PATIENCE, env=ENVIRONMENT)
    np.testing.assert_allclose(numbers(out / "pulses.csv"), numbers(serial / "pulses.csv"), rtol=1e-8)


def test_mpirun_without_petsc_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SIZE_KEYS[0], "2")
    monkeypatch.setattr("eisfv.solve.ranks.find_spec", lambda name: None)
    with pytest.raises(SetupError, match=r"mpirun started 2 processes, which need petsc4py"):
        ranks_of_run()


def wait_for(file: Path, run: subprocess.Popen[Any]) -> None:
    """Wait until a file holds more than its first line."""
    until(lambda: file.is_file() and file.read_text().count("\n") > 1, run)


def rank_of(launcher: int, rank: int) -> int:
    """Return the process number of a rank that mpirun started."""
    for process in Path("/proc").iterdir():
        try:
            words = (process / "environ").read_bytes().split(b"\0") if process.name.isdigit() else []
            parent = (process / "stat").read_text().rsplit(")", 1)[1].split()[1] if words else ""
        except OSError:
            continue
        if f"OMPI_COMM_WORLD_RANK={rank}".encode() in words and parent == str(launcher):
            return int(process.name)
    raise AssertionError(f"rank {rank} is not running")
