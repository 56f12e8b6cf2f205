"""The equations of a device at an iterate: on several processes each assembles its rows, sums are the same on all."""

from functools import cached_property

import numpy as np

from eisfv.device.tables import Floats, Ints, Tables
from eisfv.equations.assemble import assemble
from eisfv.equations.held_nodes import held_nodes
from eisfv.equations.joined_nodes import joined_nodes
from eisfv.equations.linearised import linearised_handle
from eisfv.equations.part import Part
from eisfv.equations.system import new_system, system_handle
from eisfv.equations.tables_handle import tables_handle
from eisfv.solve.ranks import Ranks
from eisfv.solve.stage_records import Counts, Iterate, Known


class Assembled:
    """The work arrays of a device, filled at the last iterate that was asked for; gate: of all processes."""

    def __init__(self, tables: Tables, part: Part | None, ranks: Ranks) -> None:
        self.tables, self.ranks = tables, ranks
        self.system = new_system(tables, part)
        self.t, self.work = tables_handle(tables), system_handle(self.system)
        self.slopes = linearised_handle(self.system.slopes)
        self.counts = Counts()
        self.gate = np.zeros(2)

    @cached_property
    def held(self) -> Ints:
        """Rows [node, cell, face, species] of what waits at a surface node."""
        return held_nodes(self.tables, self.system.part)

    @cached_property
    def joined(self) -> Ints:
        """Rows [face, species] of ions that pass a joint."""
        return joined_nodes(self.tables, self.system.part)

    def evaluate(self, at: Iterate, known: Known, dh: float, slopes: bool) -> None:
        """Fill the work arrays at an iterate."""
        assemble(self.t, at.u, np.array([at.voltage, 0.0]), known.stored, dh, slopes, self.work)
        self.gate = self.ranks.total(self.system.gate)
        self.counts.residuals += 1

    def flows(self) -> Floats:
        """Return the flows (faces, unknowns) of the last evaluation, on all faces."""
        part = self.system.part
        return self.ranks.joined(self.system.flow[part.first_own : part.last_own].copy())

    def over_all(self, share: float) -> float:
        """Return the sum of a number over the processes."""
        return float(self.ranks.total(np.array(share)))

    def rows_are_finite(self) -> bool:
        """Return whether the residual's rows of this process are."""
        part = self.system.part
        return bool(np.isfinite(self.system.residual[part.first_cell : part.last_cell]).all())
