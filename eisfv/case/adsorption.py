"""What planes that adsorb must be to the regions beside them."""

from collections.abc import Iterator, Mapping, Sequence

from eisfv.case.problems import Key, Problem, did_you_mean, quoted
from eisfv.model.adsorption import Adsorption
from eisfv.model.case_file import DeviceTable
from eisfv.model.contact_kind import ContactKind
from eisfv.model.materials import CARRIERS, Material
from eisfv.model.species import Dilute, Lattice, Solvated

Sides = Mapping[str, Material | None]


def faults(table: DeviceTable, sides: Sides, ends: Mapping[str, int | None]) -> Iterator[Problem]:
    """Yield what is wrong with the planes of a device.

    sides  material by region, None where it cannot be read; ends: number of the region behind each contact
    """
    taken = {name for material in sides.values() if material is not None for name in material.species}
    for index, interface in enumerate(table.interface):
        key: Key = ("device", "interface", index, "adsorbed")
        if interface.between is not None and all(name in sides for name in interface.between):
            beside = {name: sides[name] for name in interface.between}
            yield from _plane_faults(key, interface.adsorbed, beside, taken)
        taken |= set(interface.adsorbed)
    for side, contact in (("gate", table.contact.gate), ("channel", table.contact.channel)):
        end = ends[side]
        if end is not None and isinstance(contact, ContactKind):
            name = list(sides)[end]
            yield from _plane_faults(
                ("device", "contact", side, "adsorbed"), contact.sites(), {name: sides[name]}, taken
            )
            taken |= set(contact.sites())


def _plane_faults(key: Key, sites: Mapping[str, Adsorption], beside: Sides, taken: set[str]) -> Iterator[Problem]:
    for name, law in sites.items():
        place = (*key, name)
        if name in taken:
            yield Problem(place, "is the name of a species that there is; take another one")
        if law.of is None:
            continue  # the schema says it
        if law.region is not None and (law.region not in beside or len(beside) == 1):
            remedy = f"is no side of this plane; write one of {quoted(beside)}"
            yield Problem((*place, "region"), remedy if len(beside) > 1 else "is of interfaces; remove it", law.region)
            continue
        wanted = {region: beside[region] for region in ([law.region] if law.region else beside)}
        if any(material is None for material in wanted.values()):
            continue
        holding = [region for region, material in wanted.items() if material is not None and law.of in material.species]
        if not holding:
            known = sorted({ion for material in wanted.values() if material is not None for ion in ions(material)})
            yield Problem((*place, "of"), f"is no ion beside the plane{did_you_mean(law.of, known)}", law.of)
        elif len(holding) > 1:
            remedy = f"is missing: {law.of} is on both sides; write the one that the sites take it from"
            yield Problem((*place, "region"), remedy)
        elif (material := wanted[holding[0]]) is not None and law.of not in ions(material):
            what = "a host" if material.host is not None else f"none in which {law.of} is a free ion"
            yield Problem((*place, "of"), f"must be an ion of an electrolyte, and {holding[0]} is {what}", law.of)


def ions(material: Material) -> Sequence[str]:
    """Return the free ions of an electrolyte, none of a host."""
    if material.host is not None:
        return []
    kinds = Dilute | Lattice | Solvated
    return [name for name, species in material.species.items() if isinstance(species, kinds) and name not in CARRIERS]
