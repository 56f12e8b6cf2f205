"""The mesh that `eisfv check` has found for a case, kept beside its picture: the run of the same case takes it.

    seal = SHA-256(what the pilots start from, the mesh as the file has it)

What they start from is the resolved case, what is attached to it, the options of the time steps, every source of this
program, and the versions of Python and of the packages. Where one of them is another, or the file was touched, the seal
is not the file's, and pilots run.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from eisfv.case.case import Case
from eisfv.model.solver_options import SolverOptions
from eisfv.result import ResultError
from eisfv.result.atomic import write_atomic
from eisfv.running.choice import Choice, choice_of, written

PLACE = Path("runs") / "check"  # in the case, beside its runs
FILE = "mesh.json"
PROGRAM = Path(__file__).parents[1]
SOURCES = (".py", ".toml")
REST_ON = ("numpy", "scipy", "numba", "llvmlite", "fipy")


def keep(case: Case, options: SolverOptions, choice: Choice) -> None:
    """Keep what pilots have chosen for a case. OSError where it cannot be written."""
    kept = {"mesh": written(choice), "own_companions": has_companions(case, choice)}
    write_atomic(file_of(case), json.dumps({**kept, "seal": sealed(case, options, kept)}).encode())


def forget(case: Case) -> None:
    """Remove what is kept. OSError where it cannot be."""
    file_of(case).unlink(missing_ok=True)


def kept_mesh(case: Case, options: SolverOptions, *, for_run: bool) -> Choice | None:
    """Return what was kept of this very case; None where there is none.

    for_run  also None where the run would take its companions from the pilots: they are not kept, and with a check
             before it or without a run ends with the same numbers
    """
    file = file_of(case)
    with suppress(OSError, ValueError, KeyError, TypeError, ResultError):
        found = json.loads(file.read_text())
        seal = found.pop("seal")
        if seal == sealed(case, options, found) and not (for_run and found["own_companions"]):
            return choice_of(found["mesh"], file, kept=True)
    return None


def file_of(case: Case) -> Path:
    """Return the file of a case."""
    return case.directory / PLACE / FILE


def has_companions(case: Case, choice: Choice) -> bool:
    """Return whether pilots have driven all that the companions of a run drive."""
    return choice.companions is not None and choice.companions.protocol == case.protocol


def sealed(case: Case, options: SolverOptions, kept: dict[str, Any]) -> str:
    """Return the seal of what is kept of a case."""
    seal = sha256(sys.version.encode())
    for part in parts(case, options):
        seal.update(sha256(part).digest())
    seal.update(json.dumps(kept, sort_keys=True).encode())
    return seal.hexdigest()


def parts(case: Case, options: SolverOptions) -> Iterator[bytes]:
    """Give all that the choice of the pilots depends on."""
    yield case.resolved_toml().encode()
    for name, file in sorted(case.attachments.items()):
        yield name.encode()
        yield file.read_bytes()
    yield repr(options).encode()
    yield repr([(name, version(name)) for name in REST_ON]).encode()
    for file in sorted(path for path in PROGRAM.rglob("*") if path.suffix in SOURCES):
        yield str(file.relative_to(PROGRAM)).encode()
        yield file.read_bytes()
