"""Where the contacts of a section without a mesh lie: what the shape says, and what the case says otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from eisfv.case.box_geometry import common, length_text, open_stretches, snapping, span_text
from eisfv.case.problems import Key, Problem, did_you_mean
from eisfv.mesh.box import Box
from eisfv.model.contact_edges import SIDES, ContactEdge, given_places
from eisfv.model.record import written
from eisfv.model.section import ContactPlace, Section

CONTACT: Key = ("device", "section", "contact")


def name_faults(section: Section, names: Sequence[str], places: Mapping[str, ContactEdge]) -> Iterator[Problem]:
    """Yield contacts that are missing, too many, on no region, or on two regions."""
    given = given_places(section)
    if "channel" in given:
        for name in SIDES:
            if name in given:
                yield Problem((*CONTACT, name), "and channel are both given; keep channel, or source and drain")
    for name in ("gate", *(() if "channel" in given else SIDES)):
        if section.shape == "boxes" and section.contact is not None and name not in given:
            either = "" if name == "gate" else " (or a channel contact)"
            remedy = (
                f'is missing{either}; add [device.section.contact.{name}] with region = "{names[-1]}", edge = "left"'
            )
            yield Problem((*CONTACT, name), remedy)
    for name, place in given.items() if section.shape == "boxes" else ():
        for key, example in (("region", names[-1]), ("edge", "left")):
            if isinstance(place, ContactPlace) and getattr(place, key) is None:
                yield Problem((*CONTACT, name, key), f'is missing; add for example {key} = "{example}"')
    for name, found in places.items():
        if found.region not in names:
            hint = did_you_mean(found.region, names)
            yield Problem((*CONTACT, name, "region"), f"is not a region{hint}", found.region)
    ends = [places[name] for name in SIDES if name in places and places[name].region in names]
    if len(ends) == len(SIDES) and places["source"].region != places["drain"].region:
        remedy = f'lies on "{places["drain"].region}" and source on "{places["source"].region}"; put both on one region'
        yield Problem((*CONTACT, "drain"), remedy)


def settled(
    section: Section, names: Sequence[str], boxes: Sequence[Box], places: Mapping[str, ContactEdge]
) -> tuple[dict[str, ContactEdge], list[Problem]]:
    """Return the places on the open stretches of their edges, and what is wrong with them.

    A contact without a span on an edge that a neighbour covers in part gets the open rest as its span.
    """
    pad = section.pad
    width = boxes[-1].x[1] - boxes[-1].x[0]
    if section.source_drain == "bottom" and pad is not None and 2.0 * pad >= width:
        remedy = (
            f'leaves no channel between the pads; write less than half of the {length_text(width)} of "{names[-1]}"'
        )
        return {}, [Problem(("device", "section", "pad"), remedy, written(pad))]
    done: dict[str, ContactEdge] = {}
    faults: list[Problem] = []
    for name, place in places.items():
        found = _settled(names.index(place.region), place, boxes)
        if isinstance(found, ContactEdge):
            done[name] = found
        elif found:
            span = getattr(given_places(section).get(name), "span", None)
            fault = (
                Problem((*CONTACT, name, "span"), found, written(span)) if span else Problem((*CONTACT, name), found)
            )
            faults.append(fault)
    return done, [*faults, *_overlaps(done, {name: boxes[names.index(p.region)] for name, p in done.items()})]


def _settled(number: int, place: ContactEdge, boxes: Sequence[Box]) -> ContactEdge | str:
    """Return the place where it can be, or what is wrong with it."""
    axis, _, whole = boxes[number].edge(place.edge)
    edge = f'the {place.edge} edge of "{place.region}"'
    stretches = open_stretches(number, place.edge, boxes)
    rest = " and ".join(span_text(stretch) for stretch in stretches)
    if not stretches:
        return f"lies on {edge}, which other regions cover wholly; choose an open edge"
    if place.span is None:
        if stretches == [whole]:
            return place
        if len(stretches) > 1:
            return f"lies on {edge}, which is open at {rest}; say where with span"
        return replace(place, span=stretches[0])
    snap = snapping(end for box in boxes for end in (box.y, box.x)[axis])
    start, stop = snap(place.span[0]), snap(place.span[1])
    if start < whole[0] or stop > whole[1]:
        return f"lies outside {edge}, which runs from {span_text(whole)}"
    if not any(a <= start and stop <= b for a, b in stretches):
        return f"lies where another region covers {edge}, which is open at {rest}"
    return replace(place, span=(start, stop))


def _overlaps(places: Mapping[str, ContactEdge], boxes: Mapping[str, Box]) -> Iterator[Problem]:
    for (name, a), (other, b) in combinations(places.items(), 2):
        if (a.region, a.edge) == (b.region, b.edge):
            whole = boxes[name].edge(a.edge)[2]
            both = common(a.span or whole, b.span or whole)
            if both is not None:
                remedy = f'overlaps {name} at {span_text(both)} of the {a.edge} edge of "{a.region}"; move one of them'
                yield Problem((*CONTACT, other), remedy)
