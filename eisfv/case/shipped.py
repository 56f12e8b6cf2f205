"""The shipped cases, in a checkout or in the installed package, and copies of them that run where they lie.

A shipped case may take a material from its neighbour. Such files come along, into the copy's folder `brought/`, and
the copy's paths lead there; what a case compares itself with, or fits, stays where it is and is told.
"""

import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from eisfv.case.problems import CaseError, did_you_mean, display

MADE = shutil.ignore_patterns("runs", "*.png", "*.pdf", "__pycache__")
QUOTED = re.compile(r'"([^"\n\\]+)"')
BROUGHT = "brought"


def cases() -> Path:
    """Return the folder of the shipped cases: of the checkout, or of the installed package."""
    package = Path(__file__).parents[1]
    inside = package / "cases"
    return inside if inside.is_dir() else package.parent / "cases"


def names() -> list[str]:
    """Return the shipped cases, those of a series by `series/name`."""
    found = (file.parent.relative_to(cases()) for file in cases().rglob("case.toml"))
    return sorted(place.as_posix() for place in found if "runs" not in place.parts)


def titles() -> dict[str, str]:
    """Return the title of every shipped case by its name."""
    return {name: tomllib.loads((cases() / name / "case.toml").read_text("utf-8"))["case"]["title"] for name in names()}


def copy(name: str, directory: Path) -> list[str]:
    """Copy a shipped case without what runs made of it, and return the other cases that it looks at.

    Raises CaseError where there is none of that name, or the place is taken or cannot be written.
    """
    known = names()
    if name not in known:
        raise CaseError([f'"{name}" is no shipped case{did_you_mean(name, known)}'])
    if directory.exists():
        raise CaseError([f"{display(directory)}: is already there; choose another name"])
    try:
        shutil.copytree(cases() / name, directory, ignore=MADE)
        return Bringing(cases() / name, directory).all()
    except (OSError, shutil.Error) as error:
        reason = getattr(error, "strerror", None) or "a file of the case cannot be copied"
        raise CaseError([f"{display(directory)}: cannot be written: {reason}"]) from None


@dataclass
class Bringing:
    """What a copy needs from outside of its source. left: the cases that are left where they are."""

    source: Path
    copy: Path
    brought: dict[Path, Path] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    def all(self) -> list[str]:
        """Bring the files that any file of the copy names; return the cases that are left."""
        for file in sorted(self.copy.rglob("*.toml")):
            self.bring(file, self.source / file.relative_to(self.copy))
        return sorted(set(self.left))

    def bring(self, file: Path, original: Path) -> None:
        """Bring what a file of the copy names, and let its paths lead there."""
        text = file.read_text(encoding="utf-8")
        for said, target in outside(text, original, self.source):
            if target.is_dir():
                self.left.append(target.relative_to(cases().resolve()).as_posix())
                continue
            if target not in self.brought:
                place = self.copy / BROUGHT / target.parent.name / target.name
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(target, place)
                self.brought[target] = place
                if target.suffix == ".toml":
                    self.bring(place, target)
            path = Path(os.path.relpath(self.brought[target], file.parent)).as_posix()
            text = text.replace(f'"{said}"', f'"{path}"')
        file.write_text(text, encoding="utf-8")


def outside(text: str, file: Path, source: Path) -> Iterator[tuple[str, Path]]:
    """Yield the quoted paths of a shipped file that lead out of its case to what is shipped as well, with where."""
    for said in dict.fromkeys(QUOTED.findall(text)):
        target = (file.parent / said).resolve()
        known = target.is_relative_to(cases().resolve()) and not target.is_relative_to(source.resolve())
        if known and target.exists():
            yield said, target
