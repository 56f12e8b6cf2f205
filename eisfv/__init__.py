"""Finite-volume simulation of coupled ion transport and electrochemistry in electrochemical ionic synapses.

    import eisfv

    case = eisfv.load("cases/mg_wo3_pulses")     a case directory, or eisfv.Case(...) from scratch
    case.set("device.temperature", "350 K")      as --set of the command line
    run = eisfv.run(case)                        in memory; with out = "runs/hot" on disk
    run.terminals, run.pulses, run.profiles      xarray and pandas, with units
    run.plot("pulses"), run.fipy(10.5)

What goes wrong is an `EisfvError`, whose message is one line for each fault. Everything is imported when it is first
asked for.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

# numba takes settings from a .numba_config.yaml of the working directory. Of a cache named there the pickles would be
# executed; a variable, an empty one too, goes before that.
os.environ.setdefault("NUMBA_CACHE_DIR", "")

if TYPE_CHECKING:
    from eisfv.api.benchmarking import benchmark
    from eisfv.api.calibrating import calibrate
    from eisfv.api.case import Case, load
    from eisfv.api.characterising import characterise
    from eisfv.api.checking import check
    from eisfv.api.comparing import compare
    from eisfv.api.extracting import extract
    from eisfv.api.impedance import Spectrum, impedance
    from eisfv.api.looking import info, new, schema
    from eisfv.api.programming_noise import noise
    from eisfv.api.run import Run
    from eisfv.api.run import open_run as open
    from eisfv.api.running import run
    from eisfv.api.sensitivity import sensitivity
    from eisfv.api.simulation import Simulation
    from eisfv.api.sweeping import open_sweep, plan_sweep, sweep
    from eisfv.case.problems import CaseError
    from eisfv.errors import EisfvError, EisfvWarning
    from eisfv.result import ResultError
    from eisfv.simulation import SolverError

__version__ = "0.1.0"

# Where each name is; the name there where it is another.
PLACES = {
    "Case": "eisfv.api.case",
    "CaseError": "eisfv.case.problems",
    "EisfvError": "eisfv.errors",
    "EisfvWarning": "eisfv.errors",
    "ResultError": "eisfv.result",
    "Run": "eisfv.api.run",
    "Simulation": "eisfv.api.simulation",
    "SolverError": "eisfv.simulation",
    "Spectrum": "eisfv.api.impedance",
    "benchmark": "eisfv.api.benchmarking",
    "calibrate": "eisfv.api.calibrating",
    "characterise": "eisfv.api.characterising",
    "check": "eisfv.api.checking",
    "compare": "eisfv.api.comparing",
    "extract": "eisfv.api.extracting",
    "impedance": "eisfv.api.impedance",
    "info": "eisfv.api.looking",
    "load": "eisfv.api.case",
    "new": "eisfv.api.looking",
    "noise": "eisfv.api.programming_noise",
    "open": "eisfv.api.run:open_run",
    "open_sweep": "eisfv.api.sweeping",
    "plan_sweep": "eisfv.api.sweeping",
    "run": "eisfv.api.running",
    "schema": "eisfv.api.looking",
    "sensitivity": "eisfv.api.sensitivity",
    "sweep": "eisfv.api.sweeping",
}

__all__ = [
    "Case",
    "CaseError",
    "EisfvError",
    "EisfvWarning",
    "ResultError",
    "Run",
    "Simulation",
    "SolverError",
    "Spectrum",
    "benchmark",
    "calibrate",
    "characterise",
    "check",
    "compare",
    "extract",
    "impedance",
    "info",
    "load",
    "new",
    "noise",
    "open",
    "open_sweep",
    "plan_sweep",
    "run",
    "schema",
    "sensitivity",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """Return a name of the front door, imported when it is first asked for."""
    if name not in PLACES:
        raise AttributeError(f"module 'eisfv' has no attribute '{name}'")
    module, _, there = PLACES[name].partition(":")
    found = getattr(import_module(module), there or name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *PLACES})
