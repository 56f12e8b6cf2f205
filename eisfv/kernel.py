"""How the functions of this package are compiled: `@kernel`, and `@allocating` for those that make arrays.

Compiled code is kept on disk. A division by zero gives what NumPy gives. Of what numba adds to every function what none
needs is left out, as it is most of what is compiled: a second entry for callers in C; and in a kernel, which works on
arrays that it is given, the counting of who holds them.
"""

from collections.abc import Callable
from typing import Any

from numba import njit


def kernel(function: Callable[..., Any] | None = None, inline: str = "never", counting: bool = False) -> Any:
    """Return a function compiled; inline="always": as numba has it, counting: with who holds its arrays."""
    options: Any = {"no_cfunc_wrapper": True, "_nrt": counting, "inline": inline}  # more than numba declares
    compiled: Any = njit(cache=True, error_model="numpy", **options)
    return compiled if function is None else compiled(function)


def allocating(function: Callable[..., Any]) -> Any:
    """Return a function that makes arrays compiled."""
    return kernel(function, counting=True)
