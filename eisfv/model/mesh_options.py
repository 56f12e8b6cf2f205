"""The `[mesh]` table: how fine a stack or a section of rectangles is cut."""

from dataclasses import replace
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from eisfv.model.fields import Number, Whole
from eisfv.model.record import RECORD, Record, refuse

LENGTHS = ("first", "growth", "host_growth", "largest")
GRADING = "solution"
CELLS_MAX, CELLS_MAX_SECTION = 640, 20_000
CELLS_SET_MAX = 100_000  # of a region

# Bounds keep a slip from asking for more cells than a machine holds: ln(1e15)/ln(1.01) are 3 500 to an end.
Growth = Annotated[float, Number(1.01, 1e3, "1.2", closed=True)]
Share = Annotated[float, Number(1e-4, 1.0, "0.06", closed=True)]
First = Annotated[float, Number(1e-6, 1e3, "0.5", closed=True)]
Cells = Annotated[int, Whole(1, "200", high=CELLS_SET_MAX)]


class Columns(NamedTuple):
    """Columns of a section: first beside an end of a region or contact and largest, as fractions of the width; ratio of
    neighbours; that many equal ones instead, None: graded."""

    first: float
    largest: float
    growth: float
    cells: int | None


@dataclass(frozen=True, config=RECORD)
class MeshOptions(Record):
    """Geometric grading toward the ends of every region; not toward an ohmic or insulating contact, which has no layer.

    first        thickness of the first cell as a fraction of the region's Debye length, or of what a metal injects
    growth       ratio of neighbouring cells in an electrolyte
    host_growth  ratio of neighbouring cells in a host, where depletion moves the space charge inward
    largest      largest cell as a fraction of the region's thickness
    cells        region: that many equal cells along y instead of grading
    grading      "solution": the cells are chosen from cheap runs before the case's own, by the error that is asked for;
                 "lengths": by the four numbers above; None: "lengths" where one of them is set, of a section one of
                 cells and lateral_..., too; else GRADING
    error        numerical error that is asked for, of a change that is reported, relative
    cells_max    most cells that a mesh by the solution takes for it; None: `CELLS_MAX`
    companion    how much of the protocol is driven again on every second face, for the numerical error: all of it, up
                 to where a block repeats, nothing; None: "whole", "short" in a sweep
    lateral_...  the columns of a section of rectangles (`Columns`); None: the defaults of `columns`
    """

    first: First = 0.5
    growth: Growth = 1.15
    host_growth: Growth = 1.08
    largest: Share = 0.06
    cells: dict[str, Cells] = Field(default_factory=dict)
    grading: Literal["solution", "lengths"] | None = None
    error: Annotated[float, Number(1e-6, 0.1, "1e-3", closed=True)] = 1e-3
    cells_max: Cells | None = None
    companion: Literal["whole", "short", "none"] | None = None
    lateral_first: Share | None = None
    lateral_largest: Share | None = None
    lateral_growth: Growth | None = None
    lateral_cells: Cells | None = None

    @field_validator("grading")
    @classmethod
    def _goes_with_the_lengths(cls, grading: str | None, info: ValidationInfo) -> str | None:
        said = [name for name in LENGTHS if info.data.get(name, getattr(cls, name)) != getattr(cls, name)]
        if grading == "solution" and said:
            refuse(f"does not go with mesh.{said[0]}; remove one of them, or take mesh.error")
        return grading

    @property
    def by_solution(self) -> bool:
        """Return whether cells are chosen from the solution, as far as the four lengths go."""
        by_hand = any(getattr(self, name) != getattr(type(self), name) for name in LENGTHS)
        return (self.grading or ("lengths" if by_hand else GRADING)) == "solution"

    @property
    def lines_by_solution(self) -> bool:
        """Return whether the lines of a section of rectangles are chosen from its solution."""
        return self.by_solution and not self.cells and self.columns == type(self)().columns

    def most_cells(self, *, section: bool) -> int:
        """Return the most cells of a mesh by the solution."""
        return self.cells_max or (CELLS_MAX_SECTION if section else CELLS_MAX)

    @property
    def columns(self) -> Columns:
        """Return the columns of a section."""
        return Columns(
            self.lateral_first or 2e-3, self.lateral_largest or 0.04, self.lateral_growth or 1.3, self.lateral_cells
        )

    def with_columns(self) -> "MeshOptions":
        """Return the options with the defaults of a section said."""
        first, largest, growth, cells = self.columns
        return replace(self, lateral_first=first, lateral_largest=largest, lateral_growth=growth, lateral_cells=cells)
