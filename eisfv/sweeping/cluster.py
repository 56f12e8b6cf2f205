"""Runs on a cluster: Parsl starts the workers through the batch system and brings them their tasks."""

import os
import runpy
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfv.case import CaseError
from eisfv.case.problems import display
from eisfv.errors import one_line
from eisfv.extras import require
from eisfv.result import sweep_file_names
from eisfv.sweeping.plan import Plan, Slurm
from eisfv.sweeping.workers import Workers, broken

if TYPE_CHECKING:  # not everybody has it
    from parsl.config import Config

PROGRAMS = "would be executed with your rights, {where}; read it, then give the sweep --trust"
NO_SLURM = "needs sbatch, which is not in PATH; start the sweep on a machine that submits to the cluster"
# A node that is gone is noticed after so long; Parsl's own 120 s are a task's length here.
HEARTBEAT, SILENCE = 10, 40  # s
QUEUED = 2  # tasks for each worker, one in work and one to go on with
WORKERS_UNKNOWN = 128  # of a configuration that does not say how many it starts


@contextmanager
def cluster(plan: Plan) -> Iterator[Workers]:
    """Give the workers of a plan's cluster; left by an exception, the batch jobs are cancelled.

    Raises CaseError, MissingPackageError.
    """
    refuse_programs(plan)
    require("cluster", f'{display(plan.file)}: executor.kind = "{plan.executor.kind}"')
    from parsl.concurrent import ParslPoolExecutor
    from parsl.executors.high_throughput.errors import ManagerLost, WorkerLost

    if plan.executor.slurm is not None and shutil.which("sbatch") is None:
        raise CaseError([f'{display(plan.file)}: executor.kind = "slurm" {NO_SLURM}'])
    # Parsl calls its own programs by name; they lie beside this Python.
    here = str(Path(sys.executable).parent)
    if here not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, [here, os.environ.get("PATH", "")]))
    settings = plan.executor
    if settings.slurm is not None:
        config = slurm_config(settings.slurm, plan)
        workers = settings.slurm.nodes * settings.slurm.cores_per_node
    else:
        assert settings.config is not None  # the plan has seen to it
        config = config_of(settings.config)
        workers = settings.workers or workers_of(config) or WORKERS_UNKNOWN
    executor = ParslPoolExecutor(config)
    try:
        yield Workers(executor, QUEUED * workers, lambda e: broken(e) or isinstance(e, WorkerLost | ManagerLost))
    finally:
        executor.shutdown(wait=False)  # nobody waits for what is still in work


def refuse_programs(plan: Plan) -> None:
    """Refuse a plan that is not trusted and names programs. Raises CaseError."""
    slurm = plan.executor.slurm
    found = {
        "config": ("by Python here", plan.executor.config is not None),
        "preamble": ("by the shell of every job", slurm is not None and slurm.preamble != ""),
        "options": ("by Slurm and the shell of every job", slurm is not None and slurm.options != ()),
    }
    if not plan.trust:
        lines = [
            f"executor.{key} {PROGRAMS.format(where=where)}" for key, (where, is_there) in found.items() if is_there
        ]
        if lines:
            raise CaseError([f"{display(plan.file)}: {line}" for line in lines])


def slurm_config(slurm: Slurm, plan: Plan) -> "Config":
    """Return the configuration of a plan's Slurm jobs: one node each, as many as are needed. Raises CaseError."""
    from parsl.config import Config
    from parsl.executors import HighThroughputExecutor
    from parsl.jobs.error_handlers import windowed_error_handler
    from parsl.providers import SlurmProvider

    threads = "export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMBA_NUM_THREADS=1"
    path = f"export PATH={shlex.quote(str(Path(sys.executable).parent))}:$PATH"
    provider = SlurmProvider(
        partition=slurm.partition or None,
        account=slurm.account or None,
        qos=slurm.qos or None,
        nodes_per_block=1,
        cores_per_node=slurm.cores_per_node,
        init_blocks=min(slurm.nodes, plan.count),
        min_blocks=0,
        max_blocks=slurm.nodes,
        walltime=clock(slurm.walltime),
        scheduler_options="\n".join(slurm.options),
        worker_init="\n".join(filter(None, [slurm.preamble, path, threads])),
        exclusive=False,
    )
    executor = HighThroughputExecutor(
        label="eisfv",
        provider=provider,
        interchange_launch_cmd=[sys.executable, "-m", "eisfv.sweeping.interchange"],
        max_workers_per_node=slurm.cores_per_node,
        heartbeat_period=HEARTBEAT,
        heartbeat_threshold=SILENCE,
        # A job takes no new task when what is left of its time may not do.
        drain_period=drain(slurm.walltime, plan.executor.task),
        block_error_handler=windowed_error_handler,
    )
    return Config(executors=[executor], run_dir=str(plan.out.resolve() / sweep_file_names.CLUSTER), strategy="simple")


def drain(walltime: float, task: float) -> int | None:
    """Return for how long (s) a job takes new tasks; None, to its end, where it is not much longer than a task."""
    left = walltime - 2.0 * task
    return int(left) if left > 0.5 * walltime else None


def clock(seconds: float) -> str:
    """Return a time as Slurm writes it: 01:30:00."""
    whole = round(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def config_of(file: Path) -> "Config":
    """Return what a user's Parsl configuration file defines as `config`. Raises CaseError."""
    from parsl.config import Config

    try:
        found = runpy.run_path(str(file)).get("config")
    except Exception as error:  # it is a program: anything may be wrong with it
        raise CaseError([f"{display(file)}: cannot be used ({type(error).__name__}: {one_line(error)})"]) from error
    if not isinstance(found, Config):
        raise CaseError([f"{display(file)}: defines no `config`; write config = parsl.config.Config(executors=[...])"])
    return found


def workers_of(config: "Config") -> int:
    """Return how many workers a configuration may start, 0 where it does not say."""
    return sum(workers_of_one(executor) for executor in config.executors)


def workers_of_one(executor: Any) -> int:
    """Return how many workers one of Parsl's executors may start, 0 where it does not say."""
    provider, most = getattr(executor, "provider", None), getattr(executor, "max_workers_per_node", None)
    if provider is None or not isinstance(most, int):
        return int(getattr(executor, "max_threads", 0) or 0)
    return most * int(provider.max_blocks) * int(provider.nodes_per_block)
