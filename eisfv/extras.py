"""Packages that not everybody needs: which extra of `pyproject.toml` has them, and how a missing one is installed.

[sweep]      pyarrow, zarr     tables and traces of sweeps
[cluster]    parsl, [sweep]    sweeps through a batch system
[network]    scikit-learn      the digits of `eisfv extract --target network`
[posterior]  emcee             draws of a fit's posterior
[gmsh]       gmsh              drawings that are meshed here
"""

import re
import shlex
import sys
from importlib.metadata import PackageNotFoundError, distribution, requires
from importlib.util import find_spec

from eisfv.errors import EisfvError

REQUIREMENT = re.compile(r"""([\w.-]+)([^;]*);.*\bextra\s*==\s*["']([\w-]+)["']""")


class MissingPackageError(EisfvError):
    """What is asked for needs a package that is not installed."""


def require(extra: str, user: str) -> None:
    """Raise MissingPackageError where packages of an extra are not installed; user: what needs them."""
    reason = missing(extra)
    if reason:
        raise MissingPackageError(f"{user} {reason}")


def missing(extra: str) -> str:
    """Return which packages of an extra are not installed and how to install them; "" where none is missing."""
    wanted = {name: limits for name, limits in _packages(extra).items() if not _installed(name)}
    if not wanted:
        return ""
    names = " and ".join(wanted)
    are = "is" if len(wanted) == 1 else "are"
    return f"needs {names}, which {are} not installed; install: {install(wanted)}"


def install(wanted: dict[str, str]) -> str:
    """Return the command that installs packages, with their limits by name, into the environment in use."""
    pip = [sys.executable, "-m", "pip", "install"]
    uv = ["uv", "pip", "install", "--python", sys.executable]
    return shlex.join([*(pip if find_spec("pip") else uv), *(name + limits for name, limits in wanted.items())])


def _packages(extra: str) -> dict[str, str]:
    """Return the limits of an extra's packages by name, as the installed package says."""
    try:
        lines = requires("eisfv") or ()
    except PackageNotFoundError:  # a source tree in PYTHONPATH
        return {}
    found = {}
    for line in lines:
        entry = REQUIREMENT.match(line)
        if entry is not None and entry[3] == extra and entry[1] != "eisfv":
            found[entry[1]] = entry[2].strip()
    return found


def _installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True
