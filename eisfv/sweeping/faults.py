"""The lines on what is wrong with a sweep file, all of them at once."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eisfv.case import CaseError, load
from eisfv.case.messages import problems
from eisfv.case.problems import ABSENT, Key, Problem, display, key_text
from eisfv.sweeping.schema import SweepFile

# What to write for a key that is missing, by its last names without numbers.
EXAMPLES = {
    "sweep": '[sweep] with title = "..." and case = "../mg_wo3_pulses"',
    "sweep.title": 'title = "dG over electrolyte thickness"',
    "sweep.case": 'case = "../mg_wo3_pulses", the base case from the sweep file',
    "axis": '[[axis]] with key = "device.region.electrolyte.thickness", values = ["1 um", "10 um"]',
    "sample.method": 'method = "sobol"',
    "sample.points": "points = 256",
    "constraint.keep": 'keep = "channel <= 2 * reservoir"',
    "traces.columns": 'columns = ["conductance_S"]',
    "executor.cores_per_node": "cores_per_node = 32",
    "executor.walltime": 'walltime = "2 h", of one job',
    "executor.config": 'config = "my_parsl.py", a file that defines config',
}


class Faults:
    """Collects lines; `stop` raises them."""

    def __init__(self, file: Path) -> None:
        self.file, self.lines = file, list[str]()

    def stop(self) -> None:
        """Raise CaseError where there are lines."""
        if self.lines:
            raise CaseError(list(dict.fromkeys(self.lines)))

    def add(self, key: Key, message: str, value: object = ABSENT) -> None:
        """Add a fault of the sweep file."""
        self.lines.append(Problem(key, message, value).line(display(self.file)))

    def add_text(self, line: str) -> None:
        """Add a line as it is."""
        self.lines.append(line)

    def add_schema(self, error: ValidationError, tree: dict[str, Any]) -> None:
        """Add what the schema found in the tree of the file."""
        for problem in problems(error, SweepFile, tree):
            words = [part for part in problem.key if isinstance(part, str)]
            example = EXAMPLES.get(".".join(words[-2:]))
            if problem.message.startswith("is missing;") and example:
                self.add(problem.key, f"is missing; add for example {example}")
            else:  # `from` is a word of Python, so the field has another name
                self.add(problem.key, problem.message.replace('"from_"', '"from"'), problem.value)

    def add_case(self, key: Key, lines: Iterable[str]) -> None:
        """Add what the base case says to a setting of the sweep file."""
        for line in lines:
            self.add_text(f"{display(self.file)}: {key_text(key)}: {line.removeprefix('--set: ')}")


def refused(case: Path, overrides: Sequence[str]) -> list[str]:
    """Return why a case does not load with these overrides; nothing where it does."""
    try:
        load(case, overrides)
    except CaseError as error:
        return error.lines
    return []
