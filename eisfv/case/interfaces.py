"""What interfaces must be to the regions they join."""

from collections.abc import Iterator, Sequence

from eisfv.case.problems import Key, Problem, did_you_mean
from eisfv.model.interface_laws import Continuous, InterfaceLaw, Kinetic
from eisfv.model.interfaces import Interface
from eisfv.model.materials import CARRIERS, ELECTRON, Material
from eisfv.model.species import Bound, Ohmic

Stack = Sequence[Material | None]
Pairs = Sequence[tuple[int, int]]


def working_ion(left: Material, right: Material) -> str | None:
    """Return the working ion of the host beside an interface when both sides carry it, None otherwise."""
    ions = [side.host.ion for side in (left, right) if side.host is not None]
    return next((ion for ion in ions if ion in left.species and ion in right.species), None)


def faults(entries: Sequence[Interface], names: Sequence[str], stack: Stack, pairs: Pairs | None) -> Iterator[Problem]:
    """Yield what is wrong with `device.interface`: who touches whom, and which species can pass how.

    pairs  the regions that touch, by number, the lower first; None where they cannot be told
    """
    seen: list[tuple[int, int]] = []
    for index, interface in enumerate(entries):
        key: Key = ("device", "interface", index)
        if interface.between is None:
            continue  # the schema says it
        between = list(interface.between)
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
    if len(seen) == len(entries):  # else a faulty entry may be the one that is missing
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
    shared = [name for name in left.species if name in right.species and name not in CARRIERS]
    return [name for name in shared if not any(isinstance(side.species[name], Bound) for side in (left, right))]


def _lawless(key: Key, interface: Interface, left: Material, right: Material) -> Iterator[Problem]:
    """Yield every ion that both sides carry and the interface says nothing of: whether it passes is for the user."""
    for name in shared_ions(left, right):
        if name in interface.species or (interface.ion is not None and name == working_ion(left, right)):
            continue
        word = "ion" if name == working_ion(left, right) else f"species.{name}"
        remedy = (
            f'is missing: both sides carry {name}; write {word} = {{ law = "blocking" }} or a law that lets it pass'
        )
        yield Problem((*key, *word.split(".")), remedy)


def _law_faults(key: Key, interface: Interface, left: Material, right: Material) -> Iterator[Problem]:
    laws: list[tuple[Key, str, InterfaceLaw]] = [
        ((*key, "species", name), name, law) for name, law in interface.species.items()
    ]
    if interface.electron is not None:
        laws.append(((*key, "electron"), ELECTRON, interface.electron))
    if interface.ion is not None:
        ion = working_ion(left, right)
        if ion is None:
            yield Problem((*key, "ion"), f"has no working ion: {_strangers(left, right)}")
        else:
            if ion in interface.species:
                yield Problem((*key, "ion"), f'and species.{ion} are both given for "{ion}"; keep one')
            laws.append(((*key, "ion"), ion, interface.ion))
    hosts = left.host is not None or right.host is not None
    for place, name, law in laws:
        sides = [side.species.get(name) for side in (left, right)]
        carriers = [species for species in sides if species is not None]
        if not carriers:
            carried = sorted({*left.species, *right.species})
            yield Problem(place, f'is for "{name}", which neither side has{did_you_mean(name, carried)}')
        elif isinstance(law, Kinetic | Continuous) and len(carriers) == 1:
            without = left.name if sides[0] is None else right.name
            yield Problem(place, f'lets "{name}" pass into "{without}", which does not have it; write law = "blocking"')
        elif isinstance(law, Kinetic) and any(isinstance(species, Ohmic) for species in carriers):
            yield Problem(place, f'is for "{name}", which is ohmic here; write law = "continuous" or "blocking"')
        if isinstance(law, Kinetic) and law.at_x is not None and not hosts:
            yield Problem((*place, "at_x"), "needs a host beside the interface; remove it", law.at_x)


def _strangers(left: Material, right: Material) -> str:
    """Return why no ion of a host goes to the other side, and what to write."""
    for side, other in ((left, right), (right, left)):
        if side.host is not None:
            known = sorted(name for name in other.species if name not in CARRIERS)
            ions = f"and {other.name} has {', '.join(known)}" if known else f"and {other.name} has no ion"
            return f"{side.name} takes {side.host.ion}, {ions}; join materials of one ion, or write species.NAME"
    return "no host is beside it; write species.NAME"


def _charge_faults(left: Material, right: Material) -> Iterator[Problem]:
    for name, species in left.species.items():
        other = right.species.get(name)
        if other is not None and other.charge != species.charge:
            remedy = f'"{name}" has charge {species.charge} in "{left.name}" and {other.charge} in "{right.name}"'
            yield Problem(("device", "region"), f"do not agree: {remedy}; rename one of them")
