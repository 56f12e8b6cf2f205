"""From the `[calibrate]` table of a case to a Plan, or to every fault in it at once."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from eisfv.calibration.plan import Entry, Parameter, Plan, Prior, Setting, Target, Wanted, Width
from eisfv.case import CaseError, load
from eisfv.case import calibrate_schema as schema
from eisfv.case.calibrate_schema import amount_text
from eisfv.case.file_tree import find_file, read_toml
from eisfv.case.file_tree import table as branch
from eisfv.case.messages import validated
from eisfv.case.problems import Key, Problem, display
from eisfv.postprocess.quantities.compare import case_of
from eisfv.postprocess.quantities.expected import ExpectedError, Quantity, read_curves, read_denominators, read_expected
from eisfv.postprocess.quantities.quantity import hint_or_list, value_of

EXPECTED = "expected.toml"


def read_plan(path: Path) -> Plan:
    """Return the fit that a case asks for. Raises CaseError with a line for each fault."""
    file = find_file(path)
    tree = read_toml(file)
    if "calibrate" not in tree:
        remedy = "has nothing to fit; add [[calibrate.parameter]] and [[calibrate.target]]"
        raise CaseError([f"{display(file)}: {remedy}"])
    reader = _Reader(file)
    # Alone: the case itself may wait for the material that is to be fitted.
    table, wrong = validated(schema.Calibrate, tree["calibrate"], ("calibrate",))
    reader.lines += [problem.line(display(file)) for problem in wrong]
    reader.stop()
    reader.name_devices(table.device)
    targets = [target for n, entry in enumerate(table.target) if (target := reader.target(n, entry)) is not None]
    reader.stop()
    entries = _entries(targets)
    reader.check_loads(entries)
    parameters = [
        parameter
        for n, entry in enumerate(table.parameter)
        for device in reader.devices_of(n, entry)
        if (parameter := reader.parameter(n, entry, list(entries), device)) is not None
    ]
    reader.stop()
    wanted = Wanted(table.starts, table.seed, reader.profiled(table.profile, parameters), *_draws(table, parameters))
    return Plan(str(branch(tree, "case").get("title", "")), file, parameters, targets, entries, wanted)


def _draws(table: schema.Calibrate, parameters: Sequence[Parameter]) -> tuple[int, int]:
    """Return steps and walkers of a posterior; zero steps without one. An ensemble needs twice as many walkers as
    parameters at least, and even numbers of them."""
    if table.posterior is None:
        return 0, 0
    least = 2 * len(parameters) + 2
    asked = table.posterior.walkers or 4 * len(parameters) + 2
    return table.posterior.steps, max(least, asked + asked % 2)


def _entries(targets: Iterable[Target]) -> dict[Path, tuple[tuple[Path, Entry], ...]]:
    wanted: dict[Path, dict[tuple[Path, str], Entry]] = {}
    for target in targets:
        if target.curve is not None:
            case = case_of(target.path, target.quantity).resolve()
            wanted.setdefault(case, {})[target.path, target.curve.name] = target.curve
            continue
        others = {entry.name: entry for entry in (*read_denominators(target.path), *read_expected(target.path))}
        for name in filter(None, (target.quantity.name, target.quantity.ratio_to)):
            case = case_of(target.path, others[name]).resolve()
            wanted.setdefault(case, {})[target.path, name] = others[name]
    return {case: tuple((path, q) for (path, _), q in found.items()) for case, found in wanted.items()}


class _Reader:
    """Reads the entries and collects the lines on what is wrong with them."""

    def __init__(self, file: Path) -> None:
        self.file, self.lines = file, list[str]()
        self.devices: dict[str, Path] = {}

    def stop(self) -> None:
        if self.lines:
            raise CaseError(list(dict.fromkeys(self.lines)))

    def fault(self, key: Key, message: str, value: object) -> None:
        self.lines.append(Problem(("calibrate", *key), message, value).line(display(self.file)))

    def directory(self, case: str | None) -> Path:
        return (self.file.parent / (case or ".")).resolve()

    def name_devices(self, devices: Sequence[schema.Device]) -> None:
        """Take the names of cases."""
        for number, device in enumerate(devices):
            if device.name in self.devices:
                self.fault(("device", number, "name"), "is another one's too; give each its own", device.name)
            self.devices[device.name] = self.directory(device.case)

    def device(self, place: Key, name: str) -> Path | None:
        """Return the case of a device."""
        if name not in self.devices:
            self.fault(place, f"is no device{hint_or_list(name, list(self.devices))}", name)
        return self.devices.get(name)

    def devices_of(self, number: int, entry: schema.Parameter) -> Sequence[str]:
        """Return the devices that have a value each of a parameter; "" alone where one is shared."""
        if entry.scope == "shared":
            return [""]
        if entry.case is not None:
            self.fault(("parameter", number, "case"), "is for a shared value; write devices", entry.case)
        if not self.devices:
            self.fault(("parameter", number, "scope"), "needs devices; add [[calibrate.device]]", entry.scope)
        return entry.devices or list(self.devices)

    def target(self, number: int, entry: schema.Target) -> Target | None:
        place: Key = ("target", number)
        case = self.directory(entry.case)
        if entry.device is not None:
            found = self.device((*place, "device"), entry.device)
            if found is None:
                return None
            case = found
        path = case / EXPECTED
        key, name = ("curve", entry.curve) if entry.curve is not None else ("quantity", str(entry.quantity))
        assert name is not None
        try:
            curves, quantities = read_curves(path), read_expected(path)
        except ExpectedError as error:
            self.lines.append(f"{display(self.file)}: calibrate.target[{number}]: {error}")
            return None
        curve = next((c for c in curves if c.name == entry.curve), None)
        quantity = next((q for q in quantities if q.name == entry.quantity), None)
        if curve is not None:
            return Target(path, curve.quantity, entry.weight, Width(1.0, False), curve)
        if quantity is None:
            names = [one.name for one in (curves if key == "curve" else quantities)]
            self.fault((*place, key), f"is no {key} of {display(path)}{hint_or_list(name, names)}", name)
            return None
        if quantity.table in ("measures", "sweep"):
            words = f"is from {quantity.table}, which a fit does not make; take pulses or terminals of the protocol"
            self.fault((*place, key), words, name)
            return None
        width = self.width(place, entry, quantity, path)
        return None if width is None else Target(path, quantity, entry.weight, width)

    def width(self, place: Key, entry: schema.Target, quantity: Quantity, path: Path) -> Width | None:
        """Return the standard deviation of a quantity: the target's own, else its tolerance."""
        own, value, tolerance = entry.width, quantity.value, quantity.tolerance
        factor = own.kind == "factor" if own is not None else quantity.factor
        if own is None and (quantity.bound or tolerance == (1.0 if factor else 0.0)):
            words = f'has no width to measure a residual by in {display(path)}; give the target one, as width = "10 mV"'
            self.fault((*place, "quantity"), words, entry.quantity)
        elif value == 0.0 and (own is None or own.kind != "amount"):
            words = 'is zero, which has no share and no factor; give the target a width in its unit, as width = "10 mV"'
            self.fault((*place, "quantity"), words, entry.quantity)
        elif own is None:
            return Width(tolerance if factor else tolerance * abs(value), factor)
        elif own.kind == "factor":
            return Width(own.number, True)
        elif own.kind == "share":
            return Width(own.number * abs(value), False)
        else:
            try:
                amount = f"{own.number!r} {own.unit}" if own.unit else own.number
                return Width(value_of("width", amount, quantity.unit), False)
            except ExpectedError as error:
                self.fault((*place, "width"), str(error).partition(": ")[2], entry.quantity)
        return None

    def check_loads(self, cases: Iterable[Path]) -> None:
        """Refuse cases that cannot be run as they are."""
        for case in cases:
            try:
                load(case)
            except CaseError as error:
                self.lines += error.lines
        self.stop()

    def parameter(self, number: int, entry: schema.Parameter, cases: Sequence[Path], device: str) -> Parameter | None:
        """Return a parameter, of a device where it has one of its own."""
        low, high, unit = entry.low.number, entry.high.number, entry.low.unit
        middle = (low * high) ** 0.5 if entry.scale == "log" else 0.5 * (low + high)
        start = entry.start.number if entry.start is not None else middle
        names = [device] if device else entry.devices or []
        named = [case for name in names if (case := self.device(("parameter", number, "devices"), name)) is not None]
        if names and not named:
            return None
        settings = []
        places = [(entry.key, entry.case, 1.0), *((also.key, also.case, also.factor) for also in entry.also)]
        for key, place, factor in places:
            chosen = [self.directory(place)] if place is not None else named or cases
            if not set(chosen) <= set(cases):
                words = "is no case that a target needs; known are " + ", ".join(display(known) for known in cases)
                self.fault(("parameter", number), f"{key}: {words}", place or ", ".join(names))
                continue
            amounts = [amount_text(factor * value, unit) for value in (start, low, high)]
            settings.append(Setting(key, self.having(number, key, chosen, amounts), factor))
        known = entry.prior
        prior = None
        if known is not None:
            prior = Prior(known.value.number, Width(known.width.number, known.width.kind == "factor"))
        return Parameter(tuple(settings), low, high, start, unit, entry.scale, prior, device) if settings else None

    def profiled(self, asked: bool | list[str], parameters: Sequence[Parameter]) -> tuple[int, ...]:
        """Return the numbers of the parameters that a profile is wanted of."""
        if isinstance(asked, bool):
            return tuple(range(len(parameters))) if asked else ()
        for key in asked:
            known = [name for one in parameters for name in dict.fromkeys((one.key, one.name))]
            if key not in known:
                self.fault(("profile",), f"is no parameter{hint_or_list(key, known)}", key)
        self.stop()
        return tuple(k for k, one in enumerate(parameters) if {one.key, one.name} & set(asked))

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
