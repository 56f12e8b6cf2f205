"""The case that `eisfv new NAME` makes: small, commented, ready to run; or a copy of a shipped one.

The shipped cases lie beside the package in a checkout alone; an installed package has none.
"""

import shutil
from pathlib import Path

from eisfv.case.problems import CaseError, did_you_mean, display

TEMPLATE = Path(__file__).with_name("template.toml")
SHIPPED = Path(__file__).parents[2] / "cases"
MADE = shutil.ignore_patterns("runs", "calibrated", "*.png", "*.pdf", "__pycache__")


def write(directory: Path) -> None:
    """Make a case directory with a commented `case.toml`. Raises CaseError when the place is taken or not writable."""
    file = directory / "case.toml"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(TEMPLATE.read_text(encoding="utf-8"))
    except FileExistsError:
        raise CaseError([f"{display(file)}: is already there; choose another name"]) from None
    except OSError as error:
        raise CaseError([f"{display(file)}: cannot be written: {error.strerror}"]) from None


def copy(name: str, directory: Path) -> None:
    """Copy a shipped case without what runs made of it. Raises CaseError when there is none, or the place is taken."""
    known = sorted(file.parent.name for file in SHIPPED.glob("*/case.toml"))
    if not known:
        raise CaseError([f'"{name}": the shipped cases are in a checkout alone, not in the installed package'])
    if name not in known:
        raise CaseError([f'"{name}" is no shipped case{did_you_mean(name, known)}'])
    if directory.exists():
        raise CaseError([f"{display(directory)}: is already there; choose another name"])
    try:
        shutil.copytree(SHIPPED / name, directory, ignore=MADE)
    except (OSError, shutil.Error) as error:
        reason = getattr(error, "strerror", None) or "a file of the case cannot be copied"
        raise CaseError([f"{display(directory)}: cannot be written: {reason}"]) from None
