"""How a section is laid out on paper: as it is, or in bands of which each is stretched by its own factor.

Films of 80 nm beside 100 um of electrolyte need a factor each. The bands end where a region begins or ends.
"""

from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.fields.blocks import Block

WIDTH = 5.0  # inches of the drawing
FLATTEST, TALLEST = 0.4, 4.8  # inches a drawing at true aspect may be high; beyond, a part of it is shown
NARROWEST = 1.0  # inches it may be wide
BAND_LEAST, BAND_MEAN = 0.75, 1.25  # inches
EXPONENT = 0.25  # of the thickness in a band's height: 1000 times as thick is drawn 5.6 times as high
SAME = 1e-9  # levels closer than this share of the whole height are one


@dataclass(frozen=True)
class Band:
    """A part of the section.

    x, y           from and to, m
    width, height  on paper, inches
    origin         y from which its depths are counted, m
    """

    x: tuple[float, float]
    y: tuple[float, float]
    width: float
    height: float
    origin: float

    @property
    def factor(self) -> float:
        """Return by how much y is stretched against x."""
        return self.height / (self.y[1] - self.y[0]) * (self.x[1] - self.x[0]) / self.width

    def sees(self, polygons: np.ndarray) -> np.ndarray:
        """Return which of some polygons (n, corners, 2) reach into the band."""
        low, high = polygons.min(axis=1), polygons.max(axis=1)
        slack = 1e-9 * (self.y[1] - self.y[0])
        along = (low[:, 0] < self.x[1]) & (high[:, 0] > self.x[0])
        return np.asarray(along & (low[:, 1] < self.y[1] - slack) & (high[:, 1] > self.y[0] + slack))


def stretched_bands(blocks: list[Block]) -> list[Band]:
    """Return the bands from the gate down."""
    low, high = _bounds(blocks)
    ends = np.sort([end for block in blocks for end in (block.points[:, 1].min(), block.points[:, 1].max())])
    levels = ends[np.append(True, np.diff(ends) > SAME * (high[1] - low[1]))]
    weight = np.diff(levels) ** EXPONENT
    heights = np.maximum(BAND_LEAST, BAND_MEAN * weight.size * weight / weight.sum())
    spans = zip(levels, levels[1:], heights, strict=False)
    return [Band((low[0], high[0]), (float(a), float(b)), WIDTH, float(h), float(a)) for a, b, h in spans]


def true_band(blocks: list[Block], channel: Block) -> Band:
    """Return the section at true aspect, or the part at the channel that can be seen when too flat or too tall."""
    low, high = _bounds(blocks)
    width, height = high - low
    middle = float(np.mean([channel.points[:, 0].min(), channel.points[:, 0].max()]))
    if height * WIDTH < FLATTEST * width:
        half = 0.5 * height * WIDTH / FLATTEST
        middle = min(max(middle, low[0] + half), high[0] - half)
        return Band((middle - half, middle + half), (low[1], high[1]), WIDTH, FLATTEST, low[1])
    paper = min(WIDTH, TALLEST * width / height)
    if paper < NARROWEST:
        bottom = float(channel.points[:, 1].max())
        top = max(bottom - width * TALLEST / NARROWEST, low[1])
        return Band((low[0], high[0]), (top, top + width * TALLEST / NARROWEST), NARROWEST, TALLEST, low[1])
    return Band((low[0], high[0]), (low[1], high[1]), paper, paper * height / width, low[1])


def _bounds(blocks: list[Block]) -> tuple[np.ndarray, np.ndarray]:
    points = np.concatenate([block.points for block in blocks])
    return points.min(axis=0), points.max(axis=0)
