"""Where the contacts of a section without a mesh lie: what the shape says, and what the case says otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from eisfv.case.boxes import length, span
from eisfv.case.problems import Key, Problem, did_you_mean
from eisfv.case.touching import common, length_text, open_stretches, snapping, span_text
from eisfv.case.tree import table
from eisfv.device.layout import EDGES, SIDES, Place
from eisfv.mesh.box import Box

Tree = Mapping[str, Any]
CONTACT: Key = ("device", "section", "contact")
CONTACTS = ("gate", *SIDES, "channel")


def wanted(section: Tree, names: Sequence[str], boxes: Sequence[Box] | None) -> dict[str, Place]:
    """Return the place of every contact that can be told, by name; its region may still be an unknown one."""
    given = {name: place for name, place in table(section, "contact").items() if isinstance(place, dict)}
    shape = {} if section["shape"] == "boxes" or not names else _by_shape(section, names, boxes)
    places = {}
    for name in ("gate", "channel") if "channel" in given else ("gate", *SIDES):
        own, usual = given.get(name, {}), shape.get(name)
        region = own.get("region", usual.region if usual else None)
        edge = own.get("edge", usual.edge if usual else None)
        if not isinstance(region, str) or edge not in EDGES:
            continue
        place = Place(region, edge, span(own, "span"))
        if usual is not None and "span" not in own and (usual.region, usual.edge) == (region, edge):
            place = usual
        places[name] = place
    return places


def _by_shape(section: Tree, names: Sequence[str], boxes: Sequence[Box] | None) -> dict[str, Place]:
    gate, channel = Place(names[0], "top"), names[-1]
    if section["shape"] == "planar_self_gate":
        before = boxes is None or boxes[0].x[0] < boxes[-1].x[0]
        gate = Place(names[0], "left" if before else "right")
    places = {"gate": gate, "channel": Place(channel, "bottom")}
    if section.get("source_drain") == "bottom":
        pad = length(section, "pad")
        if pad is not None and boxes is not None:
            start, stop = boxes[-1].x
            places["source"] = Place(channel, "bottom", (start, start + pad))
            places["drain"] = Place(channel, "bottom", (stop - pad, stop))
    else:
        places |= {"source": Place(channel, "left"), "drain": Place(channel, "right")}
    return places


def name_faults(section: Tree, names: Sequence[str], places: Mapping[str, Place]) -> Iterator[Problem]:
    """Yield contacts that are missing, too many, on no region, or on two regions."""
    given = table(section, "contact")
    if "channel" in given:
        for name in SIDES:
            if name in given:
                yield Problem((*CONTACT, name), "and channel are both given; keep channel, or source and drain")
    for name in ("gate", *(() if "channel" in given else SIDES)):
        if section["shape"] == "boxes" and "contact" in section and name not in given:
            either = "" if name == "gate" else " (or a channel contact)"
            remedy = (
                f'is missing{either}; add [device.section.contact.{name}] with region = "{names[-1]}", edge = "left"'
            )
            yield Problem((*CONTACT, name), remedy)
    for name, place in given.items() if section["shape"] == "boxes" else ():
        for key, example in (("region", names[-1]), ("edge", "left")):
            if name in CONTACTS and isinstance(place, dict) and key not in place:
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
    section: Tree, names: Sequence[str], boxes: Sequence[Box], places: Mapping[str, Place]
) -> tuple[dict[str, Place], list[Problem]]:
    """Return the places on the open stretches of their edges, and what is wrong with them.

    A contact without a span on an edge that a neighbour covers in part gets the open rest as its span.
    """
    pad = length(section, "pad")
    width = boxes[-1].x[1] - boxes[-1].x[0]
    if section.get("source_drain") == "bottom" and pad is not None and 2.0 * pad >= width:
        remedy = (
            f'leaves no channel between the pads; write less than half of the {length_text(width)} of "{names[-1]}"'
        )
        return {}, [Problem(("device", "section", "pad"), remedy, section["pad"])]
    done: dict[str, Place] = {}
    faults: list[Problem] = []
    for name, place in places.items():
        found = _settled(names.index(place.region), place, boxes)
        if isinstance(found, Place):
            done[name] = found
        elif found:
            key = "span" if "span" in table(section, "contact", name) else None
            value = table(section, "contact", name).get("span")
            faults.append(Problem((*CONTACT, name, key), found, value) if key else Problem((*CONTACT, name), found))
    return done, [*faults, *_overlaps(done, {name: boxes[names.index(p.region)] for name, p in done.items()})]


def _settled(number: int, place: Place, boxes: Sequence[Box]) -> Place | str:
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


def _overlaps(places: Mapping[str, Place], boxes: Mapping[str, Box]) -> Iterator[Problem]:
    for (name, a), (other, b) in combinations(places.items(), 2):
        if (a.region, a.edge) == (b.region, b.edge):
            whole = boxes[name].edge(a.edge)[2]
            both = common(a.span or whole, b.span or whole)
            if both is not None:
                remedy = f'overlaps {name} at {span_text(both)} of the {a.edge} edge of "{a.region}"; move one of them'
                yield Problem((*CONTACT, other), remedy)
