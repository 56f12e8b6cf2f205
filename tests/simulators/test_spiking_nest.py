"""NEST itself under the written parameters: its changes of weight are the kernel, its responses the recursion."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.simulators.spiking.target import NEST, write
from eisfv.postprocess.simulators.spiking.tsodyks_markram import recursion
from support.spiking import (
    A_MINUS,
    A_PLUS,
    INTERVALS,
    LEVEL,
    TAU_MINUS,
    TAU_PLUS,
    extraction,
    kernel,
    pair_pulses,
    train_pulses,
)
from support.waiting import PATIENCE

SCRIPT = Path(__file__).parents[1] / "support" / "nest_spikes.py"
W, U, TAU_REC, TAU_FAC = 4e-8, 0.3, 0.08, 0.3  # S, -, s, s
SPIKES = np.cumsum([1.0, 0.03, 0.05, 0.1, 0.1, 0.4, 0.07, 0.2])  # s

pytestmark = pytest.mark.skipif(find_spec("nest") is None, reason="NEST is not installed (nest-simulator)")


def asked(tmp_path: Path, **request: object) -> dict[str, np.ndarray]:
    """Return what NEST answers."""
    path = tmp_path / "request.json"
    path.write_text(json.dumps(request))
    done = subprocess.run([sys.executable, SCRIPT, path], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    return {name: np.array(values) for name, values in json.loads(done.stdout.splitlines()[-1]).items()}


def test_nest_changes_the_weight_by_the_kernel(tmp_path: Path) -> None:
    written = write(extraction(tmp_path, pair_pulses(INTERVALS, kernel(INTERVALS))), tmp_path)
    assert tmp_path / NEST in written.files
    intervals = [-120.0, -41.5, -12.0, -3.3, -1.5, 1.0, 2.5, 7.0, 33.4, 100.0]  # ms
    answer = asked(tmp_path, file=str(tmp_path / NEST), pairs=intervals)
    np.testing.assert_allclose(answer["before"], LEVEL * 1e9, rtol=1e-12)
    change = (answer["after"] - answer["before"]) * 1e-9
    # NEST lets the post-spike travel the synapse's delay back before it compares it with the pre-spike.
    dt = (np.array(intervals) + answer["delay"]) * 1e-3
    np.testing.assert_allclose(change, kernel(dt), rtol=1e-6)
    assert np.abs(change / kernel(np.array(intervals) * 1e-3) - 1.0).min() > 1e-3


def test_nest_answers_a_train_by_the_recursion(tmp_path: Path) -> None:
    start = np.concatenate([offset + np.arange(6) * gap for offset, gap in ((0, 0.03), (50, 0.1), (100, 0.3))])
    response = np.concatenate([W * recursion(one, U, TAU_REC, TAU_FAC) for one in np.split(start, 3)])
    write(extraction(tmp_path, train_pulses(start), response), tmp_path)
    answer = asked(tmp_path, file=str(tmp_path / NEST), train=np.round(1e3 * SPIKES, 3).tolist())
    wanted = 1e9 * W * recursion(SPIKES, U, TAU_REC, TAU_FAC)
    np.testing.assert_allclose(answer["weights"], wanted, rtol=1e-5)
    wrong = 1e9 * W * recursion(SPIKES, U, TAU_REC, 1.1 * TAU_FAC)
    assert np.abs(answer["weights"] / wrong - 1.0).max() > 1e-3


def test_the_kernels_parameters_are_in_nests_terms(tmp_path: Path) -> None:
    import runpy

    write(extraction(tmp_path, pair_pulses(INTERVALS, kernel(INTERVALS))), tmp_path)
    file = runpy.run_path(str(tmp_path / NEST))
    synapse = file["STDP_SYNAPSE"]
    np.testing.assert_allclose(synapse["lambda"] * synapse["Wmax"], 1e9 * A_PLUS, rtol=1e-6)
    np.testing.assert_allclose(synapse["alpha"], A_MINUS / A_PLUS, rtol=1e-6)
    np.testing.assert_allclose(synapse["tau_plus"], 1e3 * TAU_PLUS, rtol=1e-6)
    np.testing.assert_allclose(file["POST_NEURON"]["tau_minus"], 1e3 * TAU_MINUS, rtol=1e-6)


def test_nest_learns_which_inputs_fire_together_by_a_kernel_that_strengthens_alone(tmp_path: Path) -> None:
    both = A_PLUS * np.exp(-np.abs(INTERVALS) / TAU_PLUS)
    write(extraction(tmp_path, pair_pulses(INTERVALS, both)), tmp_path)
    random = np.random.default_rng(2)
    output = np.sort(random.choice(np.arange(1000.0, 21_000.0, 100.0), 40, replace=False))  # ms
    inputs = [np.round(np.sort(random.uniform(500.0, 21_500.0, 40)), 1) for _ in range(100)]
    for k in range(10):
        inputs[k] = np.round(np.sort(output + 10.0 * random.normal(size=output.size)), 1)
    learnt = asked(tmp_path, file=str(tmp_path / NEST), inputs=[one.tolist() for one in inputs], output=output.tolist())
    change = learnt["learnt"] * 1e-9 - LEVEL
    apart = [np.abs(output[:, None] + 1.0 - one).round(6) for one in inputs]  # with the synapse's delay of 1 ms
    wanted = [A_PLUS * np.exp(-dt[dt > 0.0] * 1e-3 / TAU_PLUS).sum() for dt in apart]  # dt = 0 is on neither side
    np.testing.assert_allclose(change, wanted, rtol=1e-3)
    assert change[:10].min() > 2.0 * change[10:].max()
