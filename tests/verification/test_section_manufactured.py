"""A solution made up in two dimensions comes out of the assembled equations with second order.

phi (RT/F) and the cation are chosen, the anion follows from Poisson's equation; the divergence of the fluxes that go
with them enters as amounts known from the past:

    phi = A (cos pi X + 1/2) (1 - cos pi Y)/2      c+ = c0 [1 + B cos pi X cos pi Y]      c- = c+ + (eps RT/F^2) lap phi
    known = V (c + dh div N),     N = -D (grad c + z c grad phi)

Every normal derivative vanishes on the edges, and phi on the top: a blocking metal there anchors it, the rest of the
border insulates. X and Y are x and y over the width and the height, which is ten Debye lengths.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from eisfv.device.build import Built, build
from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.mesh.box import Box
from eisfv.mesh.records import CHANNEL, GATE, Mesh
from eisfv.mesh.section import Stretch, section_mesh
from eisfv.model.contacts import BlockingContact, InsulatingContact
from eisfv.model.interface_laws import Continuous
from eisfv.model.interfaces import Interface
from eisfv.model.regions import Region
from eisfv.solve.linear import linear_solver
from eisfv.solve.newton import Newton
from eisfv.solve.stage_records import Iterate, Known, Source
from support.devices import AREA, TEMPERATURE, binary, debye
from support.orders import assert_second_order, observed_errors

BULK, D = 10.0, np.array([1e-9, 1.7e-9])  # mol/m3, m2/s of cation and anion
SIZE = np.array([14.0, 10.0]) * debye(BULK)  # width, height
VALENCE = np.array([1.0, -1.0])
A, B = 0.8, 0.4
DEPTH = 1e-3
DH = 0.3 * float(SIZE[1] ** 2 / D[0])  # storage and fluxes weigh alike
FREE = {"cation": Continuous(), "anion": Continuous()}
SIZES = (8, 16, 32, 64)


def device(regions: int) -> Device:
    """Return one or two like regions between a metal on top and an insulating bottom."""
    material = binary(BULK, diffusivity=(float(D[0]), float(D[1])))
    names = ("first", "second")[:regions]
    layers = tuple(Region(name, material, float(SIZE[1])) for name in names)
    joints = (Interface(("first", "second"), species=FREE),) if regions > 1 else ()
    return Device(TEMPERATURE, AREA, layers, joints, BlockingContact(), InsulatingContact())


def graded(extent: float, ratio: float, cells: int) -> Floats:
    """Return lines whose last gap is about `ratio` times the first, at any number of cells."""
    s = np.linspace(0.0, 1.0, cells + 1)
    return np.asarray(extent * (ratio**s - 1.0) / (ratio - 1.0))


def lines(cells: int, how: str) -> tuple[Floats, Floats]:
    """Return graded lines, or those of uneven coarse cells split into equal parts."""
    if how == "graded":
        return graded(SIZE[0], 3.0, cells), graded(SIZE[1], 1.0 / 3.0, cells)
    sizes = np.repeat(np.random.default_rng(4).uniform(0.5, 1.5, (2, 8)), cells // 8, axis=1)
    x, y = (np.concatenate([[0.0], np.cumsum(row)]) / row.sum() for row in sizes)
    return SIZE[0] * x, SIZE[1] * y


def mesh_of(cells: int, how: str, split: str) -> Mesh:
    """Return the rectangle, whole or as two regions one below the other ("stacked") or side by side."""
    x, y = lines(cells, how)
    at = cells // 2
    across, down = (x[0], x[-1]), (y[0], y[-1])
    contacts = [Stretch("gate", GATE, 1, y[0], across, 0), Stretch("channel", CHANNEL, 1, y[-1], across, 0)]
    match split:
        case "whole":
            boxes = [Box(across, down)]
        case "stacked":
            boxes = [Box(across, (y[0], y[at])), Box(across, (y[at], y[-1]))]
            contacts[1] = contacts[1]._replace(region=1)
        case _:
            boxes = [Box((x[0], x[at]), down), Box((x[at], x[-1]), down)]
            contacts.append(contacts[0]._replace(name="more", region=1))
    return section_mesh(("first", "second")[: len(boxes)], boxes, (x, y), contacts, DEPTH)


class Exact:
    """The made-up solution at points (n, 2): fields and what the equations need of their derivatives."""

    def __init__(self, at: Floats, permittivity: float) -> None:
        k = np.pi / SIZE
        (cx, sx), (cy, sy) = ((np.cos(k[i] * at[:, i]), np.sin(k[i] * at[:, i])) for i in (0, 1))
        f, g = cx + 0.5, 0.5 * (1.0 - cy)
        self.phi = A * f * g
        by_phi = A * np.stack([-k[0] * sx * g, f * 0.5 * k[1] * sy])
        lap_phi = A * (-(k[0] ** 2) * cx * g + f * 0.5 * k[1] ** 2 * cy)
        cation = BULK * (1.0 + B * cx * cy)
        by_cation = BULK * B * np.stack([-k[0] * sx * cy, -k[1] * cx * sy])
        lap_cation = -BULK * B * (k @ k) * cx * cy
        # The Laplacian once more: cos pi X (1 - cos pi Y)/2 and (1/2)(-cos pi Y)/2 are what varies.
        by_lap = A * np.stack(
            [
                k[0] ** 3 * sx * g - k[0] * sx * 0.5 * k[1] ** 2 * cy,
                -(k[0] ** 2) * cx * 0.5 * k[1] * sy - f * 0.5 * k[1] ** 3 * sy,
            ]
        )
        lap_lap = A * (k[0] ** 4 * cx * g - k[0] ** 2 * k[1] ** 2 * cx * cy - f * 0.5 * k[1] ** 4 * cy)
        e = permittivity
        self.c = np.stack([cation, cation + e * lap_phi], axis=1)
        by_c = np.stack([by_cation, by_cation + e * by_lap])
        lap_c = np.stack([lap_cation, lap_cation + e * lap_lap])
        drift = np.stack([(by_c[s] * by_phi).sum(axis=0) + self.c[:, s] * lap_phi for s in (0, 1)])
        self.divergence = -(D[:, None] * (lap_c + VALENCE[:, None] * drift)).T


def solved(mesh: Mesh, of: Device | None = None) -> tuple[Built, Iterate, Exact]:
    """Return Newton's answer to the assembled equations with the made-up source, and what it should be."""
    built = build(of or device(len(mesh.regions)), mesh)
    exact = Exact(mesh.position, float(built.tables.permittivity[0]))
    known = mesh.volume[:, None] * (exact.c + DH * exact.divergence)
    newton, start = (
        Newton(built.tables, linear_solver("superlu", built.tables), 1e-10),
        Iterate(np.zeros((mesh.cells, 3)), 0.0),
    )
    stage = newton.stage(start, Known(known, 0.0), DH, Source("voltage", 0.0, 0.0), 60)
    assert stage.converged
    return built, stage.at, exact


def errors(mesh: Mesh, of: Device | None = None) -> Floats:
    """Return the errors of phi, cation and anion (2, 3): root mean square, largest; the ions' over c0."""
    _, at, exact = solved(mesh, of)
    c = BULK * np.exp(at.u[:, 1:])
    off = np.abs(np.column_stack([at.u[:, 0] - exact.phi, (c - exact.c) / BULK]))
    inner = ~mesh.surface
    mean = np.sqrt(mesh.volume @ off**2 / mesh.volume.sum())
    return np.stack([mean, off[inner].max(axis=0)])


def refined(how: str, split: str = "whole", sizes: tuple[int, ...] = SIZES) -> Floats:
    """Return the errors (sizes, norm, field) on meshes of so many cells each way."""
    return np.array([errors(mesh_of(size, how, split)) for size in sizes])


def test_the_made_up_fields_obey_their_equations() -> None:
    """The derivatives written out above against central differences; the anion is positive everywhere."""
    permittivity = float(build(device(1), mesh_of(8, "graded", "whole")).tables.permittivity[0])
    at = np.random.default_rng(0).uniform(0.05, 0.95, (40, 2)) * SIZE
    h = 1e-3 * float(SIZE[1])
    middle = Exact(at, permittivity)
    assert middle.c.min() > 0.1 * BULK
    step = h * np.eye(2)
    laplacian = np.zeros(len(at))
    divergence = np.zeros((len(at), 2))
    for axis in (0, 1):
        up, down = Exact(at + step[axis], permittivity), Exact(at - step[axis], permittivity)
        laplacian += (up.phi - 2 * middle.phi + down.phi) / h**2
        for s in (0, 1):
            halves = []
            for one, other in pairwise((down, middle, up)):
                mean = 0.5 * (one.c[:, s] + other.c[:, s])
                drop = other.c[:, s] - one.c[:, s] + VALENCE[s] * mean * (other.phi - one.phi)
                halves.append(-D[s] * drop / h)
            divergence[:, s] += (halves[1] - halves[0]) / h
    np.testing.assert_allclose(permittivity * laplacian, middle.c[:, 1] - middle.c[:, 0], atol=1e-4 * BULK)
    scale = np.abs(middle.divergence).max()
    np.testing.assert_allclose(divergence, middle.divergence, atol=1e-3 * scale)


def test_the_mean_error_is_of_second_order() -> None:
    for how in ("graded", "uneven"):
        found = refined(how)
        for field in range(3):
            assert_second_order(observed_errors(list(found[:, 0, field])))
        assert found[-1].max() < 5e-3


@pytest.mark.parametrize("how", [pytest.param("graded", marks=pytest.mark.long), "uneven"])
def test_the_largest_error_is_of_second_order(how: str) -> None:
    """It sits in a corner, where the order is reached from below."""
    found = refined(how, sizes=(16, 32, 64, 128))
    for field in range(3):
        assert_second_order(observed_errors(list(found[:, 1, field])))


@pytest.mark.parametrize("split", ["stacked", "side by side"])
def test_an_interface_that_both_ions_pass_freely_changes_nothing(split: str) -> None:
    """Both cross it: neither field nor gradient vanishes there. A film of a millionth of half a cell is in between."""
    sizes = SIZES[:3]
    np.testing.assert_allclose(refined("graded", split, sizes), refined("graded", "whole", sizes), rtol=1e-3)
    _, at, exact = solved(mesh_of(16, "graded", split))
    assert np.ptp(at.u[:, 0]) > 0.5 * np.ptp(exact.phi)


def test_an_interface_across_which_the_potential_drops_is_seen() -> None:
    mesh = mesh_of(16, "graded", "stacked")
    whole = errors(mesh)
    layer = replace(
        device(2), interfaces=(Interface(("first", "second"), species=FREE, stern_capacitance=0.01),)
    )  # F/m2
    assert abs(errors(mesh, layer)[0, 0] / whole[0, 0] - 1.0) > 0.3


def spoilt(mesh: Mesh, share: float) -> Mesh:
    """Return the mesh with the distances across upright faces wrong by a share."""
    upright = np.abs(mesh.position[mesh.right, 1] - mesh.position[mesh.left, 1]) < 1e-6 * SIZE[1]
    return replace(mesh, distance=np.where(upright, 1.0 + share, 1.0) * mesh.distance)


@pytest.mark.parametrize("power, order", [(0, 0.0), (1, 1.0)])
def test_wrong_distances_leave_the_order_of_what_is_wrong(power: int, order: float) -> None:
    """An error that stays as cells shrink, and one that shrinks as they do."""
    found = [errors(spoilt(mesh_of(size, "graded", "whole"), 0.5 * (8 / size) ** power))[0, 1] for size in SIZES]
    orders = observed_errors(found)
    with pytest.raises(AssertionError):
        assert_second_order(orders)
    assert abs(orders[-1] - order) < 0.3
