"""Where the solution of a section of rectangles bends along x and along y: what its lines are chosen from.

    m_i^3 = sum over q of <b>_i / S_q,   b_i = integral |q''| across the lines between which i lies
                                         <.> the root mean square over the steps looked at, '' along the axis

q and their scales are those of a stack (`eisfv.observers.indicator`), |q| integrated over the region. A field has a
potential for a scale, that of both directions, so that a direction in which nothing happens asks for no lines:

    S = P W along y,  P H along x,   P = integral |q_x| dA / H + integral |q_y| dA / W

of a region W wide and H thick. The film that is read has a part of its own for its conductance (`section_conductance`).
Cells beside a wall are bounded as in a stack, by the strongest field along it.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np

from eisfv.device.build import Built
from eisfv.device.phases import boundary_cell
from eisfv.device.section import boundary_column, spanned, x_marks, y_marks
from eisfv.device.section_geometry import BoxSection
from eisfv.device.tables import Floats
from eisfv.mesh.box import Box, Span
from eisfv.mesh.equidistribution import Layer, largest
from eisfv.mesh.records import Ints
from eisfv.observers.derivatives import second_derivative, slope
from eisfv.observers.indicator import (
    FIELD,
    FIELD_CHANGE,
    FRONT,
    LEAST_FALL,
    RHO,
    RHO_CHANGE,
    SCARCE,
    SHARE_CONTENT,
    SHARE_FALL,
    SHARE_REGION,
    Looks,
)
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.section_conductance import SectionConductance
from eisfv.observers.section_walls import SectionWalls
from eisfv.stepping.state import State

FEWEST, SHARE = 4, 0.25  # lines between two marks, and their largest distance, of that of the marks


@dataclass
class RegionSums:
    """Running sums of one region. box: where it lies, m; cells (columns, rows); at, size of columns and of rows, m;
    bend, of both axes (q, columns or rows), sums of b^2; scale (q)."""

    box: Box
    cells: Ints
    at: tuple[Floats, Floats]
    size: tuple[Floats, Floats]
    bend: tuple[Floats, Floats]
    scale: Floats

    @property
    def area(self) -> Floats:
        """Return the areas (columns, rows) of the cells in m2."""
        return np.outer(*self.size)


class SectionIndicator(Looks):
    """The indicator of one pilot run of a section of rectangles."""

    read: SectionConductance | None

    def __init__(self, built: Built, channel: ChannelReadout, start: State) -> None:
        super().__init__(built, start)
        geometry = built.device.section
        assert isinstance(geometry, BoxSection)
        self.geometry = geometry
        self.sums = [self.region(number) for number in range(len(built.mesh.regions))]
        self.walls = SectionWalls(built)
        self.read_number = built.mesh.regions.index(channel.region)
        film = self.sums[self.read_number]
        self.read = SectionConductance(channel, film.at, film.size) if channel.conduction is not None else None
        self.look(start)

    def region(self, number: int) -> RegionSums:
        """Return the sums of a region, all zero."""
        mesh = self.built.mesh
        box = spanned(self.geometry, mesh.regions[number])
        held = np.flatnonzero((mesh.region == number) & (mesh.volume > 0.0))
        # Column by column: where y does not rise a new one begins.
        y = mesh.position[held, 1]
        columns = 1 + int((np.diff(y) <= 1e-12 * (box.y[1] - box.y[0])).sum())
        cells = held.reshape(columns, -1)
        area = mesh.volume[cells] / self.geometry.depth
        size = area.sum(axis=1) / (box.y[1] - box.y[0]), area.sum(axis=0) / (box.x[1] - box.x[0])
        at = mesh.position[cells[:, 0], 0], mesh.position[cells[0], 1]
        quantities = FIELD_CHANGE + 1 + 2 * len(self.built.tables.charge)
        bend = np.zeros((quantities, len(at[0]))), np.zeros((quantities, len(at[1])))
        return RegionSums(box, cells, at, size, bend, np.zeros(quantities))

    def add_state(self, state: State, phi: Floats, concentration: Floats, level: Floats) -> None:
        for number, sums in enumerate(self.sums):
            self.add(number, sums, phi, concentration, level)
        self.walls.press(state, concentration)
        if self.read is not None and self.steps > 1:
            self.read.look(state)

    def add(self, number: int, sums: RegionSums, phi: Floats, concentration: Floats, level: Floats) -> None:
        """Add the second derivatives of a region, and let the scales grow."""
        fluxes = np.zeros((2, len(sums.scale)))
        for axis in (0, 1):
            q = self.quantities(number, sums, axis, phi, concentration, level)
            across = sums.size[1 - axis]
            # (q, others, along): derivatives run along the last axis.
            along = np.moveaxis(q, 1 + axis, 2)
            bends = second_derivative(sums.at[axis], along.reshape(-1, along.shape[2])).reshape(along.shape)
            sums.bend[axis][:] += np.einsum("qoa,o->qa", np.abs(bends), across) ** 2
            fluxes[axis] = np.einsum("qcr,cr->q", np.abs(q), sums.area)
        width, height = (size.sum() for size in sums.size)
        scale = fluxes[0].copy()
        falls = fluxes[0] / height + fluxes[1] / width
        vectors = [FIELD, FIELD_CHANGE, *range(FIELD_CHANGE + 2, len(scale), 2)]
        scale[vectors] = falls[vectors]
        np.maximum(sums.scale, scale, out=sums.scale)

    def quantities(
        self, number: int, sums: RegionSums, axis: int, phi: Floats, concentration: Floats, level: Floats
    ) -> Floats:
        """Return q (q, columns, rows) of a region, fields along an axis."""
        t, cells = self.built.tables, sums.cells
        c, before = concentration[cells], self.concentration_start[cells]
        charges = np.where(self.stored[number], t.charge, 0).astype(float)

        def fall(values: Floats) -> Floats:
            moved = np.moveaxis(values, axis, 1)
            slopes = np.array([slope(sums.at[axis], line) for line in moved])
            return np.moveaxis(slopes, 1, axis)

        q = np.zeros((len(sums.scale), *cells.shape))
        if not self.built.device.regions[number].material.electroneutral:
            q[RHO] = c @ charges + t.fixed[number]
            q[RHO_CHANGE] = (c - before) @ charges
        q[FIELD] = -fall(phi[cells])
        q[FIELD_CHANGE] = -fall(phi[cells] - self.phi_start[cells])
        first = FIELD_CHANGE + 1
        for s in np.flatnonzero(self.stored[number]):
            mean = float((before[..., s] * sums.area).sum() / sums.area.sum())
            weight = np.minimum(1.0, c[..., s] / max(SCARCE * mean, 1e-300))
            q[first + 2 * s] = c[..., s] - before[..., s]
            q[first + 2 * s + 1] = weight * fall(level[cells, s])
        return q

    def indicators(self) -> list[tuple[Floats, Floats]]:
        """Return m (1/m) of the columns and of the rows of every region."""
        whole = np.array([sums.scale for sums in self.sums])
        floors = np.zeros_like(whole)
        floors[:, [RHO, RHO_CHANGE]] = SHARE_REGION * whole[:, [RHO, RHO_CHANGE]].max(axis=0)
        floors[:, [FIELD, FIELD_CHANGE]] = SHARE_REGION * whole[:, [FIELD, FIELD_CHANGE]].sum(axis=0)
        first = FIELD_CHANGE + 1
        floors[:, first + 1 :: 2] = max(SHARE_FALL * self.fall, LEAST_FALL)
        out = []
        for number, (sums, floor) in enumerate(zip(self.sums, floors, strict=True)):
            content = np.einsum("cr,crs->s", sums.area, self.concentration_start[sums.cells])
            floor[first::2] = SHARE_CONTENT * content
            factor = np.ones(len(sums.scale))
            factor[first::2] += FRONT * sums.scale[first + 1 :: 2]
            found = []
            for axis in (0, 1):
                scale = np.maximum(sums.scale, floor)
                scale[[FIELD, FIELD_CHANGE, *range(first + 1, len(scale), 2)]] *= sums.size[1 - axis].sum()
                share = np.where(scale > 0.0, factor / np.where(scale > 0.0, scale, 1.0), 0.0)
                cubed = share @ np.sqrt(sums.bend[axis] / self.steps)
                if self.read is not None and number == self.read_number:
                    cubed = cubed + self.read.cubed(axis)
                found.append(np.cbrt(cubed))
            out.append((found[0], found[1]))
        return out

    def layers(self) -> list[list[Layer]]:
        """Return what the lines are chosen from, for every stretch between two marks along x, and along y."""
        device, found = self.built.device, self.indicators()
        out = []
        for axis, marks in enumerate((x_marks(device, self.geometry), y_marks(device, self.geometry))):
            gaps = []
            for start, stop in pairwise(marks):
                layers = [self.layer(k, axis, (start, stop), of_axes[axis]) for k, of_axes in enumerate(found)]
                gaps.append(largest([layer for layer in layers if layer is not None]))
            out.append(gaps)
        return out

    def layer(self, number: int, axis: int, gap: Span, indicator: Floats) -> Layer | None:
        """Return what the lines between two marks are chosen from as far as a region goes; None where it is not."""
        sums = self.sums[number]
        span = sums.box.y if axis else sums.box.x
        same = 1e-6 * (gap[1] - gap[0])
        if span[0] > gap[0] + same or span[1] < gap[1] - same:
            return None
        inside = (sums.at[axis] > gap[0]) & (sums.at[axis] < gap[1])
        first, last = self.walls.bounds(number, axis)
        ends = first if span[0] > gap[0] - same else inf, last if span[1] < gap[1] + same else inf
        faces = np.concatenate([[0.0], np.cumsum(sums.size[axis][inside])])
        return Layer(faces, indicator[inside], ends, self.boundary(number, axis, *gap), FEWEST, SHARE)

    def boundary(self, number: int, axis: int, start: float, stop: float) -> float:
        """Return the bound (m) of the cells between two marks where phases may part."""
        device = self.built.device
        if axis == 0:
            return boundary_column(device, self.geometry, (start, stop))
        return boundary_cell(device.regions[number].material.host, device.temperature)
