"""The equations written for Brian 2: consistent in their names, and the kernel and the recursion when they are run."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from math import exp
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from eisfv.postprocess.simulators.spiking.target import BRIAN2, write
from eisfv.postprocess.simulators.spiking.tsodyks_markram import recursion
from support.spiking import INTERVALS, extraction, kernel, pair_pulses, train_pulses
from support.waiting import PATIENCE

SCRIPT = Path(__file__).parents[1] / "support" / "brian2_spikes.py"
# A Python that has Brian 2, which does not come with every NumPy: the one that the installation of the tests makes.
PYTHON = Path(os.environ.get("EISFV_BRIAN2_PYTHON", Path(sys.prefix) / "brian2" / "bin" / "python"))
W, U, TAU_REC, TAU_FAC = 4e-8, 0.3, 0.08, 0.3  # S, -, s, s
SPIKES = np.cumsum([1.0, 0.03, 0.05, 0.1, 0.1, 0.4, 0.07, 0.2])  # s
PAIRS = [-120.0, -41.5, -12.0, -3.3, 2.5, 7.0, 33.4, 100.0]  # ms
Names = dict[str, object]


def of_pairs(tmp_path: Path, sign: float = 1.0) -> Path:
    """Return the file of a run of pairs."""
    write(extraction(tmp_path, pair_pulses(INTERVALS, sign * kernel(INTERVALS))), tmp_path)
    return tmp_path / BRIAN2


def of_trains(tmp_path: Path) -> Path:
    """Return the file of a run of trains."""
    start = np.concatenate([offset + np.arange(6) * gap for offset, gap in ((0, 0.03), (50, 0.1), (100, 0.3))])
    response = np.concatenate([W * recursion(one, U, TAU_REC, TAU_FAC) for one in np.split(start, 3)])
    write(extraction(tmp_path, train_pulses(start), response), tmp_path)
    return tmp_path / BRIAN2


def in_plain_numbers(path: Path, monkeypatch: pytest.MonkeyPatch) -> Names:
    """Return the names of a file whose units are SI numbers."""
    units = ModuleType("brian2")
    units.__dict__.update(second=1.0, siemens=1.0)
    monkeypatch.setitem(sys.modules, "brian2", units)
    names: Names = {}
    exec(compile(path.read_text(), str(path), "exec"), names)
    return names


def missing(names: Names, kind: str) -> set[str]:
    """Return the names that the equations of a kind use and nothing defines."""
    model, space = str(names[f"{kind}_MODEL"]), names[f"{kind}_NAMESPACE"]
    assert isinstance(space, dict)
    states = set(re.findall(r"^d(\w+)/dt|^(\w+) :", model, re.MULTILINE))
    known = {name for pair in states for name in pair if name} | set(space) | {"clip", "exp", "t", "siemens"}
    right = [re.sub(r":.*", "", line).partition("=")[2] for line in model.splitlines() if "=" in line]
    code = [str(names[key]) for key in (f"{kind}_ON_PRE", f"{kind}_ON_POST") if key in names]
    return {
        node.id
        for text in [*right, *code]
        for node in ast.walk(ast.parse(text.strip()))
        if isinstance(node, ast.Name) and node.id not in known
    }


def test_every_name_in_the_equations_is_defined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = in_plain_numbers(of_pairs(tmp_path / "pairs"), monkeypatch)
    assert missing(pairs, "STDP") == set()
    assert missing(in_plain_numbers(of_trains(tmp_path / "trains"), monkeypatch), "SHORT") == set()
    pairs["STDP_ON_PRE"] = str(pairs["STDP_ON_PRE"]) + "G = G + unknown"
    assert missing(pairs, "STDP") == {"unknown"}


def alpha_kernel(interval: np.ndarray) -> np.ndarray:
    """Return the changes, S, of a kernel that vanishes at dt = 0: alpha form, 6 and 4 nS, 20 and 35 ms."""
    after, before = interval / 0.020, -interval / 0.035
    late = 6e-9 * after * np.exp(1.0 - after)
    return np.asarray(np.where(interval > 0.0, late, -4e-9 * before * np.exp(1.0 - before)))


def by_the_code(file: Names, spikes: Sequence[tuple[float, str]]) -> float:
    """Return the change of G, S, by spikes of "PRE" and "POST" at times, s, in their order."""
    space = file["STDP_NAMESPACE"]
    assert isinstance(space, dict)
    traces = re.findall(r"^d(\w+)/dt = -\w+/(\w+) :", str(file["STDP_MODEL"]), re.MULTILINE)
    state: Names = {"G": file["STDP_START"], "clip": np.clip, "exp": exp, **{name: 0.0 for name, _ in traces}}
    last = 0.0
    for time, neuron in spikes:
        for name, tau in traces:
            state[name] = float(str(state[name])) * exp(-(time - last) / space[tau])
        state["t"] = last = time
        exec(str(file[f"STDP_ON_{neuron}"]), dict(space), state)
    return float(str(state["G"])) - float(str(file["STDP_START"]))


def test_two_traces_are_the_alpha_form_summed_over_all_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(extraction(tmp_path, pair_pulses(INTERVALS, alpha_kernel(INTERVALS))), tmp_path)
    file = in_plain_numbers(tmp_path / BRIAN2, monkeypatch)
    pre, post = [1000.0, 1000.013, 1000.071], [1000.004, 1000.02, 1000.05]
    spikes = sorted([(time, "PRE") for time in pre] + [(time, "POST") for time in post])
    wanted = sum(float(alpha_kernel(np.array(b - a))) for a in pre for b in post)
    np.testing.assert_allclose(by_the_code(file, spikes), wanted, rtol=1e-5)
    without = str(file["STDP_ON_PRE"]).replace("pre_moment += t", "")
    assert abs(by_the_code({**file, "STDP_ON_PRE": without}, spikes) / wanted - 1.0) > 1e-3


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_code_on_the_spikes_is_the_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sign: float) -> None:
    file = in_plain_numbers(of_pairs(tmp_path, sign), monkeypatch)
    for interval in (-0.05, 0.02):
        change = by_the_code(file, sorted([(1.0, "PRE"), (1.0 + interval, "POST")]))
        np.testing.assert_allclose(change, sign * kernel(np.array(interval)), rtol=1e-6)


def answered(tmp_path: Path, **request: object) -> dict[str, np.ndarray]:
    """Return what Brian 2 answers."""
    if not PYTHON.is_file():
        pytest.skip("Brian 2 is not installed: no .venv/brian2; EISFV_BRIAN2_PYTHON may name a Python that has it")
    path = tmp_path / "request.json"
    path.write_text(json.dumps(request))
    done = subprocess.run([PYTHON, SCRIPT, path], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    return {name: np.array(values) for name, values in json.loads(done.stdout.splitlines()[-1]).items()}


def test_brian_changes_the_conductance_by_the_kernel(tmp_path: Path) -> None:
    answer = answered(tmp_path, file=str(of_pairs(tmp_path)), pairs=PAIRS)
    wanted = kernel(np.array(PAIRS) * 1e-3)
    np.testing.assert_allclose(answer["changes"], wanted, rtol=1e-6)
    assert np.abs(answer["changes"] / kernel(np.array(PAIRS) * 1e-3 + 1e-3) - 1.0).min() > 1e-3


def test_brian_changes_the_conductance_by_the_alpha_form(tmp_path: Path) -> None:
    write(extraction(tmp_path, pair_pulses(INTERVALS, alpha_kernel(INTERVALS))), tmp_path)
    answer = answered(tmp_path, file=str(tmp_path / BRIAN2), pairs=PAIRS)
    np.testing.assert_allclose(answer["changes"], alpha_kernel(np.array(PAIRS) * 1e-3), rtol=1e-5)


def test_brian_answers_a_train_by_the_recursion(tmp_path: Path) -> None:
    times = np.round(1e3 * SPIKES, 3).tolist()
    answer = answered(tmp_path, file=str(of_trains(tmp_path)), train=times)
    np.testing.assert_allclose(answer["responses"], W * recursion(SPIKES, U, TAU_REC, TAU_FAC), rtol=1e-5)
