"""What is installed, told without importing what computes."""

from importlib.util import find_spec

from eisfv.materials import library
from eisfv.versions import PACKAGES, package_version


def installation() -> list[str]:
    """Return versions, linear solvers and materials."""
    versions = ", ".join(f"{name} {package_version(name)}" for name in PACKAGES)
    petsc = "petsc" if find_spec("petsc4py") else "petsc (not installed: make petsc)"
    return [versions, f"linear solvers: banded, superlu, {petsc}", "materials: " + ", ".join(library.names())]
