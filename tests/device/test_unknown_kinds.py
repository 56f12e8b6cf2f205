"""What a table, a kernel or the start does not know stops; nothing falls through to another kind."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
from pydantic.dataclasses import dataclass

from eisfv.device.build import build
from eisfv.device.device import Device
from eisfv.device.meshing import mesh_of
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import unknowns
from eisfv.model.contacts import OhmicContact
from eisfv.model.interface_laws import MarcusHushChidsey
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.record import RECORD
from eisfv.physics.conductivity import conductivity
from eisfv.physics.open_circuit import excess_of_host, open_circuit
from eisfv.physics.statistics import stored_where, stores
from eisfv.physics.transfer import KINDS
from eisfv.simulation import Simulation
from eisfv.solve.errors import EquilibriumError
from support.devices import mg_stack
from support.jacobian import assembled, random_state

UNKNOWN = 99
COARSE = MeshOptions(cells={"reservoir": 3, "electrolyte": 4, "channel": 3})
ROW = np.array([float(UNKNOWN), 1.0, 1.0, 1.0, 1.0, 1.0])


@dataclass(frozen=True, config=RECORD)
class Numberless(OhmicContact):
    """A contact whose number no branch of the kernel has."""

    number: ClassVar = UNKNOWN


@dataclass(frozen=True, config=RECORD)
class Levelless(OhmicContact):
    """A contact that is level by something that the start does not know."""

    level: ClassVar = "hole"


def stack(**more: object) -> Device:
    return replace(mg_stack(length=50e-9, mesh=COARSE), **more)


def test_a_law_that_is_not_compiled_stops_at_build_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    device = mg_stack(length=50e-9, mesh=COARSE, law=MarcusHushChidsey(1e-3, 5e4))
    build(device, mesh_of(device))
    monkeypatch.delitem(KINDS, "marcus_hush_chidsey")
    with pytest.raises(ValueError, match='there is no transfer law "marcus_hush_chidsey"; known are ') as error:
        build(device, mesh_of(device))
    assert "\n" not in str(error.value)


def test_a_contact_without_a_branch_stops() -> None:
    with pytest.raises(ValueError, match="a contact of an unknown kind"):
        Simulation(stack(channel=Numberless()))


def test_a_contact_of_an_unknown_level_stops_the_start() -> None:
    with pytest.raises(EquilibriumError, match='the channel contact is level by "hole", which the start does not know'):
        Simulation(stack(channel=Levelless()))


def test_a_law_of_an_unknown_kind_stops_the_kernel() -> None:
    state = random_state(stack(), 11, 0.1)
    assembled(*state, 1e-6)
    faces = state[0].tables.transfer
    faces[faces[:, :, 0] > 1.0, 0] = UNKNOWN
    with pytest.raises(ValueError, match="a transfer law of an unknown kind"):
        assembled(*state, 1e-6)


def test_a_species_of_unknown_statistics_stops_every_reader() -> None:
    built = build(stack(), mesh_of(stack()))
    t = built.tables
    region = np.arange(len(t.kind))
    u = unknowns(t, region, np.zeros(len(region)), built.bulk)
    laws_at(t, region, u)
    t.kind[0, 0] = UNKNOWN
    for read in (lambda: laws_at(t, region, u), lambda: stores(UNKNOWN), lambda: stored_where(t.kind)):
        with pytest.raises(ValueError, match="a species of unknown statistics"):
            read()


def test_a_curve_of_an_unknown_kind_stops() -> None:
    with pytest.raises(ValueError, match="a conductivity curve of an unknown kind"):
        conductivity(ROW, 0.1)
    with pytest.raises(ValueError, match="an open-circuit curve of an unknown kind"):
        open_circuit(ROW, 1, 0.1)
    with pytest.raises(ValueError, match="an open-circuit curve of an unknown kind"):
        excess_of_host(ROW, 1, 0.1, 0.9, -2.2, 0.0)
