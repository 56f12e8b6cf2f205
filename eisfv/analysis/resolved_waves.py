"""Whether the mesh resolves the concentration waves of a small signal.

Where an ion's penetration depth sqrt(D/w) is below the distance d between two points, the scheme lets its wave meet the
resistance of all of d, too large by

    kappa = q coth q,    q^2 = w d^2/D        1 + q^2/3 where it is resolved, d over the depth where it is not

D is the chemical diffusivity of the equations as they stand: the slope of a flow over that of what is stored. The
current is taken once more with the flows' slopes against concentrations times kappa, those against the potential as
they are, as migration needs no fine mesh. At rest it changes by kappa - 1 at most, by about the error of Z where the
mesh resolves its waves and by much more than a tenth where it does not. No length alone decides that: beside fast
transfer every cell above the depth counts, where the current is displacement or migration none does.
"""

import numpy as np

from eisfv.analysis.small_signal import SmallSignal, stored_kinds
from eisfv.device.tables import Floats
from eisfv.equations.linearised import Blocks, linearised_handle
from eisfv.equations.unknowns import POTENTIAL, of_species

CERTAIN = 1e-3  # a largest kappa - 1 below which nothing is taken once more


class Waves:
    """The ions' waves in a device at a state. times (faces, ions): d^2/D, s. Over the half cell to a bath ions and
    counter-ions pass alike, and no wave hinders them."""

    def __init__(self, signal: SmallSignal) -> None:
        self.signal, t = signal, signal.built.tables
        ions = np.flatnonzero(np.arange(len(t.charge)) != t.electron[0])
        self.rows = of_species(ions)
        slopes, rows, solid = signal.system.slopes, self.rows, t.volume > 0.0
        stored = stored_kinds(t)[t.region][:, ions] & solid[:, None]
        held = np.where(stored, slopes.storage[:, rows, rows], 0.0) / np.where(solid, t.volume, 1.0)[:, None]
        by_left, by_right = slopes.transport.lower[:, rows, rows], slopes.transport.upper[:, rows, rows]
        size = (t.aspect * t.distance**2)[:, None]
        self.times = ratio(size * np.maximum(held[t.left], held[t.right]), 0.5 * np.abs(by_left + by_right))
        self.blocks = Blocks(*(block.copy() for block in slopes.transport))
        self.slopes = linearised_handle(slopes._replace(transport=self.blocks))

    def change(self, frequency: float, current: complex) -> float:
        """Return by which share of it Z changes, of which `current` (mol/s) is that of a unit voltage; at frequencies
        where no kappa is above one to speak of, this bound."""
        by_face = excess(frequency * self.times)
        bound = by_face.max(initial=0.0)
        if bound < CERTAIN:
            return float(bound)
        signal, species = self.signal, slice(POTENTIAL + 1, None)
        transport = signal.system.slopes.transport
        for k, row in enumerate(self.rows.tolist()):
            lower, upper = (by_face[:, k, None] * part[:, row, species] for part in (transport.lower, transport.upper))
            self.blocks.lower[:, row, species] = transport.lower[:, row, species] + lower
            self.blocks.upper[:, row, species] = transport.upper[:, row, species] + upper
        return abs(current / signal.solved(frequency, self.slopes).current - 1.0)


def excess(times: Floats) -> Floats:
    """Return kappa - 1 of d^2/D times the frequency."""
    q = np.sqrt(2.0 * np.pi * times)
    large = q > CERTAIN
    wide = np.where(large, q, 1.0)
    return np.asarray(np.where(large, wide / np.tanh(wide) - 1.0, q**2 / 3.0))


def ratio(amount: Floats, ease: Floats) -> Floats:
    """Return amount over ease (s), 0 where nothing flows."""
    return np.divide(amount, ease, out=np.zeros_like(amount), where=ease > 0.0)
