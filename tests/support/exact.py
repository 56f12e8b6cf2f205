"""Elementary functions in 80 decimal digits (265 bits) or more, from the standard library."""

from decimal import Context, Decimal, localcontext

DIGITS = 80


def enough(x: float) -> Context:
    """Return a precision of which 80 digits survive the cancellation of e^x - 1 - x."""
    return Context(prec=DIGITS + 2 * max(0, -Decimal(x).adjusted()))


def bernoulli_exact(x: float) -> float:
    """Return x/(e^x - 1) of a double, rounded once."""
    with localcontext(enough(x)):
        d = Decimal(x)
        return float(d / (d.exp() - 1)) if x else 1.0


def bernoulli_slope_exact(x: float) -> float:
    """Return the derivative of x/(e^x - 1) of a double, rounded once."""
    with localcontext(enough(x)):
        d = Decimal(x)
        if not x:
            return -0.5
        grown = d.exp()
        return float((grown - 1 - d * grown) / (grown - 1) ** 2)


def sinh_over_exact(w: float) -> float:
    """Return sinh(w)/w of a double, rounded once."""
    with localcontext(enough(w)):
        d = Decimal(w)
        return float((d.exp() - (-d).exp()) / (2 * d)) if w else 1.0
