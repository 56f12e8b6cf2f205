"""Where the conductance of a film in a section bends along x and along y: its part of `section_indicator`.

    g_i^3 = 8 times the largest over the protocol steps k of <b_i>_k / S_k
    b_i   = integral across of |B(now) - B(beginning of the step)|
    B     = w sigma'' or -w sigma^2 (1/sigma)'', the larger, '' along the axis
    w     = depth |grad psi|^2, psi the potential between source and drain at one volt       1/m
    S     = largest change of G in the step, at least 10 % of that of all steps              S

G is stationary against psi, dG = integral of w d(sigma) dA: a cell that takes sigma for even is off by h^3 w sigma''/24
where threads of current lie side by side, by h^3 w sigma^2 (1/sigma)''/24 where it passes one part after the other. w
goes with the square of the current's density over sigma: an empty stretch of a film is all of its resistance, though it
holds nothing that other quantities would see. The factor is that of a stack (`conductance_bends`): drawn further into
the emptiest part of `mg_wo3_poor_contact` the lines lacked where the fronts run towards it, and G was 0.2 off.
"""

import numpy as np

from eisfv.device.tables import Floats
from eisfv.observers.conductance_bends import WEIGHT
from eisfv.observers.derivatives import second_derivative
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.reported import SMALL
from eisfv.stepping.state import State

Axes = tuple[Floats, Floats]


class SectionConductance:
    """The bends of the read film. at, size (columns, rows) m: where its cells are; depth m."""

    def __init__(self, channel: ChannelReadout, at: Axes, size: Axes) -> None:
        self.channel, self.at, self.size = channel, at, size
        self.shape = len(at[0]), len(at[1])
        self.steps: list[tuple[Axes, float]] = []
        self.conductance, self.before = 0.0, self.curved(np.ones(self.shape), np.zeros(self.shape))
        self.forget()

    def forget(self) -> None:
        """Begin to look anew."""
        self.bend: Axes = np.zeros(self.shape[0]), np.zeros(self.shape[1])
        self.scale, self.looks = 0.0, 0

    def read(self, state: State) -> tuple[float, list[Floats]]:
        """Return G in S and B (forms, columns, rows) along both axes."""
        conduction = self.channel.conduction
        assert conduction is not None
        sigma = self.channel.sigma_of(self.channel.carriers(state))
        slopes = conduction.slopes(sigma)  # of no film without current: zero
        weight = slopes.reshape(self.shape) / np.outer(*self.size)
        # G is of first degree in sigma.
        return float(sigma @ slopes), self.curved(sigma.reshape(self.shape), weight)

    def curved(self, sigma: Floats, weight: Floats) -> list[Floats]:
        """Return B (forms, columns, rows) along both axes."""
        inverse = np.divide(1.0, sigma, out=np.zeros_like(sigma), where=sigma > 0.0)
        found = []
        for axis in (0, 1):
            forms = np.moveaxis(np.stack((sigma, inverse)), 1 + axis, 2)
            bends = second_derivative(self.at[axis], forms.reshape(-1, forms.shape[2])).reshape(forms.shape)
            side, along = np.moveaxis(bends, 2, 1 + axis)
            found.append(np.stack((weight * side, -weight * sigma**2 * along)))
        return found

    def begin(self, state: State) -> None:
        """A protocol step begins."""
        self.conductance, self.before = self.read(state)
        self.forget()

    def look(self, state: State) -> None:
        """Add what a state shows."""
        conductance, bends = self.read(state)
        columns, rows = (np.abs(now - before).max(axis=0) for now, before in zip(bends, self.before, strict=True))
        for bend, across in zip(self.bend, (columns @ self.size[1], self.size[0] @ rows), strict=True):
            bend += across**2
        self.scale = max(self.scale, abs(conductance - self.conductance))
        self.looks += 1

    def end(self) -> None:
        """The protocol step is over."""
        columns, rows = (np.sqrt(bend / self.looks) for bend in self.bend)
        self.steps.append(((columns, rows), self.scale))

    def cubed(self, axis: int) -> Floats:
        """Return g^3 (columns or rows) in 1/m3."""
        least = SMALL * max((scale for _, scale in self.steps), default=0.0)
        found = [WEIGHT * bends[axis] / max(scale, least) for bends, scale in self.steps if least > 0.0]
        return np.max(found, axis=0, initial=0.0) if found else np.zeros(self.shape[axis])
