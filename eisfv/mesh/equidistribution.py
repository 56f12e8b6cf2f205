"""Cells of a layer where a solution bends: an indicator m (1/m) shared out evenly.

    h(y) = a / m(y),  m replaced by the largest of itself and its two neighbours
    h <= largest L,   h <= the bound at an end,   |dh/dy| <= ln(growth)
    n = integral dy/h, rounded up to a multiple of four, at least `FEWEST`
    faces at equal steps of that integral

so that every second and every fourth face belong to the same smooth map. a is chosen by the number of cells of all
layers together.

Source: C. de Boor, Lect. Notes Math. 363 (1974) 12 (equidistribution); P. A. Farrell et al., Robust Computational
Techniques for Boundary Layers, CRC 2000, ch. 3 (a bound at the walls, where the indicator of a coarse mesh is blind).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np

from eisfv.mesh.records import Floats

FEWEST, MULTIPLE = 12, 4
LARGEST = 0.04  # of the layer
GROWTH = log(1.2)  # of neighbouring cells
SAMPLES = 4  # in a cell of the pilot, and
FIRST_SAMPLE, GROWTH_SAMPLES = 0.25, 1.1  # toward an end: of its bound, ratio


@dataclass(frozen=True)
class Layer:
    """What a layer's cells are chosen from. faces (pilot cells + 1) m; indicator (pilot cells) 1/m; ends: bounds of the
    first and the last cell, m, inf for none; largest, share: bounds of every cell, in m and of the layer; fewest cells.
    """

    faces: Floats
    indicator: Floats
    ends: tuple[float, float]
    largest: float = float("inf")
    fewest: int = FEWEST
    share: float = LARGEST

    @property
    def thickness(self) -> float:
        """Return the thickness in m."""
        return float(self.faces[-1] - self.faces[0])


@dataclass(frozen=True)
class Density:
    """Wanted cell size h (m) at samples y (m): straight between them."""

    y: Floats
    h: Floats
    fewest: int = FEWEST

    @property
    def counts(self) -> Floats:
        """Return the integral of dy/h (samples) from the start."""
        step, h = np.diff(self.y), self.h
        slope = np.diff(h) / step
        each = np.where(np.abs(np.diff(h)) < 1e-9 * h[:-1], step / h[:-1], np.log(h[1:] / h[:-1]) / nonzero(slope))
        return np.concatenate([[0.0], np.cumsum(each)])

    @property
    def cells(self) -> int:
        """Return the number of cells."""
        return max(self.fewest, MULTIPLE * int(np.ceil(self.counts[-1] / MULTIPLE - 1e-9)))

    def sizes(self, count: int) -> Floats:
        """Return the sizes (m) of so many cells."""
        counts = self.counts
        wanted = np.linspace(0.0, counts[-1], count + 1)
        k = np.clip(np.searchsorted(counts, wanted, side="right") - 1, 0, len(counts) - 2)
        step = np.diff(self.y)[k]
        slope = (np.diff(self.h)[k]) / step
        past = wanted - counts[k]
        inside = np.where(
            np.abs(slope * step) < 1e-9 * self.h[k],
            past * self.h[k],
            self.h[k] * np.expm1(slope * past) / nonzero(slope),
        )
        faces = self.y[k] + np.minimum(inside, step)
        faces[0], faces[-1] = self.y[0], self.y[-1]
        # From the nearer end, so that small cells beside a far end keep their digits.
        sizes = np.diff(faces)
        return np.asarray(sizes * ((self.y[-1] - self.y[0]) / sizes.sum()))


def nonzero(values: Floats) -> Floats:
    """Return the values, 1 for 0: where they divide something that is not taken."""
    return np.where(values == 0.0, 1.0, values)


def samples(layer: Layer) -> Floats:
    """Return where the density of a layer is sampled (m)."""
    faces, thickness = layer.faces, layer.thickness
    inner = np.concatenate([faces[:-1, None] + np.diff(faces)[:, None] * np.arange(SAMPLES) / SAMPLES]).ravel()
    found = [inner, faces[-1:]]
    for end, start, sign in ((layer.ends[0], faces[0], 1.0), (layer.ends[1], faces[-1], -1.0)):
        if end < thickness:
            steps = int(np.ceil(np.log(0.5 * thickness / (FIRST_SAMPLE * end)) / np.log(GROWTH_SAMPLES)))
            found.append(start + sign * FIRST_SAMPLE * end * GROWTH_SAMPLES ** np.arange(max(steps, 1)))
    y = np.unique(np.concatenate(found))
    return np.asarray(y[np.concatenate([[True], np.diff(y) > 1e-12 * thickness])])


@dataclass(frozen=True)
class Wish:
    """What a layer wants before its share of the indicator is known: samples y (m), the indicator there (1/m), how much
    more a cell may be than the one before (m, between samples)."""

    layer: Layer
    y: Floats
    indicator: Floats
    rise: list[float]

    @classmethod
    def of(cls, layer: Layer) -> "Wish":
        """Return the wish of a layer."""
        m = layer.indicator
        m = np.maximum(m, np.maximum(np.append(m[1:], 0.0), np.append(0.0, m[:-1])))
        y = samples(layer)
        centres = 0.5 * (layer.faces[1:] + layer.faces[:-1])
        # The logarithm varies less than the indicator, which falls by decades.
        smooth = np.exp(np.interp(y, centres, np.log(np.maximum(m, 1e-30 / layer.thickness))))
        return cls(layer, y, smooth, (GROWTH * np.diff(y)).tolist())

    def density(self, a: float) -> Density:
        """Return the wanted cell sizes for a share a of the indicator."""
        layer = self.layer
        # A list: its numbers are read one by one.
        h = np.minimum(a / self.indicator, min(layer.share * layer.thickness, layer.largest)).tolist()
        h[0], h[-1] = min(h[0], layer.ends[0]), min(h[-1], layer.ends[1])
        before = h[0]
        for k, rise in enumerate(self.rise, 1):
            before += rise
            if before < h[k]:
                h[k] = before
            else:
                before = h[k]
        for k in range(len(h) - 2, -1, -1):
            before += self.rise[k]
            if before < h[k]:
                h[k] = before
            else:
                before = h[k]
        return Density(self.y, np.array(h), layer.fewest)


def equidistributed(layers: Sequence[Layer], cells: int) -> list[Floats]:
    """Return the cell sizes (m) of layers that have about so many cells together; more, where their bounds ask."""
    wishes = [Wish.of(layer) for layer in layers]

    def total(level: float) -> int:
        return sum(wish.density(float(np.exp(level))).cells for wish in wishes)

    # a/m is a cell: from far below any to the layers themselves.
    low, high = -60.0, 10.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if total(middle) > cells else (low, middle)
    found = [wish.density(float(np.exp(high))) for wish in wishes]
    return [each.sizes(each.cells) for each in found]


def largest(layers: Sequence[Layer]) -> Layer:
    """Return the layer that asks for the smallest cells of several on the same faces."""
    indicator = np.max([layer.indicator for layer in layers], axis=0)
    ends = min(x.ends[0] for x in layers), min(x.ends[1] for x in layers)
    return replace(layers[0], indicator=indicator, ends=ends, largest=min(x.largest for x in layers))
