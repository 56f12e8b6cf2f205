"""A Slurm of one node for a test: its own daemons, ports and files in one folder, stopped at the end.

It needs slurmctld, slurmd and munge installed, and root; no systemd. `why_not()` says what is missing.
"""

import os
import platform
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from support.waiting import PATIENCE

PROGRAMS = ("slurmctld", "slurmd", "munged", "mungekey", "sbatch", "squeue", "scancel", "sinfo")
SYSTEM_SBIN = "/usr/sbin"
CONFIGURATION = """
ClusterName=eisfv
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmdPort={node_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=2
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory} State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def why_not() -> str:
    """Return why Slurm cannot be started here; "" where it can."""
    missing = [name for name in PROGRAMS if found(name) is None]
    if missing:
        return f"{', '.join(missing)} missing (apt-get install slurmctld slurmd slurm-client munge)"
    return "" if os.geteuid() == 0 else "slurmd must be started by root"


def found(name: str) -> str | None:
    """Return where a program is."""
    return shutil.which(name, path=os.environ.get("PATH", "") + os.pathsep + SYSTEM_SBIN)


class Slurm:
    """A running one. `environment` is what its clients need; the daemons were started with it."""

    def __init__(self, folder: Path, cpus: int) -> None:
        self.folder, self.cpus = folder, cpus
        self.daemons: list[subprocess.Popen[bytes]] = []
        self.environment = {"SLURM_CONF": str(folder / "slurm.conf")}

    def start(self) -> None:
        """Start munge, the controller and the node, and wait until the node is idle."""
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        ports = free_port(), free_port()
        text = CONFIGURATION.format(
            host=platform.node(), port=ports[0], node_port=ports[1], folder=self.folder, cpus=self.cpus, memory=memory()
        )
        (self.folder / "slurm.conf").write_text(text)
        subprocess.run([program("mungekey"), "--create", f"--keyfile={self.folder}/munge.key"], check=True)
        self.run("munged", "--foreground", "--force", f"--key-file={self.folder}/munge.key", *self.munge_files())
        self.wait(lambda: (self.folder / "munge.socket").exists(), "munged")
        self.run("slurmctld", "-D", "-f", self.environment["SLURM_CONF"])
        self.run("slurmd", "-D", "-f", self.environment["SLURM_CONF"])
        self.wait(lambda: "idle" in self.told("sinfo", "--noheader", "--format=%t"), "the node")

    def munge_files(self) -> list[str]:
        names = {"socket": "socket", "pid-file": "pid", "log-file": "log", "seed-file": "seed"}
        return [f"--{option}={self.folder}/munge.{name}" for option, name in names.items()]

    def run(self, name: str, *arguments: str) -> None:
        """Start a daemon."""
        with (self.folder / f"{name}.out").open("wb") as out:
            environment = {**os.environ, **self.environment}
            started = subprocess.Popen([program(name), *arguments], stdout=out, stderr=out, env=environment)
        self.daemons.append(started)

    def told(self, name: str, *arguments: str) -> str:
        """Return what a client prints."""
        environment = {**os.environ, **self.environment}
        return subprocess.run([program(name), *arguments], capture_output=True, text=True, env=environment).stdout

    def wait(self, ready: Callable[[], bool], what: str) -> None:
        """Wait until something is so."""
        until = time.monotonic() + PATIENCE
        while not ready():
            ended = [daemon.args for daemon in self.daemons if daemon.poll() is not None]
            if ended or time.monotonic() > until:
                raise RuntimeError(f"{what} is not there; {ended} ended; {self.logs()}")
            time.sleep(0.1)

    def logs(self) -> str:
        """Return the ends of the daemons' logs."""
        files = [*self.folder.glob("*.out"), *self.folder.glob("*.log")]
        return "\n".join(f"{file.name}: {file.read_text(errors='replace')[-600:]}" for file in files)

    def stop(self) -> None:
        """Cancel all jobs and stop the daemons."""
        self.told("scancel", "--user=root")
        with suppress(RuntimeError):
            self.wait(lambda: not self.told("squeue", "--noheader"), "the end of the jobs")
        for daemon in reversed(self.daemons):
            daemon.send_signal(signal.SIGTERM)
            try:
                daemon.wait(10.0)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()


@contextmanager
def slurm(folder: Path, cpus: int = 2) -> Iterator[Slurm]:
    """Give a running Slurm with its files in a folder, which must have a short path: munge's socket lies in it."""
    cluster = Slurm(folder, cpus)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def program(name: str) -> str:
    """Return the path of a program that is there."""
    path = found(name)
    assert path is not None, name
    return path


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def memory() -> int:
    """Return most of this machine's memory in MB."""
    return int(0.8 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20)
