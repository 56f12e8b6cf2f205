"""Which points of a sweep are kept: comparisons of arithmetic over the axes, in SI: "channel <= 2 * reservoir"."""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from eisfv.postprocess.quantities.expressions import Expression, ExpressionError, parse_expression, parsed

COMPARED: Mapping[type[ast.cmpop], Callable[[np.ndarray, float], np.ndarray]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
EXAMPLE = 'write for example "channel <= 2 * reservoir", with names of axes, in SI'


@dataclass(frozen=True)
class Constraint:
    """Comparisons that all hold; each as a difference that is compared with zero."""

    text: str
    parts: tuple[tuple[Expression, Callable[[np.ndarray, float], np.ndarray]], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the axes it takes."""
        return tuple(dict.fromkeys(name for difference, _ in self.parts for name in difference.names))

    def holds(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return for each point whether it is kept; columns in SI, by axis name. Raises ExpressionError."""
        return np.asarray(np.logical_and.reduce([compare(d.values(columns), 0.0) for d, compare in self.parts]))


def parse_constraint(text: str) -> Constraint:
    """Return the constraint of a text. Raises ExpressionError."""
    try:
        tree = parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"is no comparison; {EXAMPLE}") from None
    if not isinstance(tree, ast.Compare) or any(type(op) not in COMPARED for op in tree.ops):
        raise ExpressionError(f"is no comparison; {EXAMPLE}")
    try:
        sides = [ast.unparse(side) for side in (tree.left, *tree.comparators)]
    except RecursionError:
        raise ExpressionError(f"is nested too deep; {EXAMPLE}") from None
    parts = []
    for (left, right), op in zip(pairwise(sides), tree.ops, strict=True):
        try:
            parts.append((parse_expression(f"({left}) - ({right})"), COMPARED[type(op)]))
        except ExpressionError:
            raise ExpressionError(f"compares what is no arithmetic over axes; {EXAMPLE}") from None
    return Constraint(text, tuple(parts))
