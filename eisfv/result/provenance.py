"""provenance.json: what made a result."""

import hashlib
import platform
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from eisfv.versions import PACKAGES, package_version

PACKAGES_WHEN_LOADED = ("petsc4py", "mpi4py")


def digest(text: str) -> str:
    """Return the SHA-256 of a resolved case: equal cases have equal digests."""
    return hashlib.sha256(text.encode()).hexdigest()


def provenance(
    case_digest: str, command: Sequence[str], statistics: Mapping[str, Any], wall_time: float
) -> dict[str, Any]:
    """Return what provenance.json holds. statistics: counts and times of the solver; wall_time in s."""
    loaded = [name for name in PACKAGES_WHEN_LOADED if name in sys.modules]
    return {
        "case_digest": case_digest,
        "command": list(command),
        "versions": {"python": platform.python_version()}
        | {name: package_version(name) for name in (*PACKAGES, *loaded)},
        "platform": platform.platform(),
        "machine": platform.machine(),
        "host": platform.node(),
        "wall_time_s": wall_time,
        "solver": dict(statistics),
    }
