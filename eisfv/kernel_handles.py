"""Handles: named arrays as compiled code holds them, one pointer each.

A kernel that takes eighty arrays as a tuple unpacks all of them at every call, 14 us, and is compiled for seconds. A
handle is made once from the tuple and passed as it is. The fields have the names of the tuple's; the arrays are shared,
so that what a kernel writes is what Python sees.
"""

from typing import Any

from numba import types
from numba.experimental import structref


class HandleType(types.StructRef):
    """The type of a handle; every handle has its own, so that kernels are found again on disk."""

    def preprocess_fields(self, fields: Any) -> Any:
        """Return the fields with the types of their values rather than the values."""
        unliteral: Any = types.unliteral  # numba declares no types
        return tuple((name, unliteral(kind)) for name, kind in fields)


Handle = structref.StructRefProxy
define = structref.define_proxy
register = structref.register
