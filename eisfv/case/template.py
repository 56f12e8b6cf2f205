"""The case that `eisfv new NAME` makes: small, commented, ready to run."""

from pathlib import Path

from eisfv.case.problems import CaseError, display

TEMPLATE = Path(__file__).with_name("template.toml")


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
