"""The steady film of two phases under a voltage between metals that stop its ions, solved apart from the model.

    mu(x) - kappa x'' = m + V (1/2 - y/L),   x' = 0 at both metals,   mean x = 1/2
    mu = 2 ln(x/(1-x)) + 6 (1 - 2x)

V in RT/F lifts the poor wall at y = 0. The states are one family with x at that wall, by Newton; V has a largest value
along it, the fold. A state is stable where the energy grows with every perturbation that moves no lithium in or out:
d mu/dx - kappa d2/dy2 has no negative eigenvalue among these. It has one before the fold: both walls gain while the
boundary moves, which the symmetry between the phases forbids to the fold itself.
"""

from collections.abc import Iterator

import numpy as np

from eisfv.device.tables import Floats
from support.phases import KAPPA, POOR, VT

STEP = 2.5e-3  # of x at the wall
FURTHEST = 0.3


def states(thickness: float, cells: int) -> Iterator[tuple[float, float]]:
    """Give V (RT/F) and the least eigenvalue (RT) of the states, from no voltage on."""
    h = thickness / cells
    lean = 0.5 - (np.arange(cells) + 0.5) / cells
    curved = np.diag(np.full(cells, -2.0)) + np.diag(np.ones(cells - 1), 1) + np.diag(np.ones(cells - 1), -1)
    curved[0, 0] = curved[-1, -1] = -1.0
    stiff = -KAPPA / h**2 * curved
    x: Floats = 0.5 - (0.5 - POOR) * np.tanh(lean * thickness / (1.3 * KAPPA**0.5))
    level, voltage = 0.0, 0.0
    closed = np.linalg.qr(np.column_stack([np.ones(cells), np.eye(cells)[:, 1:]]))[0][:, 1:]
    for wall in np.arange(POOR, FURTHEST, STEP):
        for _ in range(100):
            mu = 2.0 * np.log(x / (1.0 - x)) + 6.0 * (1.0 - 2.0 * x)
            rest = np.concatenate([mu + stiff @ x - level - voltage * lean, [np.mean(x) - 0.5, x[0] - wall]])
            slopes = np.zeros((cells + 2, cells + 2))
            hessian = np.diag(2.0 / (x * (1.0 - x)) - 12.0) + stiff
            slopes[:cells, :cells], slopes[:cells, cells], slopes[:cells, -1] = hessian, -1.0, -lean
            slopes[cells, :cells], slopes[-1, 0] = 1.0 / cells, 1.0
            step = np.linalg.solve(slopes, -rest)
            x = np.clip(x + step[:cells], 0.5 * x, 0.5 * (1.0 + x))
            level, voltage = level + step[cells], voltage + step[-1]
            if np.abs(step).max() < 1e-9:
                yield voltage, float(np.linalg.eigvalsh(closed.T @ hessian @ closed)[0])
                break


def threshold_and_fold(thickness: float, cells: int) -> tuple[float, float]:
    """Return the voltage (mV) at which the film ceases to be stable, and the largest that a steady film has."""
    voltage, least = np.array(list(states(thickness, cells))).T
    # Without a voltage a boundary far from the walls moves freely: the eigenvalue is rounding there.
    first = int(np.argmax((least < 0.0) & (voltage > 0.5 * voltage.max())))
    share = least[first - 1] / (least[first - 1] - least[first])
    threshold = voltage[first - 1] + share * (voltage[first] - voltage[first - 1])
    return float(1e3 * VT * threshold), float(1e3 * VT * voltage.max())
