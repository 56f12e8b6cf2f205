"""CrossSim itself with the exported files: version 2 reads the tables, version 3 programs cores of the device.

`make crosssim` clones both from their repository into an environment of their own; they are in no package index.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eisfv.postprocess.simulators.arrays.crosssim import BINS, write
from simulators.made_steps import HIGH, LOW, extraction, soft_down, soft_up
from simulators.test_crosssim import DECAY, REST, TAU
from support.waiting import PATIENCE

SCRIPT = Path(__file__).parents[1] / "support" / "crosssim_cores.py"
HOME = Path(os.environ.get("EISFV_CROSSSIM", Path(sys.prefix) / "crosssim"))
TIME = 60.0  # s, half of the decay's

pytestmark = pytest.mark.skipif(not (HOME / "source").is_dir(), reason="CrossSim is not installed: make crosssim")


def answer(version: int, out: Path) -> dict[str, Any]:
    """Return what CrossSim makes of the files in a directory."""
    request = {"version": version, "directory": str(out), "seed": 5, "time": TIME}
    (out / "request.json").write_text(json.dumps(request))
    done = subprocess.run(
        [HOME / "bin" / "python", SCRIPT, out / "request.json"],
        env={**os.environ, "PYTHONPATH": str(HOME / "source")},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_version_2_reads_the_tables_and_steps_as_they_say(tmp_path: Path) -> None:
    write(extraction(soft_up(), soft_down(), noise=0.2), tmp_path)
    found = answer(2, tmp_path)
    assert not found["slow"]  # its words for tables at unequal distances
    np.testing.assert_allclose(found["range"], [LOW, HIGH], rtol=1e-12)
    half_a_bin = 0.5 * (HIGH - LOW) / (BINS - 1)
    for word, step, sign in (("up", soft_up(), 1.0), ("down", soft_down(), -1.0)):
        start, change = (np.array(found[word][name]) for name in ("from", "change"))
        wanted = sign * np.array([step(start - half_a_bin), step(start + half_a_bin)])
        # It takes the nearest bin, and scales to the update that is asked for, the table's mean here.
        assert np.all(change >= wanted.min(axis=0) * (1.0 + 1e-9) - 1e-16)
        assert np.all(change <= wanted.max(axis=0) * (1.0 + 1e-9) + 1e-16)
        assert np.ptp(change) > 10.0 * half_a_bin * np.ptp(wanted[0]) / (HIGH - LOW)


def test_version_3_programs_to_within_half_a_step_and_relaxes_as_the_run(tmp_path: Path) -> None:
    write(extraction(soft_up(), soft_down(), quantities=DECAY), tmp_path)
    found = answer(3, tmp_path)
    weights = np.array(found["weights"])
    programmed, later = np.array(found["programmed"]), np.array(found["later"])
    # A weight of 1 is the whole range of a pair of conductances.
    step = np.max([np.abs(soft_up()(np.linspace(LOW, HIGH, 50))), np.abs(soft_down()(np.linspace(LOW, HIGH, 50)))])
    largest = step / (HIGH - LOW)
    assert 0.0 < np.abs(programmed - weights).max() <= largest
    # Both conductances of a pair relax to the same rest, so the weight goes to nothing.
    slope = float(np.sum(later * weights) / np.sum(weights**2))
    error = 3.0 * largest / np.sqrt(6.0 * weights.size) / weights.std()
    assert abs(slope - np.exp(-TIME / TAU)) < error
    assert abs(slope - 1.0) > 10.0 * error  # where it is not told to drift, it does not
    for word in ("programmed", "later"):
        core, product = np.array(found[word + " product"])
        np.testing.assert_allclose(core, product, rtol=1e-9)
    assert LOW < REST < HIGH
