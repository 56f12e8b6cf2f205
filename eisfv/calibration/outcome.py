"""What a fit keeps of a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Outcome:
    """The values of a job's entries and their numerical errors, by expected.toml and name; or why there are none.

    curves  the model at the points of measured curves
    """

    values: Mapping[tuple[Path, str], float]
    errors: Mapping[tuple[Path, str], float]
    failure: str = ""
    curves: Mapping[tuple[Path, str], np.ndarray] = field(default_factory=dict)
