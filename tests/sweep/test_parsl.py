"""The engine of a cluster, Parsl, with two workers of this machine; a configuration file of the user's own."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfv import extras
from eisfv.case import CaseError
from eisfv.result.sweep_table import read_sweep
from eisfv.sweeping import cluster
from eisfv.sweeping.cluster import clock, config_of, drain, slurm_config, workers_of
from eisfv.sweeping.driver import run_sweep
from eisfv.sweeping.plan import Executor, Plan, Slurm
from support import sweep_process
from support.small_sweep import kill_one_at, records, small_plan
from support.waiting import PATIENCE

CONFIGURATION = """
from parsl.config import Config
from parsl.executors import HighThroughputExecutor
from parsl.providers import LocalProvider

workers = HighThroughputExecutor(
    label="here",
    address="127.0.0.1",
    max_workers_per_node=2,
    cores_per_worker=0.5,
    heartbeat_period=1,
    heartbeat_threshold=5,
    provider=LocalProvider(init_blocks=1, max_blocks=1),
)
config = Config(executors=[workers], run_dir="{out}/parsl", strategy="none")
"""
SLURM = Slurm(4, 32, "long", "physics", "", 7200.0, "module load python", ("#SBATCH --mem=4G",))


def on_parsl(folder: Path, text: str = CONFIGURATION, long: bool = False) -> Plan:
    """Return a sweep that is run by a Parsl configuration."""
    plan = small_plan(folder, long=long)
    file = folder / "my_parsl.py"
    file.write_text(text.replace("{out}", str(folder)))
    return replace(plan, executor=Executor("parsl", 0, 60.0, "none", file), trust=True)


@pytest.mark.long
def test_two_workers_of_parsl_finish_a_sweep_though_one_is_killed(tmp_path: Path) -> None:
    plan = on_parsl(tmp_path, long=True)
    process = subprocess.Popen([sys.executable, sweep_process.__file__, str(tmp_path), "parsl"])
    kill_one_at(plan.out)
    assert process.wait(timeout=PATIENCE) == 0
    sweep = read_sweep(plan.out)
    assert sweep.finished.all()
    assert np.isfinite(sweep.table["dG_S"]).all()
    assert len({record["key"] for record in records(plan.out)}) == len(records(plan.out)) == plan.count


# Parsl leaves sockets open where it looks for this machine's addresses.
careless = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


@careless
def test_a_slurm_preset_asks_for_what_the_sweep_file_says(tmp_path: Path) -> None:
    plan = replace(small_plan(tmp_path), executor=Executor("slurm", 128, 60.0, "none", slurm=SLURM))
    (executor,) = slurm_config(SLURM, replace(plan, count=1000)).executors
    provider = executor.provider
    assert (provider.max_blocks, provider.init_blocks, provider.nodes_per_block) == (4, 4, 1)
    assert provider.walltime == "02:00:00"
    for line in ("#SBATCH --mem=4G", "#SBATCH --partition=long", "#SBATCH --account=physics"):
        assert line in provider.scheduler_options.splitlines()
    assert "qos" not in provider.scheduler_options
    assert provider.worker_init.splitlines()[0] == "module load python"
    assert str(Path(sys.executable).parent) in provider.worker_init
    assert "OMP_NUM_THREADS=1" in provider.worker_init


@careless
def test_a_small_sweep_starts_no_more_jobs_than_it_has_points(tmp_path: Path) -> None:
    plan = replace(small_plan(tmp_path), executor=Executor("slurm", 128, 60.0, "none", slurm=SLURM), count=2)
    (executor,) = slurm_config(SLURM, plan).executors
    assert executor.provider.init_blocks == 2


@pytest.mark.parametrize("walltime, task, until", [(3600.0, 60.0, 3480), (300.0, 100.0, None), (7200.0, 120.0, 6960)])
def test_a_job_takes_no_task_that_its_time_may_not_do_for(walltime: float, task: float, until: int | None) -> None:
    assert drain(walltime, task) == until


def test_times_are_written_as_slurm_reads_them() -> None:
    assert [clock(seconds) for seconds in (59.6, 5400.0, 360_000.0)] == ["00:01:00", "01:30:00", "100:00:00"]


def test_the_workers_of_a_configuration_are_counted(tmp_path: Path) -> None:
    plan = on_parsl(tmp_path)
    assert plan.executor.config is not None
    assert workers_of(config_of(plan.executor.config)) == 2


@pytest.mark.parametrize(
    "text, words",
    [
        ("workers = 3", r"my_parsl\.py: defines no `config`"),
        ("config = 3", r"my_parsl\.py: defines no `config`"),
        ("import no_such_module", r"my_parsl\.py: cannot be used \(ModuleNotFoundError"),
        ("config = (", r"my_parsl\.py: cannot be used \(SyntaxError"),
    ],
)
def test_a_configuration_that_is_none_is_told_in_one_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(CaseError, match=words) as error:
        run_sweep(on_parsl(tmp_path, text))
    assert len(error.value.lines) == 1


def test_a_configuration_is_executed_with_trust_alone(tmp_path: Path) -> None:
    plan = on_parsl(tmp_path, "open('{out}/executed', 'w').close(); config = 3")
    with pytest.raises(CaseError, match=r"executor\.config would be executed .*by Python.*give the sweep --trust"):
        run_sweep(replace(plan, trust=False))
    assert not (tmp_path / "executed").exists()
    with pytest.raises(CaseError, match="defines no `config`"):
        run_sweep(plan)
    assert (tmp_path / "executed").exists()


@pytest.mark.parametrize(
    "preamble, options, keys",
    [
        ("module load python", (), ["preamble"]),
        ("", ("#SBATCH --mem=4G",), ["options"]),
        ("rm -r *", ("rm -r *",), ["preamble", "options"]),
        ("", (), []),
    ],
)
def test_what_the_shell_of_a_job_executes_needs_trust(
    tmp_path: Path, preamble: str, options: tuple[str, ...], keys: list[str]
) -> None:
    slurm = replace(SLURM, preamble=preamble, options=options)
    plan = replace(small_plan(tmp_path), executor=Executor("slurm", 128, 60.0, "none", slurm=slurm))
    cluster.refuse_programs(replace(plan, trust=True))
    if not keys:
        cluster.refuse_programs(plan)
        return
    with pytest.raises(CaseError) as caught:
        cluster.refuse_programs(plan)
    assert [line.split("executor.")[1].split()[0] for line in caught.value.lines] == keys


def test_without_parsl_one_line_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "_installed", lambda name: name != "parsl")
    with pytest.raises(extras.MissingPackageError, match=r'executor\.kind = "parsl" needs parsl, .*install: .*parsl>='):
        run_sweep(on_parsl(tmp_path))


def test_without_slurm_one_line_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    plan = replace(small_plan(tmp_path), executor=Executor("slurm", 128, 60.0, "none", slurm=SLURM), trust=True)
    with pytest.raises(CaseError, match=r'executor\.kind = "slurm" needs sbatch, which is not in PATH') as error:
        run_sweep(plan)
    assert len(error.value.lines) == 1


def test_the_programs_of_parsl_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin")
    with pytest.raises(CaseError), cluster.cluster(on_parsl(tmp_path, "config = 3")):
        pass
    assert os.environ["PATH"].split(os.pathsep) == [str(Path(sys.executable).parent), "/usr/bin"]
