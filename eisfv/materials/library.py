"""The material library: one TOML file per material in this folder; the file name is the material's name."""

from pathlib import Path

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """Return the names of the library's materials and electrodes in alphabetical order."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def path(name: str) -> Path:
    """Return the file of a library material, whether it is there or not."""
    return FOLDER / f"{name}.toml"
