"""What an extraction can be written for: one table by name, one function a target."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from .measured import Extraction, Written

Target = Callable[[Extraction, Path], Written]

# name on the command line: module under eisfv.postprocess with a `write`, in the order of the report
TARGETS = {
    "circuit": "circuit.target",
    "aihwkit": "simulators.arrays.aihwkit",
    "crosssim": "simulators.arrays.crosssim",
    "neurosim": "simulators.arrays.neurosim",
    "spiking": "simulators.spiking.target",
    "network": "simulators.learning.network",
}


def target(name: str) -> Target:
    """Return a target of TARGETS; its module is imported here and no earlier: all together take 0.7 s."""
    return cast(Target, import_module(f"eisfv.postprocess.{TARGETS[name]}").write)


def write_targets(extraction: Extraction, names: list[str], out: Path) -> dict[str, Written]:
    """Return what each target wrote into an existing directory.

    A target whose numbers fail does not take the others with it: it is told with its reason.
    """
    written = {}
    for name in names:
        try:
            written[name] = target(name)(extraction, out)
        except (ArithmeticError, LookupError, RuntimeError, ValueError) as error:
            why = str(error).splitlines()[0] if str(error) else ""
            written[name] = Written(reason=f"failed: {type(error).__name__}: {why}".rstrip(": "))
    return written
