"""A .geo file meshed by Gmsh, which is wanted for this alone.

Gmsh's language has SystemCall: a .geo file is a program that may do whatever its reader may.
"""

import os
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from eisfv.extras import install
from eisfv.mesh.drawing_checks import DrawingError

# The wheel's own `gmsh` script starts whichever python is first on the path; this is the same without that.
PROGRAM = "import sys, gmsh; gmsh.initialize(sys.argv, run=True); gmsh.finalize()"

TIME_LIMIT = 600.0  # s; Gmsh makes 100 000 cells in some seconds


def mesh_file(file: Path, directory: Path) -> Path:
    """Return the .msh file to read: the file itself, or what Gmsh makes of a .geo file, written into `directory`.

    Raises DrawingError, one line, where Gmsh is missing, refuses the file or comes to no end.
    """
    if file.suffix == ".msh":
        return file
    if file.suffix != ".geo":
        raise DrawingError(f'{file}: is neither a .geo nor a .msh file; write mesh = "device.geo" or "device.msh"')
    if not file.is_file():
        raise DrawingError(f"{file}: there is no such file; a relative path starts at the case's directory")
    directory.mkdir(parents=True, exist_ok=True)
    made = directory / f"{file.stem}.msh"
    made.unlink(missing_ok=True)
    command = [*_program(file), "-2", "-v", "2", "-o", str(made), str(file)]
    try:
        code, said = ended(command)
    except subprocess.TimeoutExpired:
        made.unlink(missing_ok=True)
        why = f"Gmsh has not meshed it in {TIME_LIMIT:g} s"
        raise DrawingError(f"{file}: {why}; draw it coarser, or mesh it yourself and name the .msh") from None
    told = [line.strip() for line in said.splitlines() if line.strip()]
    wrong = next((line for line in told if line.startswith("Error")), None)
    if wrong is None and (code or not made.is_file()):
        wrong = told[-1] if told else f"exit code {code}"
    if wrong is not None:
        made.unlink(missing_ok=True)
        raise DrawingError(f"{file}: Gmsh could not mesh it ({wrong}); open it in Gmsh to see why")
    return made


def ended(command: list[str]) -> tuple[int, str]:
    """Return the exit code of a program and what it said. Raises TimeoutExpired; nothing that it started goes on."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, errors="replace", start_new_session=True
    ) as process:
        try:
            said, complained = process.communicate(timeout=TIME_LIMIT)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return process.returncode, said + complained


def _program(file: Path) -> list[str]:
    """Return how to start Gmsh."""
    if find_spec("gmsh"):
        return [sys.executable, "-P", "-c", PROGRAM]
    found = shutil.which("gmsh")
    if found is None:
        remedy = install({"gmsh": ""})
        raise DrawingError(f"{file}: needs Gmsh, which is not installed; {remedy}, or give the .msh file")
    return [found]
