"""From the tree of a material file to its record, or to what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from pydantic import ValidationError

from eisfv.case import material_build as build
from eisfv.case import material_schema as schema
from eisfv.case.messages import problems
from eisfv.case.problems import ABSENT, Problem, did_you_mean, quoted
from eisfv.materials import records

# Relative to the sum of |z c|: room for rounded tables, none for a forgotten ion.
NEUTRALITY = 1e-6
ELECTRON = "electron"


@dataclass(frozen=True)
class MaterialFile:
    """A material as the solver takes it, and its tree with every default written out."""

    record: records.Material | records.Electrode
    resolved: dict[str, Any]


def read(reference: str, tree: Mapping[str, Any]) -> MaterialFile | list[Problem]:
    """Return the material of a tree, or all its problems with keys inside the file.

    The material's name is the reference without folder and ending.
    """
    kind = tree.get("kind")
    if not isinstance(kind, str) or kind not in schema.KINDS:
        choice = f"write one of {quoted(schema.KINDS)}"
        return [Problem(("kind",), f"is no kind of material; {choice}", kind if "kind" in tree else ABSENT)]
    model = schema.KINDS[kind]
    try:
        file = model.model_validate(dict(tree))
    except ValidationError as error:
        return problems(error, model, tree)
    name = PurePath(reference).stem
    found = _faults(file)
    if found:
        return found
    record = build.electrode(name, file) if isinstance(file, schema.Electrode) else build.material(name, file)
    return MaterialFile(record, file.model_dump(exclude_none=True))


def _faults(file: schema.Host | schema.Electrolyte | schema.Electrode) -> list[Problem]:
    """Return what the schema cannot see: what the entries of one material must be together."""
    if isinstance(file, schema.Electrode):
        return [] if file.charge else [Problem(("charge",), "must not be zero; write for example 2", file.charge)]
    found = []
    for name, species in file.species.items():
        place = ("species", name)
        if species.charge == 0 and species.statistics == "ohmic":
            found.append(Problem((*place, "charge"), "must not be zero: an ohmic species carries current", 0))
        if name == ELECTRON and species.charge != -1:
            found.append(Problem((*place, "charge"), "must be -1", species.charge))
    return found + (_host_faults(file) if isinstance(file, schema.Host) else _electrolyte_faults(file))


def _host_faults(file: schema.Host) -> list[Problem]:
    found = []
    ion, electron = file.species.get(file.ion), file.species.get(ELECTRON)
    if ion is None:
        found.append(
            Problem(("ion",), f"is not among the species{did_you_mean(file.ion, list(file.species))}", file.ion)
        )
    elif ion.statistics != "lattice" or ion.charge < 1:
        found.append(Problem(("species", file.ion), 'must be a cation with statistics = "lattice"'))
    if electron is None:
        found.append(Problem(("species", ELECTRON), "is missing; a host conducts electrons"))
    elif not isinstance(electron, schema.Dilute) or electron.density is None or electron.diffusivity is not None:
        remedy = 'must have statistics = "dilute", a density, and no diffusivity: sigma(gamma) sets its mobility'
        found.append(Problem(("species", ELECTRON), remedy))
    if file.background is not None and file.background.value.si < 0:
        found.append(Problem(("background", "value"), "must not be negative", file.background.value.text))
    for name in file.species:
        if name not in (file.ion, ELECTRON):
            found.append(Problem(("species", name), f'is neither the ion "{file.ion}" nor "{ELECTRON}"; remove it'))
    return found


def _electrolyte_faults(file: schema.Electrolyte) -> list[Problem]:
    found = []
    for name, species in file.species.items():
        if isinstance(species, schema.Ohmic):
            continue
        for field in ("concentration", "diffusivity"):
            if getattr(species, field) is None:
                example = '"123 mol/m^3"' if field == "concentration" else '"1e-7 cm^2/s"'
                remedy = f'is missing; add for example {{ value = {example}, source = "..." }}'
                found.append(Problem(("species", name, field), remedy))
    if found:
        return found
    return [Problem((), message) for message in charge_faults(build.material("", file), {})]


def charge_faults(material: records.Material, concentration: Mapping[str, float]) -> list[str]:
    """Return a sentence when the bulk, with concentrations (mol/m3) of its own, is not neutral."""
    parts = {"fixed_charge": material.fixed_charge}
    for species in material.species:
        if species.statistics != "ohmic":
            parts[species.name] = species.charge * concentration.get(species.name, species.concentration or 0.0)
    total, scale = sum(parts.values()), sum(abs(part) for part in parts.values())
    if abs(total) <= NEUTRALITY * scale:
        return []
    terms = " ".join(f"{part:+.6g} ({name})" for name, part in parts.items() if part)
    return [
        f"the bulk is not neutral: sum of charge * concentration = {terms} = {total:.6g} mol/m^3; "
        "change a concentration or the fixed_charge"
    ]
