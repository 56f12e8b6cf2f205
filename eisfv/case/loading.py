"""From a case directory to a Case, or to every fault in it at once."""

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from eisfv.case.problems import CaseError, Key, Problem, did_you_mean, display
from eisfv.case.records import Case
from eisfv.case.tree import Override, assign, bring_in_materials, find_file, parse_override, read_toml, references


def load(path: Path, overrides: Sequence[str] = ()) -> Case:
    """Return the case of a case directory or a case file.

    overrides  KEY=VALUE, KEY as `device.temperature`, `device.region.channel.initial.x`, `protocol[0].duration` or
               `material.mg_wo3.species.Mg.diffusivity`; VALUE as TOML, or bare text
    Raises CaseError, which lists every fault with file, key, value and remedy.
    """
    from pydantic import ValidationError  # here: pydantic costs 0.1 s, and not every command reads a case

    from eisfv.case import build, checks, layout, material_file, messages, profiles, resolving
    from eisfv.case.schema import CaseFile

    file = find_file(Path(path))
    tree = read_toml(file)
    faults = _Faults(file, tree)
    settings = [parse_override(text) for text in overrides]
    faults.set(tree, [setting for setting in settings if setting.key[0] != "material"])
    faults.files, unknown = bring_in_materials(tree, file.parent)
    faults.report(unknown)
    faults.report(profiles.bring_in(tree, file.parent))
    faults.set(tree, [setting for setting in settings if setting.key[0] == "material"])

    tables = tree["material"] if isinstance(tree["material"], dict) else {}
    materials = {}
    for reference, entry in tables.items():
        found = material_file.read(reference, entry) if isinstance(entry, dict) else []
        if isinstance(found, list):
            faults.report(Problem(("material", reference, *p.key), p.message, p.value) for p in found)
        else:
            materials[reference] = found
    try:
        validated = CaseFile.model_validate(tree)
    except ValidationError as error:
        faults.report(messages.problems(error, CaseFile, tree))
    records = {name: material.record for name, material in materials.items()}
    found_layout, wrong = layout.read(tree, file.parent)
    faults.report(checks.find(tree, records, found_layout))
    faults.report(wrong)
    if faults.lines:
        raise CaseError(list(faults.lines.values()))

    device = build.build_device(validated, records, found_layout)
    used = {reference for _, reference in references(tree)}
    return Case(
        title=validated.case.title,
        source=validated.case.source,
        device=device,
        protocol=build.build_protocol(validated),
        output=build.build_output(validated),
        solver=build.build_solver(validated),
        resolved=resolving.resolved(
            validated, device, {name: material.resolved for name, material in materials.items() if name in used}
        ),
        directory=file.parent,
        attachments=resolving.attachments(device),
    )


class _Faults:
    """Collects faults, one line for each key, and knows which file or option set a key."""

    def __init__(self, file: Path, tree: dict[str, Any]) -> None:
        self.file, self.original = file, deepcopy(tree)
        self.files: dict[str, Path] = {}
        self.assigned: list[Key] = []
        self.lines: dict[Key, str] = {}

    def set(self, tree: dict[str, Any], settings: Sequence[Override]) -> None:
        for setting in settings:
            if setting.key[0] == "material" and len(setting.key) > 1 and setting.key[1] not in tree["material"]:
                hint = did_you_mean(setting.key[1], list(tree["material"]))
                place: Key | Problem = Problem(setting.key[:2], f"is not used by the device{hint}")
            else:
                place = assign(tree, setting)
            if isinstance(place, Problem):
                self.lines.setdefault(place.key, place.line("--set"))
            else:
                self.assigned.append(place)

    def report(self, problems: Any) -> None:
        for problem in problems:
            self.lines.setdefault(problem.key, self._line(problem))

    def _line(self, problem: Problem) -> str:
        for key in self.assigned:
            made = key[: len(problem.key)] == problem.key and not _has(self.original, problem.key)
            if made or problem.key[: len(key)] == key:
                return problem.line("--set")
        if problem.key[0] == "material" and problem.key[1] in self.files:
            inside = Problem(problem.key[2:], problem.message, problem.value)
            return inside.line(display(self.files[str(problem.key[1])]))
        return problem.line(display(self.file))


def _has(tree: Any, key: Key) -> bool:
    for part in key:
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True
