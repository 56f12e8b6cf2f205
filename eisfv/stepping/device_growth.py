"""How fast what grows in a host can grow in its device, where ions have to come from what lies beside the host.

    C dv/dt = -T v                     small perturbations v of a state, the drive held       (`equations.linearised`)
    [C + tau T] v' = C v               an implicit Euler step tau of them: one of rate r is multiplied by
    g = 1/(1 - tau r),  tau = SHARE/a  of the rates up to a the largest one has the largest |g|; r > 0 where g > 1

`eisfv.stepping.growth` takes what lies behind the walls of a host for a store that gives any number of ions at one
level: of the waves inside the host that is its rate, of those that need ions from outside a bound, by any factor where
they come from little, from far or through what hardly conducts. Perturbations are amounts C v (mol) and the gate's
charge. The rounding of g is a rate too: the bound a is drawn down to what is found, until that is known.
"""

import numpy as np
from scipy.sparse.linalg import ArpackError, LinearOperator, eigs

from eisfv.device.tables import Floats
from eisfv.equations.linearised import stored_change
from eisfv.solve.newton import Newton, given
from eisfv.solve.stage_records import Iterate, Known, Source

SHARE = 0.5  # of 1/a: |g| is 2 at most
# To what |g| is found, of itself; of itself: to what r has to be known, since steps are a share of its inverse; of what
# r is unsure of, what the next bound keeps above r.
NEAR, KNOWN, SPARE = 1e-3, 0.1, 10.0
VECTORS = 12  # of Arnoldi's iteration between two restarts


class DeviceGrowth:
    """The growth rate of the perturbations of a whole device."""

    def __init__(self, newton: Newton) -> None:
        self.newton = newton
        # Any perturbation that has all waves in it.
        self.start = np.random.default_rng(1).normal(size=newton.system.residual.shape)

    def rate(self, at: Iterate, source: Source, above: float, enough: float) -> float:
        """Return r (1/s) at a state under a drive that stays as it is; above: a bound of it. Where r is less than
        `enough` for sure, and where the device gives no answer, the lowest bound that was found."""
        while above > enough:
            grown = self.multiplied(at, source, SHARE / above)
            if not 0.5 < grown <= 1.0 / (1.0 - SHARE):
                break
            found, unsure = (1.0 - 1.0 / grown) * above / SHARE, NEAR * above / SHARE
            if unsure < KNOWN * found:
                above = found + unsure
                break
            above = max(found, 0.0) + SPARE * unsure
        self.newton.forget()
        return above

    def multiplied(self, at: Iterate, source: Source, tau: float) -> float:
        """Return the largest g of a step tau (s), 0 where there is none."""
        newton = self.newton
        stored = np.zeros_like(newton.system.stored)
        newton.evaluate(at, Known(stored, 0.0), tau, True)
        if not newton.factor(tau, source):
            return 0.0

        def step(before: Floats) -> Floats:
            """Return the amounts and the gate's charge one step later."""
            rhs = np.zeros_like(newton.system.residual)
            rhs[:, 1 : 1 + stored.shape[1]] = before[:-1].reshape(stored.shape)
            return self.amounts(newton.linear.solve(rhs), float(before[-1]), tau, source)

        start = self.amounts(self.start, 0.0, tau, source)
        operator = LinearOperator((stored.size + 1, stored.size + 1), matvec=step, dtype=float)
        try:
            return float(eigs(operator, 1, v0=start, ncv=VECTORS, tol=NEAR, return_eigenvectors=False)[0].real)
        except ArpackError:
            return 0.0

    def amounts(self, update: Floats, charge: float, tau: float, source: Source) -> Floats:
        """Return the amounts that go with a change of the unknowns, and the gate's charge behind them; charge: the
        gate's before the step, which flows back where the drive gives a current."""
        newton, change = self.newton, 0.0
        if not given(source):
            moved = newton.over_all(np.vdot(newton.row, update)) - charge / tau
            resisted = 1.0 - source.resistance * newton.ease
            change = moved / newton.ease if source.kind == "current" else -source.resistance * moved / resisted
            update = update - change * newton.answer
        stored = np.empty_like(newton.system.stored)
        stored_change(newton.storage, update, stored)
        displaced = np.vdot(newton.row_charge, update) + change * np.vdot(newton.row_charge, newton.move)
        return np.append(stored.ravel(), newton.over_all(displaced))
