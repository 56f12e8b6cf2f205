"""Compact models of runs made on the spot."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from eisfv.case import load
from eisfv.postprocess.circuit.fit import Fit, fit
from eisfv.postprocess.circuit.model import CompactModel
from eisfv.postprocess.circuit.target import prepared
from eisfv.postprocess.circuit.windows import Window, windows
from eisfv.postprocess.protocol import Step
from eisfv.result import Run
from support.small_case import finished

CASES = Path(__file__).parents[2] / "cases"


@dataclass(frozen=True)
class Trained:
    """A run with its compact model, before (`model`) and after the fit."""

    run: Run
    model: CompactModel
    steps: list[Step]
    windows: list[Window]
    fitted: Fit


def run_of(name: str, out: Path, *settings: str) -> Run:
    """Run a case of the project with some keys set."""
    return finished(load(CASES / name, settings), out)


def tree(run: Run) -> dict[str, object]:
    """Return a run's resolved case."""
    return tomllib.loads((run.path / "case.resolved.toml").read_text())


def model_of(run: Run) -> tuple[CompactModel, list[Step], list[Window]]:
    """Return the compact model of a run with the case's values, its steps and windows."""
    model, steps = prepared(run, tree(run))
    return model, steps, windows(run, steps, model.memory)


def trained(run: Run) -> Trained:
    """Return the fit to a run."""
    model, steps, parts = model_of(run)
    return Trained(run, model, steps, parts, fit(model, run, parts))
