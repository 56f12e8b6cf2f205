"""aihwkit's compiled simulator with the exported devices: its pulses are the measured steps, and layers of them learn.

`make aihwkit` installs it, with PyTorch, into an environment of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eisfv.postprocess.simulators.arrays.aihwkit import PYTHON_FILE, write
from simulators.stand_ins import aihwkit_file
from simulators.test_aihwkit import CASES, FUNCTIONS, extraction, pulse
from support.waiting import PATIENCE

SCRIPT = Path(__file__).parents[1] / "support" / "aihwkit_steps.py"
PYTHON = Path(os.environ.get("EISFV_AIHWKIT_PYTHON", Path(sys.prefix) / "aihwkit" / "bin" / "python"))
WEIGHTS = [-0.3, 0.0, 0.3]  # within the bounds of every device: beyond, the library clips

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not PYTHON.is_file(), reason="aihwkit is not installed: make aihwkit"),
]


@pytest.fixture(scope="module", params=["soft", "growing", "lopsided"])
def answered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Return the file of a device and what aihwkit makes of it."""
    out = tmp_path_factory.mktemp(request.param)
    write(extraction(*CASES[request.param]), out)
    asked = {"file": str(out / PYTHON_FILE), "functions": list(FUNCTIONS.values()), "weights": WEIGHTS}
    (out / "request.json").write_text(json.dumps(asked))
    done = subprocess.run(
        [PYTHON, SCRIPT, out / "request.json"], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    return out / PYTHON_FILE, json.loads(done.stdout.splitlines()[-1])


def test_a_pulse_of_the_simulator_is_the_pulse_of_the_file(
    answered: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, answer = answered
    defined = aihwkit_file(file, monkeypatch)
    for name in FUNCTIONS.values():
        for word, up in (("up", True), ("down", False)):
            wanted = pulse(defined[name](), np.array(WEIGHTS), up=up)
            np.testing.assert_allclose(answer[name][word], wanted, rtol=1e-4, err_msg=f"{name} {word}")


def test_layers_of_every_device_learn(answered: tuple[Path, dict[str, Any]]) -> None:
    for name, found in answered[1].items():
        before, after = found["errors"]
        assert after < 0.5 * before, name  # the lopsided device keeps a third of it
