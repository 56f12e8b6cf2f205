"""extract.json: the neutral model, every value with its unit, interval, points, window and residual."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from math import isfinite
from pathlib import Path

import numpy as np

from eisfv.postprocess.regression import CONFIDENCE
from eisfv.result.provenance import digest
from eisfv.versions import package_version

from .measured import Branch, Extraction, Measured, Written

FORMAT = 1
FORMAT_KEY = "eisfv_extraction"


def neutral_text(extraction: Extraction, case_texts: list[str], written: Mapping[str, Written], root: Path) -> str:
    """Return the text of extract.json; files of the targets are named as they lie under `root`.

    Strict JSON: there is no NaN and no infinity; a value that is not finite is null with a reason.
    """
    tree = {
        FORMAT_KEY: FORMAT,
        "eisfv": package_version("eisfv"),
        "confidence": CONFIDENCE,
        "runs": [
            {
                "path": str(run.path),
                "title": run.title,
                "state": run.status.state,
                "simulated_time_s": run.status.simulated_time,
                "pulses": int((extraction.pulses.run == number).sum()),
                "case_sha256": digest(text),
            }
            for number, (run, text) in enumerate(zip(extraction.runs, case_texts, strict=True))
        ],
        "notes": list(extraction.notes),
        "noise_modelled": extraction.noise,
        "largest_residual": extraction.residual,
        "quantities": measured_tree(extraction.quantities),
        "choices": dict(extraction.choices),
        "branches": {"up": branch_tree(extraction.up), "down": branch_tree(extraction.down)},
        "tables": {
            topic: {column: numbers(values) for column, values in table.items()}
            for topic, table in extraction.tables.items()
        },
        "targets": {
            name: {
                "files": [str(path.relative_to(root)) for path in one.files],
                "reason": one.reason,
                "quantities": measured_tree(one.quantities),
            }
            for name, one in written.items()
        },
    }
    return json.dumps(tree, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def measured_tree(quantities: Mapping[str, Measured]) -> dict[str, dict[str, object]]:
    """Return measured values as plain tables."""
    return {name: asdict(finite(value)) for name, value in quantities.items()}


def finite(measured: Measured) -> Measured:
    """Return a measured value without NaN and infinity."""
    if measured.value is not None and not isfinite(measured.value):
        return replace(measured, value=None, low=None, high=None, residual=None, reason="the value is not finite")
    low, high, residual = (
        end if end is not None and isfinite(end) else None for end in (measured.low, measured.high, measured.residual)
    )
    return replace(measured, low=low, high=high, residual=residual)


def branch_tree(branch: Branch | None) -> dict[str, object] | None:
    """Return a branch as a plain table; None where there is none."""
    if branch is None:
        return None
    return {
        "amplitude": branch.amplitude,
        "unit": branch.unit,
        "width_s": branch.width,
        "pulses": int(branch.chosen.size),
        "nodes_S": numbers(branch.nodes),
        "steps_S": numbers(branch.steps),
        "spread_S": numbers(branch.spread),
    }


def numbers(values: np.ndarray) -> list[float | None]:
    """Return an array as a list, None for what is not finite."""
    return [value if isfinite(value) else None for value in values.astype(float).tolist()]
