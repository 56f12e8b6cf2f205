"""plots/view_*.png: a section drawn off-screen by pyvista, in a process of its own.

VTK ends its process with a segmentation fault where it finds nothing to draw in. Only the child is lost then, and the
user gets one line.
"""

import signal
import subprocess
import sys
from pathlib import Path

from eisfv.errors import FAILED, EisfvError
from eisfv.postprocess.fields.vtu import field_records
from eisfv.remedies import way
from eisfv.result import ResultError, Run
from eisfv.result.file_names import FIELDS, field_file

from .section_quantities import is_section

TIME_LIMIT = 600.0  # s; a display that does not answer would hold VTK for ever
REMEDY = (
    "VTK draws with EGL, OSMesa or an X display: install one, on Debian and Ubuntu apt-get install libegl1 libgl1; "
    "plots/section_*.png need none"
)


class ViewError(EisfvError):
    """pyvista could not draw; the message is one line for the user."""

    exit_code = FAILED


def draw_views(run: Run) -> list[Path]:
    """Draw the last fields of a section and return the paths of the pictures.

    Raises ResultError for a stack and for a run without fields, ViewError when the child fails.
    """
    if not is_section(run):
        raise ResultError(f"{run.path}: not a section; pyvista draws sections, a stack's profiles are in plots/")
    for path in last_fields(run).values():
        if not path.is_file():
            raise ResultError(
                f"{path}: not there; the fields are written at the end of a run, finish it with {way('resume')}"
            )
    command = [sys.executable, "-m", "eisfv.postprocess.pictures.pyvista_scene", str(run.path)]
    try:
        child = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        raise ViewError(f"{run.path}: pyvista did not draw within {TIME_LIMIT:.0f} s; {REMEDY}") from None
    if child.returncode < 0:
        name = signal.Signals(-child.returncode).name
        raise ViewError(f"{run.path}: pyvista could not open a window off-screen, VTK ended with {name}; {REMEDY}")
    if child.returncode:
        last = (child.stderr.strip().splitlines() or ["without a word"])[-1]
        raise ViewError(f"{run.path}: pyvista could not draw: {last}")
    return [Path(line) for line in child.stdout.splitlines()]


def last_fields(run: Run) -> dict[str, Path]:
    """Return the VTU file of each region at the last field time."""
    last = len(field_records(run)) - 1
    return {region: run.path / FIELDS / field_file(last, part, region) for part, region in enumerate(run.regions)}
