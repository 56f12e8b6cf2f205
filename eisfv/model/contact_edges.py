"""On which edges of its regions a section without a mesh has its contacts: as the case says, else as the shape does.

x runs from source to drain, y from the gate to the channel, both in m; "top" is the edge of small y, "bottom" that of
large y.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eisfv.model.section import ContactPlace, ContactPlaces, Edge, Section

SIDES = ("source", "drain")
Span = tuple[float, float]


@dataclass(frozen=True)
class ContactEdge:
    """A contact on an edge of a region, over a span (m) along the edge; None: over all of it."""

    region: str
    edge: Edge
    span: Span | None = None


def wanted(section: Section, names: Sequence[str], across: Sequence[Span] | None) -> dict[str, ContactEdge]:
    """Return the place of every contact that can be told, by name; its region may still be an unknown one.

    names, across  the regions from the gate on, and from where to where each goes along x, m; None: not known
    """
    given = given_places(section)
    shape = {} if section.shape == "boxes" or not names else by_shape(section, names, across)
    places = {}
    for name in ("gate", "channel") if "channel" in given else ("gate", *SIDES):
        own, usual = given.get(name), shape.get(name)
        if not isinstance(own, ContactPlace):
            own = ContactPlace()
        region = own.region or (usual.region if usual else None)
        edge = own.edge or (usual.edge if usual else None)
        if region is None or edge is None:
            continue
        span = None if own.span is None else (float(own.span[0]), float(own.span[1]))
        place = ContactEdge(region, edge, span)
        if usual is not None and own.span is None and (usual.region, usual.edge) == (region, edge):
            place = usual
        places[name] = place
    return places


def given_places(section: Section) -> Mapping[str, ContactPlace]:
    """Return the places that a section says, by the name of the contact."""
    return section.contact.given() if isinstance(section.contact, ContactPlaces) else {}


def by_shape(section: Section, names: Sequence[str], across: Sequence[Span] | None) -> dict[str, ContactEdge]:
    """Return the places that the shape of a section says."""
    gate, channel = ContactEdge(names[0], "top"), names[-1]
    if section.shape == "planar_self_gate":
        before = across is None or across[0][0] < across[-1][0]
        gate = ContactEdge(names[0], "left" if before else "right")
    places = {"gate": gate, "channel": ContactEdge(channel, "bottom")}
    if section.source_drain == "bottom":
        pad = section.pad
        if pad is not None and across is not None:
            start, stop = across[-1]
            places["source"] = ContactEdge(channel, "bottom", (start, start + pad))
            places["drain"] = ContactEdge(channel, "bottom", (stop - pad, stop))
    else:
        places |= {"source": ContactEdge(channel, "left"), "drain": ContactEdge(channel, "right")}
    return places
