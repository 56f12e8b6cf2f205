"""What interfaces and contacts must be to the regions they join."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eisfv.case.material_file import ELECTRON
from eisfv.case.problems import Key, Problem, did_you_mean, quoted
from eisfv.case.tree import rows, table
from eisfv.materials.records import Electrode, Material, Species

Stack = Sequence[Material | None]
Pairs = Sequence[tuple[int, int]]


def named(material: Material) -> dict[str, Species]:
    """Return a material's species by name."""
    return {species.name: species for species in material.species}


def working_ion(left: Material, right: Material) -> str | None:
    """Return the working ion of the host beside an interface when both sides carry it, None otherwise."""
    ions = [side.host.ion for side in (left, right) if side.host is not None]
    return next((ion for ion in ions if ion in named(left) and ion in named(right)), None)


def interface_faults(
    tree: Mapping[str, Any], names: Sequence[str], stack: Stack, pairs: Pairs | None
) -> Iterator[Problem]:
    """Yield what is wrong with `device.interface`: who touches whom, and which species can pass how.

    pairs  the regions that touch, by number, the lower first; None where they cannot be told
    """
    seen: list[tuple[int, int]] = []
    for index, interface in enumerate(rows(tree, "device", "interface")):
        key: Key = ("device", "interface", index)
        between = interface.get("between")
        if not (isinstance(between, list) and len(between) == 2 and all(isinstance(name, str) for name in between)):
            continue  # the schema says it
        unknown = [name for name in between if name not in names]
        for name in unknown:
            hint = did_you_mean(name, names)
            yield Problem((*key, "between"), f'names "{name}", which is not a region{hint}', between)
        if unknown:
            continue
        first, second = sorted(names.index(name) for name in between)
        if first == second or (pairs is not None and (first, second) not in pairs):
            touching = "; ".join(f"{names[a]} and {names[b]}" for a, b in pairs or ())
            remedy = f"names regions that do not touch; neighbours are {touching or 'none'}"
            yield Problem((*key, "between"), remedy, between)
            continue
        if (first, second) in seen:
            yield Problem((*key, "between"), "is described twice; keep one entry", between)
        seen.append((first, second))
        left, right = stack[first], stack[second]
        if left is not None and right is not None:
            yield from _law_faults(key, interface, left, right)
            yield from _lawless(key, interface, left, right)
    neighbours = [(pair, (stack[pair[0]], stack[pair[1]])) for pair in pairs or ()]
    for _, (left, right) in neighbours:
        if left is not None and right is not None:
            yield from _charge_faults(left, right)
    if len(seen) == len(rows(tree, "device", "interface")):  # else a faulty entry may be the one that is missing
        yield from _missing_entries(names, stack, [pair for pair, _ in neighbours if pair not in seen])


def _missing_entries(names: Sequence[str], stack: Stack, pairs: Pairs) -> Iterator[Problem]:
    """Yield the neighbours that share an ion, of those without an entry."""
    lacking = [
        f"{names[a]} and {names[b]} ({', '.join(shared_ions(left, right))})"
        for a, b in pairs
        if (left := stack[a]) is not None and (right := stack[b]) is not None and shared_ions(left, right)
    ]
    if lacking:
        remedy = (
            f"lacks an entry for neighbours that share an ion: {'; '.join(lacking)}; add [[device.interface]] for each"
        )
        yield Problem(("device", "interface"), remedy)


def shared_ions(left: Material, right: Material) -> list[str]:
    """Return the ions that both materials carry."""
    return [name for name in named(left) if name in named(right) and name != ELECTRON]


def _lawless(key: Key, interface: Mapping[str, Any], left: Material, right: Material) -> Iterator[Problem]:
    """Yield every ion that both sides carry and the interface says nothing of: whether it passes is for the user."""
    for name in shared_ions(left, right):
        if name in table(interface, "species") or ("ion" in interface and name == working_ion(left, right)):
            continue
        word = "ion" if name == working_ion(left, right) else f"species.{name}"
        remedy = (
            f'is missing: both sides carry {name}; write {word} = {{ law = "blocking" }} or a law that lets it pass'
        )
        yield Problem((*key, *word.split(".")), remedy)


def _law_faults(key: Key, interface: Mapping[str, Any], left: Material, right: Material) -> Iterator[Problem]:
    laws: list[tuple[Key, str]] = [((*key, "species", name), name) for name in table(interface, "species")]
    if "electron" in interface:
        laws.append(((*key, "electron"), ELECTRON))
    if "ion" in interface:
        ion = working_ion(left, right)
        if ion is None:
            remedy = "has no working ion: no host beside it shares its ion with the other side; write species.NAME"
            yield Problem((*key, "ion"), remedy)
        else:
            if ion in table(interface, "species"):
                yield Problem((*key, "ion"), f'and species.{ion} are both given for "{ion}"; keep one')
            laws.append(((*key, "ion"), ion))
    hosts = left.host is not None or right.host is not None
    for place, name in laws:
        law = table(interface, *(str(part) for part in place[len(key) :]))
        sides = [named(side).get(name) for side in (left, right)]
        carriers = [species for species in sides if species is not None]
        if not carriers:
            carried = sorted({*named(left), *named(right)})
            yield Problem(place, f'is for "{name}", which neither side has{did_you_mean(name, carried)}')
        elif law.get("law") in ("butler_volmer", "continuous") and len(carriers) == 1:
            without = left.name if sides[0] is None else right.name
            yield Problem(place, f'lets "{name}" pass into "{without}", which does not have it; write law = "blocking"')
        elif law.get("law") == "butler_volmer" and any(species.statistics == "ohmic" for species in carriers):
            yield Problem(place, f'is for "{name}", which is ohmic here; write law = "continuous" or "blocking"')
        if "at_x" in law and not hosts:
            yield Problem((*place, "at_x"), "needs a host beside the interface; remove it", law["at_x"])


def _charge_faults(left: Material, right: Material) -> Iterator[Problem]:
    for name, species in named(left).items():
        other = named(right).get(name)
        if other is not None and other.charge != species.charge:
            remedy = f'"{name}" has charge {species.charge} in "{left.name}" and {other.charge} in "{right.name}"'
            yield Problem(("device", "region"), f"do not agree: {remedy}; rename one of them")


def contact_faults(
    tree: Mapping[str, Any],
    stack: Stack,
    materials: Mapping[str, Material | Electrode | None],
    ends: Mapping[str, int | None],
) -> Iterator[Problem]:
    """Yield what is wrong with `device.contact`: what the region behind a contact must have.

    ends  number of the region behind the gate and the channel contact, None where it cannot be told
    """
    for side, end in ends.items():
        contact = table(tree, "device", "contact", side)
        key: Key = ("device", "contact", side)
        region = stack[end] if end is not None else None
        if region is None:
            continue
        species = named(region)
        if contact.get("kind") == "ohmic" and ELECTRON not in species:
            remedy = f'needs electrons and "{region.name}" has none; write kind = "blocking" or "reactive"'
            yield Problem((*key, "kind"), remedy, "ohmic")
        if contact.get("kind") == "bath":
            for name in table(contact, "concentration"):
                if name not in species:
                    remedy = f'is not a species of "{region.name}"{did_you_mean(name, list(species))}'
                    yield Problem((*key, "concentration", name), remedy)
        reference = contact.get("electrode")
        electrode = materials.get(reference) if isinstance(reference, str) else None
        if isinstance(electrode, Material):
            yield Problem((*key, "electrode"), 'is not an electrode; its file must say kind = "electrode"', reference)
        elif electrode is not None and electrode.ion not in species:
            remedy = f'exchanges "{electrode.ion}", which "{region.name}" does not have; it has {quoted(species)}'
            yield Problem((*key, "electrode"), remedy, reference)
        elif electrode is not None and species[electrode.ion].charge != electrode.charge:
            remedy = (
                f'has {electrode.ion} of charge {electrode.charge}, "{region.name}" of {species[electrode.ion].charge}'
            )
            yield Problem((*key, "electrode"), remedy, reference)
