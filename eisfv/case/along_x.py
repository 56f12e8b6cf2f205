"""Values of an interface that vary along x: what they must be to the interface."""

from collections.abc import Iterator, Sequence

from eisfv.case.box_geometry import length_text, snapping, span_text
from eisfv.case.geometry import Geometry
from eisfv.case.problems import Key, Problem
from eisfv.case.section_keys import kind_of
from eisfv.mesh.box import Span
from eisfv.model.along_x import AlongX, FromFile, Patches, Points
from eisfv.model.case_file import DeviceTable
from eisfv.model.interface_laws import Kinetic
from eisfv.model.interfaces import Interface
from eisfv.model.quantity import Quantity

# Of the interface's length: each patch needs a few cells along x.
SMALLEST_PATCH = 1e-3


def faults(device: DeviceTable, names: Sequence[str], geometry: Geometry) -> Iterator[Problem]:
    """Yield values that vary along x where nothing does, that do not cover their interface, patches out of scale."""
    for index, interface in enumerate(device.interface):
        for key, value in _values(("device", "interface", index), interface):
            if not isinstance(value, Points | Patches | FromFile):
                continue
            if kind_of(device) == "none":
                remedy = "varies along x, which a stack does not have; write one value, or add [device.section]"
                yield Problem(key, remedy)
                continue
            if interface.between is None or not all(name in names for name in interface.between):
                continue
            first, second = sorted(names.index(name) for name in interface.between)
            if (first, second) not in geometry.along:
                continue
            along = geometry.along[first, second]
            if along is None:
                yield Problem(key, "varies along x, but these two regions meet side by side, at one x; write one value")
            else:
                yield from _scale_faults(key, value, along)


def _values(key: Key, interface: Interface) -> Iterator[tuple[Key, AlongX | None]]:
    """Give the place and the value of everything that may vary along an interface."""
    laws = [((*key, "ion"), interface.ion), ((*key, "electron"), interface.electron)]
    laws += [((*key, "species", name), law) for name, law in interface.species.items()]
    for place, law in laws:
        if isinstance(law, Kinetic):
            yield (*place, "exchange_current"), law.exchange_current
    yield (*key, "stern_capacitance"), interface.stern_capacitance


def _scale_faults(key: Key, value: Points[float] | Patches[float] | FromFile, along: Span) -> Iterator[Problem]:
    size = along[1] - along[0]
    if isinstance(value, Patches) and isinstance(value.patch, Quantity):
        if not SMALLEST_PATCH * size <= value.patch <= size:
            ends = f"{length_text(SMALLEST_PATCH * size)} and {length_text(size)}"
            yield Problem((*key, "patch"), f"must be between {ends}, the length of the interface", value.patch.text)
    elif isinstance(value, Points) and value.x:
        start, stop = value.x[0], value.x[-1]
        snap = snapping(along)
        if start < stop and (snap(start) > along[0] or snap(stop) < along[1]):
            covered = span_text((start, stop))
            remedy = f"covers {covered} and the interface runs from {span_text(along)}; add points to its ends"
            yield Problem((*key, "x"), remedy)
