"""`eisfv sweep` as a user types it: told beforehand, run, run again, gathered, drawn, stopped."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from eisfv.result.sweep_table import read_sweep
from support.sweep_file import CHANGE, CURRENT, HEAD, THICKNESS, sweep_file
from support.waiting import PATIENCE, until

Invoke = Callable[..., Result]
Typed = Callable[..., subprocess.CompletedProcess[str]]
READ = '[[axis]]\nname = "read"\nkey = "protocol[0].read"\nvalues = ["last 1 s", "last 3 s"]\n'
STEP = '[[axis]]\nname = "step"\nkey = "protocol[0].duration"\nvalues = ["5 s", "2 s"]\n'
LOADED = "import sys; from eisfv.cli import app; app(sys.argv[1:], standalone_mode=False); print(*sys.modules)"
ONE = "[executor]\nworkers = 1\n"


@pytest.mark.parametrize("words", [("sweep", "--dry-run"), ("sweep", "run", "--dry-run")])
def test_run_need_not_be_said(words: tuple[str, ...], tmp_path: Path, invoke: Invoke) -> None:
    result = invoke(*words, sweep_file(tmp_path))
    assert result.exit_code == 0
    assert "a small sweep: 9 points, 3 thickness x 3 exchange_current" in result.stdout
    assert "9 to run" in result.stdout
    assert not (tmp_path / "runs").exists()


def test_help_tells_the_three_commands(invoke: Invoke) -> None:
    text = re.sub(r"\s+", " ", invoke("sweep", "--help").stdout)
    assert "[run] SWEEP.toml | gather | plot" in text
    assert "--retry-failed" in invoke("sweep", "run", "--help").stdout


@pytest.mark.parametrize("words", [("sweep", "--help"), *(("sweep", w, "--help") for w in ("run", "gather", "plot"))])
def test_help_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-c", LOADED, *words], text=True, capture_output=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "eisfv.cli" in loaded
    assert not loaded & {"numpy", "numba", "scipy", "pyarrow", "zarr", "xarray", "parsl", "matplotlib"}


@pytest.mark.parametrize(
    "words, told",
    [
        (("sweep", "nothing.toml"), "does not exist; name a sweep file"),
        (("sweep", "nothing.toml", "--runs"), "No such option"),
        (("sweep", "gather", "."), "holds no sweep (it has no points.shard)"),
        (("sweep", "plot", "."), "holds no gathered sweep"),
        (("sweep", "."), "has no sweep.toml; name a sweep file"),
    ],
)
def test_what_cannot_be_done_is_told(
    words: tuple[str, ...], told: str, tmp_path: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke(*words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr


def test_all_faults_of_a_file_are_lines(tmp_path: Path, invoke: Invoke) -> None:
    text = HEAD + THICKNESS.replace('"1 um"', '"1 V"') + CHANGE.replace("dG_S", "dG")
    result = invoke("sweep", sweep_file(tmp_path, text))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert all(line.startswith(str(tmp_path / "sweep.toml: ")) for line in result.stderr.splitlines())


def test_workers_on_the_command_line_are_for_this_machine(tmp_path: Path, invoke: Invoke) -> None:
    slurm = '[executor]\nkind = "slurm"\ncores_per_node = 4\nwalltime = "1 h"\n'
    result = invoke("sweep", sweep_file(tmp_path, HEAD + THICKNESS + slurm), "--workers", "2")
    assert result.exit_code == 2
    assert "--workers 2: are for runs on this machine" in result.stderr


def test_a_sweep_is_run_once_gathered_and_drawn(tmp_path: Path, typed: Typed, invoke: Invoke) -> None:
    file = sweep_file(tmp_path, HEAD + THICKNESS + CHANGE + ONE)
    first = typed("sweep", file)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("3 of 3 points finished, in ")
    shards = {path: path.stat().st_mtime_ns for path in (tmp_path / "runs" / "sweep" / "shards").iterdir()}
    table = read_sweep(tmp_path / "runs" / "sweep").table
    assert table["thickness_um"].tolist() == [1.0, 2.0, 4.0]
    assert (table["dG_S"] != 0.0).all()

    again = typed("sweep", tmp_path)
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith("3 of 3 points finished, 3 of them before, in ")
    assert {path: path.stat().st_mtime_ns for path in shards} == shards

    gathered = invoke("sweep", "gather", tmp_path)
    assert (gathered.exit_code, gathered.stdout.strip()[-12:]) == (0, "runs.parquet")
    drawn = invoke("sweep", "plot", tmp_path / "runs" / "sweep", "--y", "dG")
    assert drawn.exit_code == 0, drawn.stderr
    assert Path(drawn.stdout.strip()).is_file()
    wrong = invoke("sweep", "plot", tmp_path, "--y", "dGG")
    assert (wrong.exit_code, wrong.stderr.count("\n")) == (2, 1)


def test_points_that_fail_are_told_and_stop_nothing(tmp_path: Path, typed: Typed) -> None:
    file = sweep_file(tmp_path, HEAD + READ + STEP + CHANGE + ONE)
    result = typed("sweep", file, "--out", tmp_path / "elsewhere", "--quiet")
    assert result.returncode == 0
    assert result.stdout == ""
    assert "1 of 4 points failed" in result.stderr
    assert "--retry-failed" not in result.stderr  # it is no case, and would be none again
    table = read_sweep(tmp_path / "elsewhere").table
    assert sorted(table["status"].tolist()) == ["failed", "finished", "finished", "finished"]
    assert "is longer than the step" in table["reason"][table["status"] == "failed"][0]


@pytest.mark.long
def test_a_sweep_of_which_nothing_finishes_has_failed(tmp_path: Path, typed: Typed) -> None:
    hopeless = 'set = ["solver.smallest_step=50 ms", "solver.tolerance=1e-9"]\n'
    result = typed("sweep", sweep_file(tmp_path, HEAD + hopeless + THICKNESS + CHANGE + ONE))
    assert result.returncode == 1
    assert "0 of 3 points finished" in result.stdout
    assert "3 of 3 points failed; the column reason of" in result.stderr
    assert result.stderr.rstrip().endswith("--retry-failed runs them again")
    assert "Traceback" not in result.stderr


@pytest.mark.long
def test_a_sweep_of_which_no_run_gives_a_quantity_has_failed(tmp_path: Path, typed: Typed) -> None:
    many = CHANGE.replace('"all"', '"first 10"')
    result = typed("sweep", sweep_file(tmp_path, HEAD + THICKNESS + CHANGE + many.replace("dG", "ten", 1) + ONE))
    assert result.returncode == 1
    assert "3 of 3 points finished" in result.stdout
    assert "3 of 3 finished points do not give ten; the column reason of" in result.stderr
    assert "do not give dG" not in result.stderr
    drawn = typed("sweep", "plot", tmp_path, "--y", "ten")
    assert drawn.returncode == 2
    assert 'no run gives "ten"; the first says: ' in drawn.stderr
    assert 'select = "first 10" asks for more' in drawn.stderr


def test_the_table_itself_may_be_named_to_be_drawn(tmp_path: Path, invoke: Invoke) -> None:
    result = invoke("sweep", "plot", tmp_path / "runs.parquet")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "holds no gathered sweep" in result.stderr


def test_a_case_in_the_place_of_a_sweep_file_is_told_in_one_line(tmp_path: Path, invoke: Invoke) -> None:
    sweep_file(tmp_path)
    result = invoke("sweep", tmp_path / "base" / "case.toml")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "case.toml: is a case; name a sweep file" in result.stderr


def test_a_stopped_sweep_says_how_to_go_on(tmp_path: Path) -> None:
    many = CURRENT.replace("points = 3", "points = 400")
    file = sweep_file(tmp_path, HEAD + many + CHANGE + ONE)
    words = [sys.executable, "-m", "eisfv.cli", "sweep", str(file)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(words, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        shards = tmp_path / "runs" / "sweep" / "shards"
        until(lambda: shards.is_dir() and any(path.stat().st_size > 2000 for path in shards.iterdir()), process)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert told.strip().splitlines()[-1] == (
        f"{file}: interrupted; the runs that are done are kept, go on with: eisfv sweep {file}"
    )
    assert "Traceback" not in told
