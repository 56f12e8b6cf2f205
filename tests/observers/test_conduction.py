"""The conductance of a film against exact values and the bounds that hold for any film.

    fringe of a long contact under a film of thickness t, half the plane of the film insulated: its current runs as far
    as in (2 ln 2/pi) t of film more

Cutting a film into threads that exchange nothing only takes conductance away, joining every column of it by a perfect
conductor only adds some (Lord Rayleigh's monotony); both leave what a series or a parallel circuit gives.
Source of the fringe: S. B. Cohn, IRE Trans. MTT 3 (1955) 119, thin strip between two ground planes, as its dual.
"""

from collections.abc import Callable

import numpy as np
import pytest

from eisfv.device.tables import Floats
from eisfv.mesh.box import Box, Span
from eisfv.mesh.records import CHANNEL, GATE, Mesh
from eisfv.mesh.section import Stretch, section_mesh
from eisfv.observers.conduction import Conduction

DEPTH, LENGTH, THICK, SIGMA = 500e-6, 20e-6, 80e-9, 300.0  # m, m, m, S/m
BULK = SIGMA * THICK * DEPTH / LENGTH
X: Floats = LENGTH * np.linspace(0.0, 1.0, 25) ** 1.5
Y = 1e-7 + THICK * np.array([0.0, 0.05, 0.15, 0.3, 0.5, 0.75, 1.0])
SIDES = ((0, 0.0, (Y[0], Y[-1])), (0, LENGTH, (Y[0], Y[-1])))
Edge = tuple[int, float, Span]


def film(ends: tuple[Edge, Edge] = SIDES, lines: tuple[Floats, Floats] = (X, Y), swap: bool = False) -> Mesh:
    """Return a film under a lid (region 0) between a source and a drain, each an axis, a place and a span."""
    x, y = lines
    lid = Box((x[0], x[-1]), (y[0] - 1e-7, y[0]))
    box = Box((x[0], x[-1]), (y[0], y[-1]))
    names = ("drain", "source") if swap else ("source", "drain")
    contacts = [Stretch("gate", GATE, 1, lid.y[0], box.x, 0)]
    contacts += [Stretch(name, CHANNEL, *end, 1) for name, end in zip(names, ends, strict=True)]
    whole = np.concatenate([[lid.y[0]], y])
    return section_mesh(["lid", "film"], [lid, box], (x, whole), contacts, DEPTH)


def places(mesh: Mesh) -> Floats:
    """Return the positions of the film's cells (cells, 2) in m."""
    return np.asarray(mesh.position[(mesh.region == 1) & ~mesh.surface])


def conductance(mesh: Mesh, sigma: Floats) -> float:
    return Conduction(mesh, 1, DEPTH).conductance(sigma)


def like(mesh: Mesh, of: Callable[[Floats, Floats], Floats]) -> float:
    """Return G of a film whose conductivity is a function of x and y."""
    x, y = places(mesh).T
    return conductance(mesh, of(x, y) + 0.0 * x)


def test_a_uniform_film_is_its_own_resistor() -> None:
    np.testing.assert_allclose(like(film(), lambda x, y: SIGMA + 0 * x), BULK, rtol=1e-10)


def test_two_blocks_in_series_add_their_resistances() -> None:
    cut = X[9]
    found = like(film(), lambda x, y: np.where(x < cut, SIGMA, 0.03 * SIGMA))
    exact = THICK * DEPTH / (cut / SIGMA + (LENGTH - cut) / (0.03 * SIGMA))
    np.testing.assert_allclose(found, exact, rtol=1e-10)


def test_two_layers_in_parallel_add_their_conductances() -> None:
    found = like(film(), lambda x, y: np.where(y < Y[3], SIGMA, 1e-4 * SIGMA))
    thick = Y[3] - Y[0]
    exact = SIGMA * (thick + 1e-4 * (THICK - thick)) * DEPTH / LENGTH
    np.testing.assert_allclose(found, exact, rtol=1e-10)


def bounds(sigma: Floats, mesh: Mesh) -> tuple[float, float]:
    """Return the conductance of threads that exchange nothing and of columns of one potential each."""
    x, y = places(mesh).T
    columns, rows = len(X) - 1, len(Y) - 1
    grid = sigma[np.lexsort((y, x))].reshape(columns, rows)
    dx, dy = np.diff(X)[:, None], np.diff(Y)[None, :]
    threads = (dy / (dx / grid).sum(axis=0)).sum()
    joined = 1.0 / (dx[:, 0] / (grid * dy).sum(axis=1)).sum()
    return float(threads * DEPTH), float(joined * DEPTH)


# In a film much thinner than a cell is long the columns are nearly level: the bound from above would be met.
THICKER = (X / LENGTH * 2 * THICK, Y)


@pytest.mark.parametrize("seed", range(4))
def test_a_random_film_lies_strictly_between_threads_and_columns(seed: int) -> None:
    mesh = film(((0, 0.0, (Y[0], Y[-1])), (0, 2 * THICK, (Y[0], Y[-1]))), THICKER)
    sigma = SIGMA * np.exp(np.random.default_rng(seed).normal(0.0, 1.5, len(places(mesh))))
    low, high = (bound * LENGTH / (2 * THICK) for bound in bounds(sigma, mesh))
    found = conductance(mesh, sigma)
    assert 1.02 * low < found < 0.98 * high


def test_cells_in_a_wrong_order_break_the_bounds() -> None:
    """A film in threads: shuffled, its conductance falls below the threads that it no longer has."""
    mesh = film()
    sigma = np.where(places(mesh)[:, 1] < Y[4], SIGMA, 1e-4 * SIGMA)
    low, high = bounds(sigma, mesh)
    np.testing.assert_allclose([low, high], conductance(mesh, sigma), rtol=1e-9)
    assert conductance(mesh, np.random.default_rng(0).permutation(sigma)) < 0.9 * low


def pads(pad: float, gap: float, thick: float, cells: int) -> tuple[Mesh, float]:
    """Return a film over two pads with a gap between them, finer toward the edges of the pads, and its G."""
    fine = np.geomspace(1e-3, 1.0, cells)
    left = np.concatenate([[0.0], pad - pad * fine[::-1][1:], [pad]])
    half = np.concatenate([pad + 0.5 * gap * fine[:-1], [pad + 0.5 * gap]])
    x = np.concatenate([left, half])
    x = np.concatenate([x, 2 * pad + gap - x[::-1][1:]])
    y = thick * np.concatenate([1.0 - fine[::-1], [1.0]])
    ends = ((1, thick, (0.0, pad)), (1, thick, (pad + gap, 2 * pad + gap)))
    mesh = film(ends, (x, y))
    return mesh, conductance(mesh, np.full(len(places(mesh)), SIGMA))


def test_pads_below_a_film_have_the_fringe_of_a_long_contact() -> None:
    thick, gap = 80e-9, 240e-9
    errors = []
    for cells in (12, 24, 48):
        _, found = pads(400e-9, gap, thick, cells)
        exact = SIGMA * thick * DEPTH / (gap + 2 * (2 * np.log(2) / np.pi) * thick)
        errors.append(abs(found / exact - 1.0))
    assert errors[-1] < 2e-3
    assert errors[-1] < 0.2 * errors[0]
    # Without its fringe a pad would be a side at the gap.
    assert abs(found / (SIGMA * thick * DEPTH / gap) - 1.0) > 0.2


def test_pads_conduct_more_than_sides_of_their_film_and_less_than_sides_at_their_gap() -> None:
    thick, gap, pad = 80e-9, 240e-9, 400e-9
    _, found = pads(pad, gap, thick, 24)
    at_ends, at_gap = (SIGMA * thick * DEPTH / length for length in (2 * pad + gap, gap))
    assert 1.2 * at_ends < found < 0.9 * at_gap


@pytest.mark.parametrize("seed", [0, 1])
def test_what_leaves_the_source_enters_the_drain(seed: int) -> None:
    mesh = film()
    sigma = SIGMA * np.exp(np.random.default_rng(seed).normal(0.0, 1.0, len(places(mesh))))
    problem = Conduction(mesh, 1, DEPTH)
    found = problem.conductance(sigma)
    psi = np.asarray(problem.psi.value)
    for faces, volts in ((problem.source, 1.0), (problem.drain, 0.0)):
        cell = problem.near[faces]
        current = DEPTH * (problem.shape[faces] * sigma[cell]) @ (volts - psi[cell])
        np.testing.assert_allclose(abs(current), found, rtol=1e-9)


def test_source_and_drain_may_be_swapped() -> None:
    sigma = SIGMA * np.exp(np.random.default_rng(5).normal(0.0, 1.0, len(places(film()))))
    forward, backward = conductance(film(), sigma), conductance(film(swap=True), sigma)
    np.testing.assert_allclose(backward, forward, rtol=1e-11)
    np.testing.assert_array_equal(Conduction(film(swap=True), 1, DEPTH).source, Conduction(film(), 1, DEPTH).drain)


def test_without_contacts_of_that_name_the_ends_of_the_film_are_read() -> None:
    mesh = film()
    bottom = (1, Y[-1], (0.0, LENGTH))
    lid = Box((0.0, LENGTH), (0.0, 1e-7))
    contacts = [Stretch("gate", GATE, 1, 0.0, lid.x, 0), Stretch("channel", CHANNEL, *bottom, 1)]
    boxes = [lid, Box(lid.x, (Y[0], Y[-1]))]
    other = section_mesh(["lid", "film"], boxes, (X, np.concatenate([[0.0], Y])), contacts, DEPTH)
    sigma = SIGMA * np.exp(np.random.default_rng(5).normal(0.0, 1.0, len(places(mesh))))
    np.testing.assert_allclose(conductance(other, sigma), conductance(mesh, sigma), rtol=1e-12)


def test_twice_the_conductivity_is_twice_the_conductance_and_none_is_none() -> None:
    mesh = film()
    sigma = SIGMA * np.exp(np.random.default_rng(2).normal(0.0, 1.0, len(places(mesh))))
    problem = Conduction(mesh, 1, DEPTH)
    once = problem.conductance(sigma)
    np.testing.assert_allclose(problem.conductance(2.0 * sigma), 2.0 * once, rtol=1e-12)
    assert problem.conductance(0.0 * sigma) == 0.0
    np.testing.assert_allclose(problem.conductance(sigma), once, rtol=1e-12)


def test_slopes_are_those_of_the_conductance() -> None:
    conduction = Conduction(film(), 1, DEPTH)
    x, y = places(film()).T
    sigma = SIGMA * (1.0 + 0.5 * np.sin(4.0 * x / LENGTH) + 0.3 * y / THICK)
    slopes = conduction.slopes(sigma)
    np.testing.assert_allclose(slopes @ sigma, conduction.conductance(sigma), rtol=1e-9)
    for cell in (0, 7, 40, len(sigma) - 1):
        step = np.zeros_like(sigma)
        step[cell] = 1e-3 * sigma[cell]
        difference = (conduction.conductance(sigma + step) - conduction.conductance(sigma - step)) / (2 * step[cell])
        np.testing.assert_allclose(slopes[cell], difference, rtol=1e-5)
