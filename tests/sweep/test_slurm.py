"""A sweep on a real Slurm of one node: submitted by its sweep file, a worker and a job killed on the way."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from eisfv.result import sweep_file_names
from eisfv.result.sweep_table import read_sweep
from support import slurm
from support.small_case import COARSE, write_case
from support.small_sweep import MANY_PULSES, PULSE, kill_one_at, records, shards, texts
from support.waiting import PATIENCE

SWEEP = """
[sweep]
title = "Thickness and height on a cluster"
case = "case"
out = "out"

[[axis]]
key = "device.region.electrolyte.thickness"
values = ["0.5 um", "1 um"]

[[axis]]
name = "height"
key = "protocol[1].value"
from = "0.2 V"
to = "0.6 V"
points = 3

[[quantity]]
name = "dG"
from = "pulses"
column = "dG_S"
select = "first 1"
reduce = "first"

[executor]
kind = "slurm"
nodes = 1
cores_per_node = 2
partition = "main"
walltime = "10 min"
task = "1 s"
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[slurm.Slurm]:
    reason = slurm.why_not()
    if reason:
        pytest.skip(f"the test on a real Slurm did not run: {reason}")
    with TemporaryDirectory(prefix="eisfv-slurm-") as folder:
        Path(folder).chmod(0o755)  # munge refuses a folder that only one may enter
        with slurm.slurm(Path(folder)) as running:
            yield running


@pytest.mark.slurm
def test_a_sweep_on_slurm_finishes_though_a_worker_is_killed(tmp_path: Path, cluster: slurm.Slurm) -> None:
    write_case(tmp_path / "case", PULSE + MANY_PULSES, "", COARSE)
    (tmp_path / "sweep.toml").write_text(SWEEP)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "eisfv.cli", "sweep", str(tmp_path / "sweep.toml")]
    environment = {**os.environ, **cluster.environment}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        _, key = kill_one_at(out)
        said, complained = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode == 0, complained
    assert "6 of 6 points finished" in said
    assert "a worker was ended from outside" in complained
    sweep = read_sweep(out)
    assert sweep.finished.all()
    assert np.isfinite(sweep.table["dG_S"]).all()
    # The run that the worker was killed at is the only one that was begun twice.
    begun = Counter(text["key"] for path in shards(out) for text in texts(path) if text["kind"] == "begin")
    assert begun == Counter(list(sweep.table["key"]) + [key])
    assert Counter(record["key"] for record in records(out)) == Counter(sweep.table["key"])
    jobs = list((out / sweep_file_names.CLUSTER).glob("*/submit_scripts/*.stdout"))
    assert len(jobs) == 1
    assert cluster.told("squeue", "--noheader", "--states=RUNNING,PENDING") == ""
