"""`eisfv.characterise`: every shipped protocol file on one device, and a card of what it does."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eisfv.api.given import path_of
from eisfv.api.progress import progress_bar
from eisfv.api.running import carried_out
from eisfv.case import load
from eisfv.case.case import Case
from eisfv.case.file_tree import find_file, read_toml
from eisfv.case.problems import CaseError, display
from eisfv.case.pulse_words import EXAMPLE
from eisfv.case.shipped import cases
from eisfv.errors import FAILED, EisfvError
from eisfv.postprocess.extract.card import write_card
from eisfv.postprocess.extract.card_picture import PANELS
from eisfv.postprocess.extract.measured import Measured
from eisfv.postprocess.extract.wording import value_text
from eisfv.result.file_names import CASE, STATUS
from eisfv.result.inputs import same_case
from eisfv.result.status import read_status
from eisfv.solve.ranks import ALONE
from eisfv.sweeping.measures import in_processes

if TYPE_CHECKING:
    import pandas as pd

FOLDER = Path("runs") / "characterise"
# A figure is read from ten times it on: a step of one per mille of G, as the fine devices have it.
TOLERANCE = "solver.tolerance=1e-4"
Say = Callable[[str], None]


class FailedMeasureError(EisfvError):
    """A measure of a protocol file has failed; without it there is no card."""

    exit_code = FAILED


@dataclass(frozen=True)
class Characterised:
    """A device's card: its figures by name, and the files that show them."""

    figures: Mapping[str, Measured]
    files: tuple[Path, ...]

    @property
    def table(self) -> "pd.DataFrame":
        """A row a figure: value (SI, NaN where the runs do not give it), unit, reason, and what it is read from."""
        import pandas as pd

        rows = {n: {"value": f.value, "unit": f.unit, "reason": f.reason, "of": f.window} for n, f in self.lines}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("figure").astype({"value": float})

    @property
    def lines(self) -> list[tuple[str, Measured]]:
        """The figures with their names."""
        return list(self.figures.items())

    def __str__(self) -> str:
        width = max(map(len, self.figures), default=0)
        return "\n".join(
            f"{name:{width}}  {f'none: {figure.reason}' if figure.value is None else value_text(figure)}"
            for name, figure in self.lines
        )


def characterise(case: str | Path, *, force: bool = False, quiet: bool = False) -> Characterised:
    """Run the nine shipped protocol files on a case with a `[pulse]` table, and write card.md and card.html.

    case   a case directory; the runs go into runs/characterise in it. What is finished is kept, what was interrupted
           goes on. The tolerance of a time step is 1e-4 where the case does not say it
    force  make them all anew
    quiet  no progress bar, no warnings
    Raises CaseError, ResultError, SolverError.

    >>> import eisfv
    >>> eisfv.characterise("cases/h_pulses")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    eisfv.case.problems.CaseError: cases/h_pulses/case.toml: pulse is missing, and protocol files count in it; add ...
    """

    def say(line: str) -> None:
        if not quiet:
            sys.stderr.write(f"{line}\n")

    return characterised(path_of(case), say, force=force, quiet=quiet)


def characterised(place: Path, say: Say, *, force: bool, quiet: bool) -> Characterised:
    """Run what is not finished, and write the card. Raises EisfvError."""
    file = find_file(place)
    if file.name == CASE:
        raise CaseError([f"{display(place)}: is a run; name its case to characterise it"])
    tree = read_toml(file)
    if "pulse" not in tree:
        raise CaseError(
            [f"{display(file)}: pulse is missing, and protocol files count in it; add for example {EXAMPLE}"]
        )
    # All nine are read before the first is run: a fault, and a run of another device, is told at once.
    finer = () if "tolerance" in tree.get("solver", {}) else (TOLERANCE,)
    loaded = {name: load(place, finer, protocol=cases() / "protocols" / f"{name}.toml") for name in PANELS}
    folder = file.parent / FOLDER
    for name, case in loaded.items() if not force else ():
        same_case(folder / name / CASE, case.resolved_toml())
    warned: set[str] = set()
    for number, (name, case) in enumerate(loaded.items(), start=1):
        if force or not done(folder / name):
            say(f"{name}, {number} of {len(loaded)}")
            driven(case, folder / name, f"{display(file)} with {name}.toml", say, warned, force=force, quiet=quiet)
    title = tree.get("case", {}).get("title", file.parent.name)
    return Characterised(*write_card(str(title), folder))


def done(run: Path) -> bool:
    """Return whether a run is finished."""
    status = read_status(run) if run.is_dir() else None
    return status is not None and status.state == "finished"


def driven(case: Case, out: Path, name: str, say: Say, warned: set[str], *, force: bool, quiet: bool) -> None:
    """Run a protocol file, or go on with it where it has begun; say no warning twice. Raises EisfvError."""
    failed: list[str] = []

    def warn(line: str) -> None:
        if line not in warned:
            warned.add(line)
            say(f"warning: {line}")

    with progress_bar(quiet) as show:
        carried_out(
            case,
            out,
            name,
            show,
            warn,
            lambda line: None,
            force=force,
            ranks=ALONE,
            resume=not force and (out / STATUS).is_file(),
            after=lambda: None,  # the card is the picture of all nine; `eisfv plot` draws those of a run
            runner=in_processes(len(os.sched_getaffinity(0)), failed),
        )
    if failed:
        raise FailedMeasureError("\n".join(f"{out}: {line}" for line in failed))
