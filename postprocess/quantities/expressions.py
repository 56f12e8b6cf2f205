"""Arithmetic over the columns of a table, as `column` of expected.toml may say it: "1e-3 * energy_J / dG_S / 6e-5".

Numbers, names of columns, + - * /, parentheses, abs() and gradient(); nothing else is evaluated. gradient(y, x) is the
slope of y against x along the rows, by differences of second order.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from eisfv.errors import EisfvError

BINARY: Mapping[type[ast.operator], Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: np.divide,
}
UNARY: Mapping[type[ast.unaryop], Callable[[np.ndarray], np.ndarray]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}
ALLOWED = "write columns, numbers, + - * /, ( ), abs() and gradient(y, x)"


class ExpressionError(EisfvError):
    """An expression that cannot be read or evaluated; the message reads on after the quoted text."""


LONGEST = 300  # characters of a text: a longer one nests deeper than what walks it
LARGEST = 1e300


@dataclass(frozen=True)
class Expression:
    """A parsed expression; names: the columns it takes, in the order of their first mention."""

    text: str
    tree: ast.expr
    names: tuple[str, ...]

    @property
    def is_column(self) -> bool:
        """Return whether it is a column and nothing else, so that its unit is the column's."""
        return isinstance(self.tree, ast.Name)

    def values(self, table: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return its value for every row; infinite or NaN where it divides by zero. Raises ExpressionError."""
        for name in self.names:
            if name not in table:
                close = get_close_matches(name, table, 1)
                known = f'did you mean "{close[0]}"?' if close else f"there are {', '.join(table) or 'none yet'}"
                raise ExpressionError(f'has no column "{name}"; {known}')
        for name in self.names:
            if table[name].dtype.kind not in "fiub":
                raise ExpressionError(f'takes "{name}", which is text; take a column of numbers')
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            found = _value(self.tree, table)
        rows = len(next(iter(table.values()), ()))
        return np.array(np.broadcast_to(found, (rows,)), float)


def parse_expression(text: str) -> Expression:
    """Return the expression of a text. Raises ExpressionError."""
    names: list[str] = []
    try:
        tree = parsed(text)
        _check(tree, names)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"is no arithmetic; {ALLOWED}") from None
    if not names:
        raise ExpressionError("takes no column; " + ALLOWED)
    return Expression(text, tree, tuple(dict.fromkeys(names)))


def parsed(text: str) -> ast.expr:
    """Return the tree of a text. Raises SyntaxError, ValueError, RecursionError or MemoryError."""
    if len(text) > LONGEST:
        raise ValueError
    return ast.parse(text.strip(), mode="eval").body


def column_alone(name: str) -> Expression:
    """Return the expression of one column, whatever its name is made of."""
    return Expression(name, ast.Name(name), (name,))


def _check(node: ast.expr, names: list[str]) -> None:
    match node:
        case ast.Name(id=name):
            names.append(name)
        case ast.Constant(value=value) if isinstance(value, int | float) and not isinstance(value, bool):
            if abs(value) > LARGEST:
                raise ExpressionError(f"has a number beyond {LARGEST:g}; {ALLOWED}")
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            _check(left, names)
            _check(right, names)
        case ast.UnaryOp(op=op, operand=operand) if type(op) in UNARY:
            _check(operand, names)
        case ast.Call(func=ast.Name(id="abs"), args=[argument], keywords=[]):
            _check(argument, names)
        case ast.Call(func=ast.Name(id="gradient"), args=[y, x], keywords=[]):
            _check(y, names)
            _check(x, names)
        case _:
            raise ExpressionError(f'has "{ast.unparse(node)}", which is not taken; {ALLOWED}')


def _value(node: ast.expr, table: Mapping[str, np.ndarray]) -> np.ndarray:
    match node:
        case ast.Name(id=name):
            return np.asarray(table[name], float)
        case ast.BinOp(left=left, op=op, right=right):
            return np.asarray(BINARY[type(op)](_value(left, table), _value(right, table)))
        case ast.UnaryOp(op=op, operand=operand):
            return np.asarray(UNARY[type(op)](_value(operand, table)))
        case ast.Call(args=[y, x]):
            return gradient(_value(y, table), _value(x, table))
        case ast.Call(args=[argument]):
            return np.asarray(np.abs(_value(argument, table)))
        case ast.Constant(value=value) if isinstance(value, int | float):
            return np.array(float(value))
    raise AssertionError(ast.dump(node))  # _check has let nothing else pass


def gradient(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return dy/dx in every row; NaN where there is one row alone, or a number for a column."""
    if y.ndim == 0 or y.shape != x.shape or y.size < 2:
        return np.full(np.broadcast_shapes(y.shape, x.shape), np.nan)
    return np.asarray(np.gradient(y, x))
