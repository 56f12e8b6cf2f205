"""A .geo file meshed by Gmsh, which is wanted for this alone."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from eisfv.mesh.drawing_checks import DrawingError

# The wheel's own `gmsh` script starts whichever python is first on the path; this is the same without that.
PROGRAM = "import sys, gmsh; gmsh.initialize(sys.argv, run=True); gmsh.finalize()"


def mesh_file(file: Path, directory: Path) -> Path:
    """Return the .msh file to read: the file itself, or what Gmsh makes of a .geo file, written into `directory`.

    Raises DrawingError, one line, where Gmsh is missing or refuses the file.
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
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    told = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    wrong = next((line for line in told if line.startswith("Error")), None)
    if wrong is None and (done.returncode or not made.is_file()):
        wrong = told[-1] if told else f"exit code {done.returncode}"
    if wrong is not None:
        made.unlink(missing_ok=True)
        raise DrawingError(f"{file}: Gmsh could not mesh it ({wrong}); open it in Gmsh to see why")
    return made


def _program(file: Path) -> list[str]:
    """Return how to start Gmsh."""
    if find_spec("gmsh"):
        return [sys.executable, "-P", "-c", PROGRAM]
    found = shutil.which("gmsh")
    if found is None:
        raise DrawingError(f"{file}: needs Gmsh, which is not installed; `pip install gmsh`, or give the .msh file")
    return [found]
