"""Flows by rows are those of the laws face by face, and so are their slopes."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.equations.bulk_faces import add_rare
from eisfv.equations.face_rows import LENGTH, add_row
from eisfv.equations.local import local_handle, local_laws
from eisfv.equations.system import new_system, system_handle
from eisfv.equations.tables_handle import tables_handle
from eisfv.equations.unknowns import of_species, unknowns
from eisfv.model.mesh_options import MeshOptions
from eisfv.physics.statistics import stored_where
from support.devices import mg_stack
from support.jacobian import random_state

FINE = MeshOptions(cells={"reservoir": 40, "electrolyte": LENGTH - 8, "channel": 40})
DH = 1e-3


def scattered(volts: float, spread: float) -> tuple[Built, Floats]:
    """Return a stack and unknowns that jump from cell to cell: potentials by `volts` (RT/F), y by `spread`."""
    built, _, _ = random_state(replace(mg_stack(), mesh=FINE), 3, 0.0)
    t, rng = built.tables, np.random.default_rng(5)
    y = built.bulk[t.region] + spread * rng.uniform(-1.0, 1.0, size=(len(t.region), len(t.charge)))
    return built, unknowns(t, t.region, volts * rng.normal(size=len(t.region)), y)


def added(built: Built, u: Floats, by_rows: bool, slopes: bool = True) -> list[Floats]:
    """Return flows, balances and slopes of all runs of faces inside a region."""
    t, system = built.tables, new_system(built.tables)
    tables, work = tables_handle(t), system_handle(system)
    local_laws(tables, t.region, u, local_handle(system.local))
    regions, count = t.region[t.left], 0
    for r in np.unique(regions):
        faces = np.flatnonzero((regions == r) & (t.interface < 0))
        for s in np.flatnonzero(stored_where(t.kind[r])):
            if by_rows:
                assert add_row(tables, u, DH, slopes, work, faces[0], faces[-1] + 1, s)
            else:
                add_rare(tables, u, DH, slopes, work, faces[0], faces[-1] + 1, s)
            count += 1
    assert count > 4
    transport = system.slopes.transport
    return [system.flow, system.residual, transport.diagonal, transport.upper, transport.lower]


def off(found: list[Floats], expected: list[Floats]) -> float:
    """Return the largest difference, each entry relative to the largest one of its row and column in any cell."""
    differences = []
    for one, other in zip(found, expected, strict=True):
        scale = np.abs(other).max(axis=0)
        differences.append(np.max(np.abs(one - other) / np.where(scale > 0.0, scale, 1.0)))
    return float(max(differences))


@pytest.mark.parametrize("volts", [0.0, 1e-3, 0.1, 3.0, 60.0, 500.0])
def test_rows_are_the_laws_face_by_face(volts: float) -> None:
    built, u = scattered(volts, 0.3)
    assert off(added(built, u, True), added(built, u, False)) < 1e-13


def test_each_flow_has_its_own_digits() -> None:
    built, u = scattered(3.0, 0.3)
    np.testing.assert_allclose(added(built, u, True)[0], added(built, u, False)[0], rtol=1e-11)


def test_a_billionth_of_the_state_would_be_seen() -> None:
    built, u = scattered(3.0, 0.3)
    assert off(added(built, u * (1.0 + 1e-9), True), added(built, u, False)) > 1e-11


def test_without_slopes_the_flows_are_the_same() -> None:
    built, u = scattered(3.0, 0.3)
    values, both = added(built, u, True, slopes=False), added(built, u, True)
    assert all(np.array_equal(one, other) for one, other in zip(values[:2], both[:2], strict=True))
    assert not any(np.any(one) for one in values[2:])


def test_enhanced_diffusion_is_left_to_the_laws() -> None:
    built, u = scattered(0.0, 0.3)
    t, system = built.tables, new_system(built.tables)
    ion, first = int(t.ion[0]), int(np.flatnonzero(t.interface < 0)[0])
    left, right = t.left[first], t.right[first]
    tables, work = tables_handle(t), system_handle(system)
    local_laws(tables, t.region, u, local_handle(system.local))
    u[right, of_species(ion)] = u[left, of_species(ion)] - 2.0
    system.local.mu[right, ion] = system.local.mu[left, ion] + 1.0  # against it
    assert not add_row(tables, u, DH, True, work, first, first + 1, ion)
    assert not system.flow.any()
    assert not system.residual.any()
