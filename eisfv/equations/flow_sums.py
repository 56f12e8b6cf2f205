"""What a small wave, of complex amplitude, leaves in the balances and carries through the gate, summed from the flows
through the faces of a linearised device (`eisfv.equations.linearised`)."""

from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.kernel import allocating, kernel


@allocating
def rest_by_flows(t, slopes, own, by_storage, rhs, x):
    """Return rhs - (by_storage C + T) x (cells, m), complex, summed from the flows through the faces.

    own (cells, m, m): what T holds within a cell alone, contacts and traps. What leaves a cell enters the next one as
    the same number: of a slow wave, whose currents are what little the charging of the whole device lets through, the
    assembled diagonal has lost the digits.
    """
    out = rhs.copy()
    cells, m = out.shape
    upper, lower = slopes.transport.upper, slopes.transport.lower
    displacement, storage = slopes.displacement, slopes.storage
    for i in range(cells):
        for p in range(m):
            for q in range(m):
                out[i, p] -= (own[i, p, q] + by_storage * storage[i, p, q]) * x[i, q]
    for f in range(t.left.size):
        left, right = t.left[f], t.right[f]
        moved = -by_storage * displacement[f] * (x[right, POTENTIAL] - x[left, POTENTIAL])
        out[left, POTENTIAL] -= moved
        out[right, POTENTIAL] += moved
        for p in range(1, m):
            flow = 0.0j
            for q in range(m):
                flow += upper[f, p, q] * x[right, q] - lower[f, p, q] * x[left, q]
            out[left, p] -= flow
            out[right, p] += flow
    for f in range(slopes.by_drop.shape[1]):
        moved = x[t.right[f], POTENTIAL] - x[t.left[f], POTENTIAL]
        for p in range(m):
            out[t.left[f], p] -= slopes.by_drop[0, f, p] * moved
            out[t.right[f], p] -= slopes.by_drop[1, f, p] * moved
    return out


@allocating
def transposed_rest_by_flows(t, slopes, own, by_storage, rhs, x):
    """Return rhs - (by_storage C + T)^T x (cells, m), complex, summed as `rest_by_flows`."""
    out = rhs.copy()
    cells, m = out.shape
    upper, lower = slopes.transport.upper, slopes.transport.lower
    displacement, storage = slopes.displacement, slopes.storage
    for i in range(cells):
        for p in range(m):
            for q in range(m):
                out[i, q] -= (own[i, p, q] + by_storage * storage[i, p, q]) * x[i, p]
    for f in range(t.left.size):
        left, right = t.left[f], t.right[f]
        fall = x[left, POTENTIAL] - x[right, POTENTIAL]
        out[left, POTENTIAL] -= by_storage * displacement[f] * fall
        out[right, POTENTIAL] += by_storage * displacement[f] * fall
        for p in range(1, m):
            fall = x[left, p] - x[right, p]
            for q in range(m):
                out[left, q] += lower[f, p, q] * fall
                out[right, q] -= upper[f, p, q] * fall
    for f in range(slopes.by_drop.shape[1]):
        left, right = t.left[f], t.right[f]
        for p in range(m):
            felt = slopes.by_drop[0, f, p] * x[left, p] + slopes.by_drop[1, f, p] * x[right, p]
            out[left, POTENTIAL] += felt
            out[right, POTENTIAL] -= felt
    return out


@kernel
def current_of_unit_voltage(t, slopes, by_storage, answer):
    """Return the current through the gate (mol/s of charge, complex) where its voltage moves by one (RT/F), the
    unknowns by what follows along the test function less `answer` (cells, m)."""
    m = answer.shape[1]
    upper, lower, displacement = slopes.transport.upper, slopes.transport.lower, slopes.displacement
    total = 0.0j
    for f in range(t.left.size):
        fall = t.test_fall[f]
        if fall == 0.0:
            continue
        left, right = t.left[f], t.right[f]
        drop = t.test[right] - t.test[left]
        rise = drop - answer[right, POTENTIAL] + answer[left, POTENTIAL]
        total -= fall * by_storage * displacement[f] * rise
        for s in range(t.charge.size):
            p = of_species(s)
            flow = 0.0j
            for q in range(m):
                flow += upper[f, p, q] * (t.follow[t.region[right], q] * drop - answer[right, q])
                flow += lower[f, p, q] * answer[left, q]
            total += fall * t.charge[s] * flow
    return total
