"""Versions of this program and of what it works with, told without importing anything."""

from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("eisfv", "numpy", "scipy", "numba", "fipy", "h5py", "netCDF4")


def package_version(name: str) -> str:
    """Return an installed package's version without importing it; "unknown" when it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
