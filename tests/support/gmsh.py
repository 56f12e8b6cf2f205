"""Whether Gmsh can mesh a drawing here."""

import shutil
import subprocess
import sys
from importlib.util import find_spec

import pytest

STARTS = [sys.executable, "-c", "import gmsh"]  # the wheel is of no use without the system's libraries
has_gmsh = shutil.which("gmsh") or (
    find_spec("gmsh") and not subprocess.run(STARTS, stderr=subprocess.DEVNULL).returncode
)
needs_gmsh = pytest.mark.skipif(not has_gmsh, reason="Gmsh is not installed, or its library does not load")
