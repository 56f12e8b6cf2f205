"""Transfer of a species across an interface or to a contact's metal: every law is a row, read here.

    row = [kind, parameters...],   r/k0 = law(theta_l, v_l, theta_r, v_r, a)

    r      transfer rate, positive from left to right                                        mol m^-2 s^-1
    k0     rate constant                                                                     mol m^-2 s^-1
    theta  c/density: occupied fraction of the sites, or activity of a dilute species        -
    v      free fraction of the sites: 1 - theta on a lattice, 1 for a dilute species        -
    a      affinity without the site entropy, left minus right, over RT:
           mu0 + mu_excess + z F phi at the two reaction planes                              -

Every law vanishes exactly where ln(theta/v) + a is level across the interface and has the form
"forward rate, in proportion to theta_l, less backward rate, in proportion to theta_r": without anything on the right
it is the forward rate alone. The exchange rate of a law is therefore the law itself, at equilibrium, with the right
side empty.

`blocking` and `continuous` are no rates: the first passes nothing, the second is the condition that the
electrochemical potential is level. Whoever asks for their rate gets an error, as for a kind that is not known.
"""

from math import log

import numpy as np
from numba.core.types import UniTuple, float64
from numpy.typing import NDArray

from eisfv.compiled_apart import apart
from eisfv.kernel import kernel
from eisfv.physics.barrier_transfer import barrier_transfer
from eisfv.physics.butler_volmer import butler_volmer
from eisfv.physics.coupled_transfer import coupled_transfer
from eisfv.physics.marcus_hush_chidsey import marcus_hush_chidsey

BLOCKING, CONTINUOUS, BUTLER_VOLMER, MARCUS_HUSH_CHIDSEY, COUPLED, BARRIER = 0, 1, 2, 3, 4, 5

# The name of a law in a case file, and the number that its row begins with.
KINDS = {
    "blocking": BLOCKING,
    "continuous": CONTINUOUS,
    "butler_volmer": BUTLER_VOLMER,
    "marcus_hush_chidsey": MARCUS_HUSH_CHIDSEY,
    "coupled_ion_electron": COUPLED,
    "over_barrier": BARRIER,
}


@apart(UniTuple(float64, 6))
@kernel
def transfer(row, theta_l, v_l, theta_r, v_r, affinity):
    """Return r/k0 and its slopes against theta_l, v_l, theta_r, v_r and the affinity. ValueError on an unknown kind."""
    kind = int(row[0])
    if kind == BUTLER_VOLMER:
        return butler_volmer(theta_l, v_l, theta_r, v_r, affinity, row[1])
    if kind == MARCUS_HUSH_CHIDSEY:
        return marcus_hush_chidsey(theta_l, v_l, theta_r, v_r, affinity, row[1])
    if kind == COUPLED:
        return coupled_transfer(theta_l, v_l, theta_r, v_r, affinity, row[1])
    if kind == BARRIER:
        return barrier_transfer(theta_l, v_l, theta_r, v_r, affinity, row[1], row[2])
    raise ValueError("a transfer law of an unknown kind")


def transfer_row(name: str, parameters: tuple[float, ...] = ()) -> NDArray[np.float64]:
    """Return the row of a law by its name; ValueError where there is no such law."""
    if name not in KINDS:
        raise ValueError(f'there is no transfer law "{name}"; known are {", ".join(sorted(KINDS))}')
    return np.array([float(KINDS[name]), *parameters])


def exchange_activity(row: NDArray[np.float64], theta_l: float, v_l: float, theta_r: float, v_r: float) -> float:
    """Return the exchange rate over k0 of two compositions: what passes either way at equilibrium."""
    level = log(theta_r * v_l) - log(theta_l * v_r)
    return float(transfer(row, theta_l, v_l, 0.0, v_r, level)[0])
