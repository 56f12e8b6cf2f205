"""Compact models of runs made on the spot."""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from eisfv.case import load
from eisfv.model import CaseFile, read_resolved
from eisfv.postprocess.circuit.fit import Fit, fit
from eisfv.postprocess.circuit.model import CompactModel
from eisfv.postprocess.circuit.target import prepared
from eisfv.postprocess.circuit.windows import Window, windows
from eisfv.postprocess.extract.measured import Extraction, Pulses
from eisfv.postprocess.protocol import DrivenStep
from eisfv.result import Run
from support.small_case import finished

CASES = Path(__file__).parents[2] / "cases"


@dataclass(frozen=True)
class Trained:
    """A run with its compact model, before (`model`) and after the fit."""

    run: Run
    model: CompactModel
    steps: list[DrivenStep]
    windows: list[Window]
    fitted: Fit


def run_of(name: str, out: Path, *settings: str) -> Run:
    """Run a case of the project with some keys set."""
    return finished(load(CASES / name, settings), out)


def records(run: Run) -> CaseFile:
    """Return a run's resolved case."""
    return read_resolved((run.path / "case.resolved.toml").read_text())


def model_of(run: Run) -> tuple[CompactModel, list[DrivenStep], list[Window]]:
    """Return the compact model of a run with the case's values, its steps and windows."""
    model, steps = prepared(run, records(run))
    return model, steps, windows(run, steps, model.memory)


def trained(run: Run) -> Trained:
    """Return the fit to a run."""
    model, steps, parts = model_of(run)
    return Trained(run, model, steps, parts, fit(model, run, parts))


def extraction(*runs: Run, case: CaseFile | None = None) -> Extraction:
    """Return what the target looks at of an extraction: runs and cases."""
    columns = {field.name: np.empty(0) for field in fields(Pulses)}
    cases = tuple(case if case is not None else records(run) for run in runs)
    return Extraction(runs, cases, Pulses(**columns), None, None, {})
