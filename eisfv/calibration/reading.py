"""From the `[calibrate]` table of a case to a Plan, or to every fault in it at once."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import ValidationError

from eisfv.calibration.plan import Parameter, Plan, Setting, Target
from eisfv.case import CaseError, load
from eisfv.case import calibrate_schema as schema
from eisfv.case.calibrate_schema import amount_text
from eisfv.case.file_tree import find_file, read_toml
from eisfv.case.file_tree import table as branch
from eisfv.case.messages import problems
from eisfv.case.problems import Key, Problem, display
from eisfv.model.record import Reading
from eisfv.postprocess.quantities.compare import case_of
from eisfv.postprocess.quantities.expected import ExpectedError, Quantity, read_expected
from eisfv.postprocess.quantities.quantity import hint_or_list

EXPECTED = "expected.toml"


def read_plan(path: Path) -> Plan:
    """Return the fit that a case asks for. Raises CaseError with a line for each fault."""
    file = find_file(path)
    tree = read_toml(file)
    if "calibrate" not in tree:
        remedy = "has nothing to fit; add [[calibrate.parameter]] and [[calibrate.target]]"
        raise CaseError([f"{display(file)}: {remedy}"])
    reader = _Reader(file)
    try:  # alone: the case itself may wait for the material that is to be fitted
        table = schema.Calibrate.model_validate(tree["calibrate"], context=Reading())
    except ValidationError as error:
        for problem in problems(error, schema.Calibrate, tree["calibrate"]):
            reader.fault(problem.key, problem.message, problem.value)
        raise CaseError(reader.lines) from None
    targets = [target for n, entry in enumerate(table.target) if (target := reader.target(n, entry)) is not None]
    reader.stop()
    entries = _entries(targets)
    reader.check_loads(entries)
    parameters = [reader.parameter(n, entry, list(entries)) for n, entry in enumerate(table.parameter)]
    reader.stop()
    title = str(branch(tree, "case").get("title", ""))
    return Plan(title, file, [parameter for parameter in parameters if parameter is not None], targets, entries)


def _entries(targets: Iterable[Target]) -> dict[Path, tuple[tuple[Path, Quantity], ...]]:
    wanted: dict[Path, dict[tuple[Path, str], Quantity]] = {}
    for target in targets:
        others = {entry.name: entry for entry in read_expected(target.path)}
        for name in filter(None, (target.quantity.name, target.quantity.ratio_to)):
            case = case_of(target.path, others[name]).resolve()
            wanted.setdefault(case, {})[target.path, name] = others[name]
    return {case: tuple((path, q) for (path, _), q in found.items()) for case, found in wanted.items()}


class _Reader:
    """Reads the entries and collects the lines on what is wrong with them."""

    def __init__(self, file: Path) -> None:
        self.file, self.lines = file, list[str]()

    def stop(self) -> None:
        if self.lines:
            raise CaseError(list(dict.fromkeys(self.lines)))

    def fault(self, key: Key, message: str, value: object) -> None:
        self.lines.append(Problem(("calibrate", *key), message, value).line(display(self.file)))

    def directory(self, case: str | None) -> Path:
        return (self.file.parent / (case or ".")).resolve()

    def target(self, number: int, entry: schema.Target) -> Target | None:
        place: Key = ("target", number)
        path = self.directory(entry.case) / EXPECTED
        try:
            quantities = read_expected(path)
        except ExpectedError as error:
            self.lines.append(f"{display(self.file)}: calibrate.target[{number}]: {error}")
            return None
        found = next((q for q in quantities if q.name == entry.quantity), None)
        if found is None:
            words = f"is no quantity of {display(path)}{hint_or_list(entry.quantity, [one.name for one in quantities])}"
            self.fault((*place, "quantity"), words, entry.quantity)
        elif found.table in ("measures", "sweep"):
            words = f"is from {found.table}, which a fit does not make; take pulses or terminals of the protocol"
            self.fault((*place, "quantity"), words, entry.quantity)
        elif found.bound or found.value == 0.0 or found.tolerance == (1.0 if found.factor else 0.0):
            words = (
                f"has no width to measure a residual by in {display(path)}; give it a value and a tolerance not zero"
            )
            self.fault((*place, "quantity"), words, entry.quantity)
        else:
            return Target(path, found, entry.weight)
        return None

    def check_loads(self, cases: Iterable[Path]) -> None:
        """Refuse cases that cannot be run as they are."""
        for case in cases:
            try:
                load(case)
            except CaseError as error:
                self.lines += error.lines
        self.stop()

    def parameter(self, number: int, entry: schema.Parameter, cases: Sequence[Path]) -> Parameter | None:
        low, high, unit = entry.low.number, entry.high.number, entry.low.unit
        middle = (low * high) ** 0.5 if entry.scale == "log" else 0.5 * (low + high)
        start = entry.start.number if entry.start is not None else middle
        settings = []
        places = [(entry.key, entry.case, 1.0), *((also.key, also.case, also.factor) for also in entry.also)]
        for key, case, factor in places:
            chosen = cases if case is None else [self.directory(case)]
            if not set(chosen) <= set(cases):
                words = "is no case that a target needs; known are " + ", ".join(display(known) for known in cases)
                self.fault(("parameter", number), f"{key}: {words}", case)
                continue
            amounts = [amount_text(factor * value, unit) for value in (start, low, high)]
            settings.append(Setting(key, self.having(number, key, chosen, amounts), factor))
        return Parameter(tuple(settings), low, high, start, unit, entry.scale) if settings else None

    def having(self, number: int, key: str, cases: Sequence[Path], amounts: Sequence[str]) -> tuple[Path, ...]:
        """Return the cases that have a key and take these values of it."""
        found, refusals = [], []
        for case in cases:
            lines = _refused(case, f"{key}={amounts[0]}")
            if lines:
                refusals += lines
                continue
            found.append(case)
            for amount in amounts[1:]:
                self.refuse(number, _refused(case, f"{key}={amount}"))
        if not found:
            self.refuse(number, refusals)
        return tuple(found)

    def refuse(self, number: int, lines: Iterable[str]) -> None:
        for line in lines:
            self.lines.append(f"{display(self.file)}: calibrate.parameter[{number}]: {line.removeprefix('--set: ')}")


def _refused(case: Path, override: str) -> list[str]:
    try:
        load(case, [override])
    except CaseError as error:
        return error.lines
    return []
