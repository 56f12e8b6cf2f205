"""Whether ngspice is here, and the compact model run by it against the run that it is meant to follow."""

import pytest

from eisfv.postprocess.circuit.closure import Closure, by_ngspice, closure
from eisfv.postprocess.circuit.model import Factors
from eisfv.postprocess.circuit.ngspice import installed
from eisfv.postprocess.circuit.spice import subcircuit
from eisfv.result import Run
from support.compact import model_of

needs_ngspice = pytest.mark.skipif(not installed(), reason="ngspice is not installed; apt-get install ngspice")


def closed(run: Run, factors: Factors) -> Closure:
    """Return the run held against ngspice with the subcircuit of these factors."""
    model, _, (first, *_) = model_of(run)
    return closure(run, first, by_ngspice(model, factors, subcircuit(model, factors, []), first), "ngspice")
