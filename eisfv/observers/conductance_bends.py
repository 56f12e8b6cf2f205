"""Where the conductance of a read region bends: its part of `eisfv.observers.indicator`.

    g_i^3 = 8 times the largest over the protocol steps k of <|q''|>_i,k / S_k
    q = f(now) - f(beginning of the step),   S_k = integral |q| dy, largest in the step, at least 10 % of the largest of
                                                   all steps
    f = sigma, read along its film; 1/sigma, read through a stack

The others are scaled by what a whole protocol moves. A conductance is read as the change by a pulse, which may be a
hundredth of that, and what falls short of it are the layers at the ends, charged anew in every pulse: G = integral
sigma dy is off by h^3 sigma''/24 in a cell, and by what the layer's own profile is off. For that the factor, half a
cell: on 320 cells trains of pulses on Mg stacks were 6.1e-3, 3.2e-3, 2.0e-3 off without this part, 3.9e-3, 2.0e-3,
6.5e-4 with a factor of 1, 9e-4, 1.1e-3, 8e-4 with 8, 1.4e-3, 1.3e-3, 1.1e-3 with 64; devices whose conductance needs no
more lost a fifth.
"""

import numpy as np

from eisfv.device.tables import Floats
from eisfv.observers.derivatives import second_derivative
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.reported import SMALL
from eisfv.stepping.state import State

WEIGHT = 8.0


class ConductanceBends:
    """The bends of the read region of a stack. y, size (cells) m of its cells."""

    def __init__(self, channel: ChannelReadout, y: Floats, size: Floats) -> None:
        self.channel, self.y, self.size = channel, y, size
        self.steps: list[tuple[Floats, float]] = []
        self.bend, self.scale, self.looks = np.zeros(len(y)), 0.0, 0
        self.before = np.zeros(len(y))

    def read(self, state: State) -> Floats:
        """Return what is summed over the cells: sigma in S/m, or 1/sigma in ohm m; 0 where nothing conducts."""
        sigma = self.channel.sigma_of(self.channel.carriers(state))
        if not self.channel.through:
            return sigma
        return np.divide(1.0, sigma, out=np.zeros_like(sigma), where=sigma > 0.0)

    def begin(self, state: State) -> None:
        """A protocol step begins."""
        self.before = self.read(state)
        self.bend, self.scale, self.looks = np.zeros_like(self.y), 0.0, 0

    def look(self, state: State) -> None:
        """Add what a state shows."""
        q = self.read(state) - self.before
        self.bend = self.bend + second_derivative(self.y, q[None])[0] ** 2
        self.scale = max(self.scale, float(np.abs(q) @ self.size))
        self.looks += 1

    def end(self) -> None:
        """The protocol step is over."""
        self.steps.append((np.sqrt(self.bend / self.looks), self.scale))

    def cubed(self) -> Floats:
        """Return g^3 (cells) in 1/m3."""
        least = SMALL * max((scale for _, scale in self.steps), default=0.0)
        found = [WEIGHT * bend / max(scale, least) for bend, scale in self.steps if least > 0.0]
        return np.max(found, axis=0, initial=0.0) if found else np.zeros_like(self.y)
