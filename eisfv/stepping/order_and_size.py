"""Order and size of a step of backward differences: what the errors of the last one allow, and what the past does.

    r_k = (2 E_k + 1e-4)^(-1/(k+1))        by how much a step of the order k, with the error E_k, may change

A past that asks a cell for more than it holds (`eisfv.stepping.possible`) lowers the order. The size was chosen for the
higher one, and four times the error is refused where it had doubled: then again, after as many steps as raise the
order, so that the first one stays for good. So the step is made as short as the lower order allows before it is
lowered.
"""

from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.kernel import kernel
from eisfv.stepping.differences import (
    ALIKE,
    LOWER,
    NEXT,
    OFFSET,
    ORDER,
    ORDER_USED,
    SIZED,
    STARTING,
    STEPS,
    USED,
    predict,
    prepare,
    restore,
)
from eisfv.stepping.possible import possible
from eisfv.stepping.step_size import counting

GROWTH_LEAST = 1.2  # a smaller growth is not worth a new matrix


@kernel(inline="always")
def ratio_of(error, order):
    """Return r of an order and its error."""
    return (2.0 * error + 1e-4) ** (-1.0 / (order + 1))


@kernel(inline="always")
def allowed(error, order):
    """Return by how much a step may change at an order of that error: by two at most."""
    ratio = ratio_of(error, order)
    return min(ratio, 2.0) if ratio >= GROWTH_LEAST else (1.0 if ratio > 1.0 else max(0.5, min(0.9, ratio)))


@apart(none)
@kernel
def choose(y, h, lower_error, lower_term, own_error, higher, lower_order, order_max, order_min, repeats):
    """Set order and size of the next step after an accepted one, as the errors at the neighbouring orders say; it
    doubles only after so many of one size (`repeats`)."""
    number, count = y.number, y.tally
    k, used = count[ORDER], count[ORDER_USED]
    rise = k - used
    count[ORDER_USED] = k
    count[SIZED] = count[SIZED] + 1 if h == number[USED] else 1
    number[USED] = h
    count[STEPS] += 1
    if lower_order == k - 1 or k == order_max:
        count[STARTING] = 0
    number[LOWER] = h * allowed(own_error, k)
    if count[STARTING] == 1:
        if count[STEPS] > 1:
            count[ORDER] = k + 1
            number[NEXT] = 2.0 * h
        return
    new, error = k, own_error
    if lower_order == k - 1:
        new, error = k - 1, lower_error
    elif k < order_max and not (k + 1 >= count[ALIKE] or rise == 1):
        raised = higher / (k + 2)
        raised_term, own_term = (k + 2) * raised, (k + 1) * own_error
        if k == 1:
            if raised_term < 0.5 * own_term:
                new, error = 2, raised
        elif lower_term <= min(own_term, raised_term):
            new, error = k - 1, lower_error
        elif raised_term < own_term:
            new, error = k + 1, raised
    if new < order_min:
        new, error = (k, own_error) if k >= order_min else (k + 1, higher / (k + 2))
    count[ORDER] = new
    if new <= k:
        number[LOWER] = h * allowed(lower_error, k - 1)
    ratio = ratio_of(error, new)
    if ratio >= 2.0:
        # Where an amount that vanishes allows an order at every other step only, no two are alike.
        alike = count[ALIKE] >= min(repeats, k + 2) or count[SIZED] >= 2 * (k + 2)
        number[NEXT] = 2.0 * h if alike else h
    elif ratio >= GROWTH_LEAST and count[ALIKE] > k + 1:
        # Only where the order could have risen: a size that changes at every step would hold it down for good.
        number[NEXT] = ratio * h
    elif ratio <= 1.0:
        number[NEXT] = h * max(0.5, min(0.9, ratio))
    else:
        number[NEXT] = h


@kernel
def from_past(t, a, w, y, h, least):
    """Predict a step of h at the order in `tally`; return h and alpha_s. Where the past asks a cell for more than it
    holds, one that is as short as the order below allows; if that is no better, at that order."""
    number, count = y.number, y.tally
    shorter = counting(max(number[LOWER], least), number[OFFSET])
    while True:
        alpha_s = prepare(y, h)
        predict(t, w, y, a.ledger, h / alpha_s)
        if count[ORDER] == 1 or possible(t, y.known, a.ledger):
            return h, alpha_s
        restore(y, h)
        if h > shorter:
            h = shorter
        else:
            count[ORDER] -= 1
            count[STARTING] = 0
