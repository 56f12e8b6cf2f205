"""NEST, driven from the table, reads the separability that the closed form does."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from support.waiting import PATIENCE

SCRIPT = Path(__file__).parents[2] / "cases" / "li_single" / "benchmark_in_nest.py"

pytestmark = pytest.mark.skipif(find_spec("nest") is None, reason="NEST is not installed (nest-simulator)")


def test_nest_tells_trains_apart_as_the_closed_form_does() -> None:
    command = [sys.executable, str(SCRIPT), "--json", "--seeds", "2", "--classes", "8"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    nest, closed = np.moveaxis(np.array(json.loads(done.stdout.splitlines()[-1])), 1, 0)  # seeds, synapses, tau_m
    np.testing.assert_allclose(nest[:, 0], closed[:, 0], rtol=1e-9)  # NO-STP: spikes on the steps are exact
    np.testing.assert_allclose(nest[:, 2], closed[:, 2], rtol=2e-3)  # IDEAL: a current held for 0.05 ms
    np.testing.assert_allclose(nest[:, 1], closed[:, 1], rtol=0.5)  # DEVICE: draws of its own, of 8 classes
    # A reading one step later would not pass.
    assert np.abs(np.exp(-0.05 / 10.0) * nest[:, [0, 2], 0] / closed[:, [0, 2], 0] - 1.0).min() > 2e-3
