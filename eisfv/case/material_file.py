"""From the tree of a material file to its record, or to what is wrong with it."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import ValidationError

from eisfv.case.messages import problems
from eisfv.case.problems import ABSENT, Problem, did_you_mean, quoted
from eisfv.device.carriers import bands
from eisfv.model.arrhenius import REFERENCE_TEMPERATURE
from eisfv.model.diffusion import TabulatedDiffusion, level_at
from eisfv.model.fields import names_of
from eisfv.model.materials import CARRIERS, ELECTRON, HOLE, Electrode, Electrolyte, Host, Material, read_material
from eisfv.model.quantity import Quantity
from eisfv.model.species import Band, Bound, Dilute, Lattice, Ohmic, Solvated, Species, Stored

KINDS = {name: record for record in get_args(Material | Electrode) for name in names_of(record, "kind")}
# Relative to the sum of |z c|: room for rounded tables, none for a forgotten ion.
LONGEST_SPECIES = 30  # characters; pictures carry the name
NEUTRALITY = 1e-6


def read(reference: str, tree: Mapping[str, Any]) -> Material | Electrode | list[Problem]:
    """Return the material of a tree, or all its problems with keys inside the file."""
    kind = tree.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        choice = f"write one of {quoted(KINDS)}"
        return [Problem(("kind",), f"is no kind of material; {choice}", kind if "kind" in tree else ABSENT)]
    try:
        material = read_material(reference, dict(tree))
    except ValidationError as error:
        return problems(error, KINDS[kind], tree)
    return faults(material) or material


def faults(material: Material | Electrode) -> list[Problem]:
    """Return what a field cannot see: what the entries of one material must be together."""
    if isinstance(material, Electrode):
        return [] if material.charge else [Problem(("charge",), "must not be zero; write for example 2", 0)]
    found = []
    for name, species in material.species.items():
        place = ("species", name)
        if len(name) > LONGEST_SPECIES:
            found.append(Problem(place, f"has {len(name)} characters; a species has {LONGEST_SPECIES} at most"))
        if species.charge == 0 and isinstance(species, Ohmic):
            found.append(Problem((*place, "charge"), "must not be zero: an ohmic species carries current", 0))
        if species.vtf is not None and species.activation_energy is not None:
            found.append(Problem((*place, "vtf"), "stands beside activation_energy; remove one of them"))
        if isinstance(species, Stored) and species.hop_threshold is not None and not species.hop_length:
            found.append(Problem((*place, "hop_threshold"), "is for a hop_length; add it, or remove the threshold"))
        if isinstance(species, Bound):
            found += list(_trap_faults(material, name, species))
        if isinstance(species, Solvated):
            found += list(_solvent_faults(material, name, species))
        for carrier, charge in ((ELECTRON, -1), (HOLE, 1)):
            if name == carrier and species.charge != charge:
                found.append(Problem((*place, "charge"), f"must be {charge}", species.charge))
    return found + (_host_faults(material) if isinstance(material, Host) else _electrolyte_faults(material))


def _host_faults(host: Host) -> list[Problem]:
    found = []
    ion, electron = host.species.get(host.ion), host.species.get(ELECTRON)
    if ion is None:
        hint = did_you_mean(host.ion, list(host.species))
        found.append(Problem(("ion",), f"is not among the species{hint}", host.ion))
    elif not isinstance(ion, Lattice) or ion.charge < 1:
        found.append(Problem(("species", host.ion), 'must be a cation with statistics = "lattice"'))
    if electron is None:
        found.append(Problem(("species", ELECTRON), "is missing; a host conducts electrons"))
    elif not isinstance(electron, Dilute) or electron.density is None or electron.diffusivity is not None:
        remedy = 'must have statistics = "dilute", a density, and no diffusivity: sigma(gamma) sets its mobility'
        found.append(Problem(("species", ELECTRON), remedy))
    found += _diffusion_faults(host, ion)
    if isinstance(host.background, Quantity) and host.background < 0:
        found.append(Problem(("background", "value"), "must not be negative", host.background.text))
    for name, species in host.species.items():
        if name not in (host.ion, ELECTRON) and not isinstance(species, Bound):
            found.append(Problem(("species", name), f'is neither the ion "{host.ion}" nor "{ELECTRON}"; remove it'))
    return found


def _trap_faults(material: Material, name: str, bound: Bound) -> Iterator[Problem]:
    """Yield what traps cannot have, and ions that they cannot bind."""
    place = ("species", name)
    free = material.species.get(bound.of)
    kinds = [known for known, species in material.species.items() if isinstance(species, Dilute | Lattice | Solvated)]
    ions = [known for known in kinds if known != ELECTRON]
    if not isinstance(free, Dilute | Lattice | Solvated) or bound.of == ELECTRON:
        yield Problem((*place, "of"), f"is no ion of the material{did_you_mean(bound.of, ions)}", bound.of)
    elif free.charge != bound.charge:
        yield Problem((*place, "charge"), f"must be that of {bound.of}, {free.charge}", bound.charge)
    for field in ("diffusivity", "activation_energy", "vtf", "hop_length", "offset"):
        if getattr(bound, field) is not None:
            yield Problem((*place, field), "is of ions that move, and bound ones do not; remove it")
    if bound.release_length and not bound.charge:
        yield Problem((*place, "release_length"), "is of ions, which a field pulls out; remove it")
    if bound.concentration is not None and bound.concentration >= bound.density:
        yield Problem(
            (*place, "concentration"),
            "must be below the density of the traps",
            getattr(bound.concentration, "text", ""),
        )


def _solvent_faults(material: Material, name: str, ion: Solvated) -> Iterator[Problem]:
    """Yield a solvent that is another one than that of another ion, and what solvated ions cannot have."""
    place = ("species", name)
    for other, species in material.species.items():
        if isinstance(species, Solvated) and species.solvent != ion.solvent and other < name:
            yield Problem(
                (*place, "solvent"),
                f"must be that of {other}: one material has one solvent",
                getattr(ion.solvent, "text", ""),
            )
    if ion.density is not None:
        yield Problem((*place, "density"), "is of sites; a solvated ion has a solvent; remove it")
    if name == ELECTRON:
        yield Problem((*place, "statistics"), 'is of ions; write "dilute" or "ohmic"', "solvated")


def _diffusion_faults(host: Host, ion: Species | None) -> list[Problem]:
    """Return where an ion has no diffusivity, or two, and where a chemical one belongs to no tracer's."""
    if not isinstance(ion, Lattice):
        return []
    place = ("species", host.ion, "diffusivity")
    if isinstance(host.diffusion, TabulatedDiffusion):
        if ion.diffusivity is not None:
            return [Problem(place, "stands beside the table of diffusion; remove one of them")]
    elif ion.diffusivity is None:
        remedy = 'is missing; add for example { value = "1e-11 cm^2/s", source = "..." }, or a table as diffusion'
        return [Problem(place, remedy)]
    if host.diffusion is not None and host.diffusion.of == "chemical" and ion.charge > 0:
        x = level_at(host.curve(REFERENCE_TEMPERATURE))
        if x is not None:
            remedy = f'asks for a U(x) that falls everywhere, and it is level or rises at x = {x:.3g}; write "tracer"'
            return [Problem(("diffusion", "of"), remedy, "chemical")]
    return []


def _electrolyte_faults(electrolyte: Electrolyte) -> list[Problem]:
    found = []
    for name, species in electrolyte.species.items():
        if not isinstance(species, Stored) or isinstance(species, Bound):
            continue
        if isinstance(species, Band) and name not in CARRIERS:
            remedy = f'is for "{ELECTRON}" and "{HOLE}" alone; write statistics = "dilute" or "lattice"'
            found.append(Problem(("species", name, "statistics"), remedy, "band"))
        if name == HOLE and not isinstance(species, Band):
            found.append(Problem(("species", name, "statistics"), 'must be "band"', species.statistics))
        for field in () if isinstance(species, Band) else ("concentration", "diffusivity"):
            if getattr(species, field) is None:
                example = '"123 mol/m^3"' if field == "concentration" else '"1e-7 cm^2/s"'
                remedy = f'is missing; add for example {{ value = {example}, source = "..." }}'
                found.append(Problem(("species", name, field), remedy))
    found += _gap_faults(electrolyte)
    if found:
        return found
    return [Problem((), message) for message in charge_faults(electrolyte, {})]


def _gap_faults(material: Electrolyte) -> Iterator[Problem]:
    """Yield a gap without two bands, two bands without a gap, and amounts beside those that follow from it."""
    both = bands(material)
    if HOLE in both and ELECTRON in material.species and len(both) < len(CARRIERS):
        yield Problem(("species", ELECTRON, "statistics"), 'must be "band" beside holes', "")
    elif material.gap is None and len(both) == len(CARRIERS):
        remedy = 'is missing: electrons and holes are level in the bulk; add gap = { value = "1.1 eV", source = "..." }'
        yield Problem(("gap",), remedy)
    elif material.gap is not None and len(both) < len(CARRIERS):
        yield Problem(("gap",), f'lies between the bands of "{ELECTRON}" and "{HOLE}"; add both, or remove it')
    if material.recombination is not None and material.gap is None:
        yield Problem(("recombination",), "is of electrons with holes across a gap; remove it")
    for name, band in both.items():
        if material.gap is not None and band.concentration is not None:
            yield Problem(("species", name, "concentration"), "follows from the gap and the fixed_charge; remove it")


def charge_faults(material: Material, concentration: Mapping[str, float]) -> list[str]:
    """Return a sentence when the bulk, with concentrations (mol/m3) of its own, is not neutral."""
    if getattr(material, "gap", None) is not None:
        return []  # electrons and holes balance whatever else is there
    parts = {"fixed_charge": material.fixed_charge or 0.0}
    for name, species in mobile(material).items():
        parts[name] = species.charge * concentration.get(name, species.concentration or 0.0)
    total, scale = sum(parts.values()), sum(abs(part) for part in parts.values())
    if abs(total) <= NEUTRALITY * scale:
        return []
    terms = " ".join(f"{part:+.6g} ({name})" for name, part in parts.items() if part)
    return [
        f"the bulk is not neutral: sum of charge * concentration = {terms} = {total:.6g} mol/m^3; "
        "change a concentration or the fixed_charge"
    ]


def mobile(material: Material) -> dict[str, Stored]:
    """Return the species that store charge."""
    return {name: species for name, species in material.species.items() if isinstance(species, Stored)}
