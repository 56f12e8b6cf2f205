"""From a case directory to a Case, or to every fault in it at once."""

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from eisfv.case.case import Case
from eisfv.case.file_tree import Override, assign, bring_in_materials, find_file, is_resolved, parse_override, read_toml
from eisfv.case.problems import CaseError, Key, Problem, did_you_mean, display
from eisfv.case.protocol_file import STRAY, lay_over, refuse_stray
from eisfv.remedies import way


def load(path: Path, overrides: Sequence[str] = (), *, trust: bool = False, protocol: Path | None = None) -> Case:
    """Return the case of a case directory or a case file.

    overrides  KEY=VALUE, KEY as `device.temperature`, `device.region.channel.initial.x`, `protocol[0].duration` or
               `material.mg_wo3.species.Mg.diffusivity`; VALUE as TOML, or bare text
    trust      let Gmsh execute the .geo file that the case names
    protocol   a protocol file that takes the place of the case's protocol and measures
    Raises CaseError, which lists every fault with file, key, value and remedy.
    """
    place = find_file(Path(path))
    settings = [parse_override(text) for text in overrides]
    tree = read_toml(place)
    refuse_stray(tree, display(place), resolved=is_resolved(place))
    elsewhere = lay_over(tree, protocol) if protocol is not None else {}
    return resolve(tree, place.parent, display(place), settings, trust=trust, elsewhere=elsewhere)


def resolve(
    tree: dict[str, Any],
    directory: Path,
    origin: str,
    settings: Sequence[Override] = (),
    *,
    trust: bool = False,
    elsewhere: Mapping[str, str] | None = None,
) -> Case:
    """Return the case of a tree, which is changed on the way.

    directory  where the files that it names are looked for
    origin     what a fault of the tree itself is told of: the file
    elsewhere  of the first keys that are from another file its name
    Raises CaseError, which lists every fault with origin, key, value and remedy.
    """
    from pydantic import ValidationError  # here: pydantic costs 0.1 s, and not every command reads a case

    from eisfv.case import (
        build,
        checks,
        conductivity_start,
        csv_shapes,
        csv_waveforms,
        curve_files,
        emptied_films,
        geometry_reading,
        messages,
        profiles,
        pulse_words,
        resolving,
        spike_pairs,
        starting,
        variants,
        well_posed,
    )
    from eisfv.case.partial import partial
    from eisfv.model.case_file import CaseFile, validate
    from eisfv.model.protocol import Protocol
    from eisfv.model.record import Reading

    faults = _Faults(origin, tree, elsewhere or {})
    faults.set(tree, [setting for setting in settings if setting.key[0] != "material"])
    if any(setting.key[0] == "protocol_file" for setting in settings):
        faults.report([Problem(("protocol_file",), STRAY.format(way("protocol")))])
    faults.files, unknown = bring_in_materials(tree, directory)
    faults.report(unknown)
    faults.report(profiles.bring_in(tree, directory))
    unfit, faults.measures = variants.bring_in(tree)
    faults.report(unfit)
    faults.report(pulse_words.bring_in(tree))
    faults.report(csv_shapes.bring_in(tree, directory))
    faults.report(spike_pairs.bring_in(tree))
    faults.report(csv_waveforms.bring_in(tree, directory))
    faults.set(tree, [setting for setting in settings if setting.key[0] == "material"])

    curves: list[curve_files.ReadCurve] = []
    unread = set()
    for reference, entries in tree["material"].items() if isinstance(tree["material"], dict) else ():
        folder = curve_files.directory_of(reference, faults.files, directory)
        for found in curve_files.bring_in(reference, entries, folder) if isinstance(entries, dict) else ():
            if isinstance(found, Problem):
                faults.report([Problem(("material", reference, *found.key), found.message, found.value)])
                unread.add(reference)
            else:
                curves.append(found)
                faults.tables["material", reference, found.kind] = found.file
    materials = _materials(tree["material"], unread, faults)
    try:
        file, untold = conductivity_start.found(validate(tree, materials))
        faults.report(untold)
    except ValidationError as error:
        faults.report(messages.problems(error, CaseFile, tree))
        file = partial(CaseFile, tree, Reading(materials))
    faults.report(_calibrate(tree))
    geometry, wrong = geometry_reading.read(file.device, directory, trust)
    # What stands in the file is not missing: the schema has told what is wrong with it.
    faults.report(p for p in checks.find(file, geometry) if not (p.is_missing and _said(tree, p.key)))
    faults.report(wrong)
    start = starting.find(tree, directory)
    if isinstance(start, Problem):
        faults.report([start])
    if isinstance(start, Problem) or faults.lines:
        raise CaseError(list(faults.lines.values()))

    file = resolving.completed(file, geometry, start)
    device = build.build_device(file, geometry)
    faults.report(well_posed.faults(device, file))
    if start is not None and (fault := starting.fault(tree, start, device)) is not None:
        faults.report([fault])
    if not faults.lines:  # it builds the device
        faults.report(emptied_films.faults(device, file))
    if faults.lines:
        raise CaseError(list(faults.lines.values()))
    return Case(
        title=file.case.title,
        source=file.case.source,
        device=device,
        protocol=Protocol(file.protocol),
        output=file.output,
        solver=file.solver,
        file=file,
        directory=directory,
        attachments=resolving.attachments(device, start),
        curves=tuple(curves),
    )


def _materials(tables: Any, unread: Collection[str], faults: "_Faults") -> dict[str, Any]:
    """Return the materials that are sound, by reference; unread: those whose curves could not be read."""
    from eisfv.case import material_file

    materials = {}
    for reference, table in tables.items() if isinstance(tables, dict) else ():
        if reference in unread:
            continue
        found = material_file.read(reference, table) if isinstance(table, dict) else []
        if isinstance(found, list):
            faults.report(Problem(("material", reference, *p.key), p.message, p.value) for p in found)
        else:
            materials[reference] = found
    return materials


def _calibrate(tree: dict[str, Any]) -> list[Problem]:
    """Return what is wrong with the table that is about other runs than this one."""
    from eisfv.case.calibrate_schema import Calibrate
    from eisfv.case.messages import validated

    return validated(Calibrate, tree["calibrate"], ("calibrate",))[1] if isinstance(tree.get("calibrate"), dict) else []


class _Faults:
    """Collects faults, one line for each key, and knows which file or option set a key."""

    def __init__(self, origin: str, tree: dict[str, Any], elsewhere: Mapping[str, str]) -> None:
        self.origin, self.original, self.elsewhere = origin, deepcopy(tree), elsewhere
        self.files: dict[str, Path] = {}
        self.assigned: dict[Key, str] = {}
        self.tables: dict[Key, Path] = {}  # curves that stand in files of their own
        self.lines: dict[Key, str] = {}
        self.measures: Sequence[int] = ()  # places of the variants' measures in the file

    def set(self, tree: dict[str, Any], settings: Sequence[Override]) -> None:
        for setting in settings:
            if setting.key[0] == "material" and len(setting.key) > 1 and setting.key[1] not in tree["material"]:
                hint = did_you_mean(setting.key[1], list(tree["material"]))
                place: Key | Problem = Problem(setting.key[:2], f"is not used by the device{hint}")
            else:
                place = assign(tree, setting)
            if isinstance(place, Problem):
                self.lines.setdefault(place.key, place.line(setting.origin))
            else:
                self.assigned[place] = setting.origin

    def report(self, problems: Any) -> None:
        for found in problems:
            problem = self._in_the_file(found)
            self.lines.setdefault(problem.key, self._line(problem))

    def _in_the_file(self, problem: Problem) -> Problem:
        """Return a problem with the key that the file has: variants of a measure stand there once."""
        key = problem.key
        if key[:1] == ("measure",) and len(key) > 2 and isinstance(key[1], int) and key[2] != "vary":
            return replace(problem, key=("measure", self.measures[key[1]], *key[2:]))
        return problem

    def _line(self, problem: Problem) -> str:
        for key, origin in self.assigned.items():
            made = key[: len(problem.key)] == problem.key and not _has(self.original, problem.key)
            if made or problem.key[: len(key)] == key:
                return problem.line(origin)
        if problem.whole and problem.key in self.tables:
            return problem.line(display(self.tables[problem.key]))
        if problem.key[:1] == ("material",) and len(problem.key) > 1 and problem.key[1] in self.files:
            inside = replace(problem, key=problem.key[2:])
            return inside.line(display(self.files[str(problem.key[1])]))
        return problem.line(self.elsewhere.get(str(problem.key[0]), self.origin) if problem.key else self.origin)


def _said(tree: Any, key: Key) -> bool:
    return _has(tree, key) or (key[-2:] == ("initial", "x") and _has(tree, (*key[:-1], "conductivity")))


def _has(tree: Any, key: Key) -> bool:
    for part in key:
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True
