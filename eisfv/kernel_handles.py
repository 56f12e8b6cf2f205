"""Handles: named arrays as compiled code holds them, one pointer each.

A kernel that takes eighty arrays as a tuple unpacks all of them at every call, 14 us, and is compiled for seconds. A
handle is made once from the tuple and passed as it is: a pointer to a table in which the fields stand one behind the
other as numba holds them. Fields have the names of the tuple's; the arrays are shared, so that what a kernel writes is
what Python sees, and borrowed: the handle owns them, and kernels do not count who else does.
"""

from hashlib import sha256
from struct import pack
from typing import Any

import numpy as np
from llvmlite import ir
from numba import typeof
from numba.core import types
from numba.core.datamodel.models import OpaqueModel
from numba.core.typing.templates import AttributeTemplate
from numba.extending import NativeValue, infer_getattr, lower_getattr_generic, register_model, unbox

WORD = 8  # bytes; all that a table holds is as long: pointers, integers, numbers


class HandleType(types.Type):
    """The type of a handle: of a record, whose name it has, and of the types of its fields.

    Their digest stands for them in names and comparisons: every call would write out eighty arrays.
    """

    def __init__(self, record: str, fields: tuple[tuple[str, types.Type], ...]) -> None:
        self.fields = dict(fields)
        super().__init__(f"{record}.{sha256(repr(fields).encode()).hexdigest()[:16]}")


class Handle:
    """The handle of a record (a named tuple) of arrays, numbers and other records; `handles` instead of its own."""

    def __init__(self, record: Any, **handles: "Handle") -> None:
        self.held = record._asdict() | handles  # whose arrays it keeps alive
        self.table = np.array([word for value in self.held.values() for word in words(value)], np.int64)
        self.address = self.table.ctypes.data
        key = (type(record), *map(alike, self.held.values()))
        if key not in known:
            fields = tuple((name, typeof(value)) for name, value in self.held.items())
            known[key] = HandleType(type(record).__name__, fields)
        self._numba_type_ = known[key]


known: dict[tuple[Any, ...], HandleType] = {}  # by what tells the types of the fields apart: numba asks for long


def alike(value: Any) -> Any:
    """Return what values of one type have in common."""
    if isinstance(value, np.ndarray):
        flags = value.flags
        return value.dtype.str, value.ndim, flags.c_contiguous, flags.f_contiguous, flags.writeable, flags.aligned
    if isinstance(value, Handle):
        return value._numba_type_
    return (type(value), *map(alike, value)) if isinstance(value, tuple) else type(value)


def words(value: Any) -> list[int]:
    """Return a value as numba holds it in memory."""
    if isinstance(value, np.ndarray):
        # No owner to count, then what `numba.core.datamodel.models.ArrayModel` lists.
        return [0, 0, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides]
    if isinstance(value, Handle):
        return [value.address]
    if isinstance(value, tuple):
        return [word for part in value for word in words(part)]
    if isinstance(value, int) and not isinstance(value, bool):
        return [value]
    if isinstance(value, float):
        return [int.from_bytes(pack("=d", value), "little", signed=True)]
    raise TypeError(f"a handle holds no {type(value).__name__}")


@register_model(HandleType)
class HandleModel(OpaqueModel):
    """A pointer of which numba knows nothing."""


@unbox(HandleType)
def unbox_handle(kind, handle, c):
    """Write how compiled code takes a handle from Python."""
    address = c.pyapi.object_getattr_string(handle, "address")
    pointer = c.pyapi.long_as_voidptr(address)
    c.pyapi.decref(address)
    return NativeValue(pointer, is_error=c.pyapi.c_api_error())


@infer_getattr
class HandleFields(AttributeTemplate):
    """The types of a handle's fields."""

    key = HandleType

    def generic_resolve(self, kind: Any, name: Any) -> Any:  # type: ignore[override]  # numba declares what fails
        """Return the type of a field, None where there is none."""
        return kind.fields.get(name)


@lower_getattr_generic(HandleType)
def read_field(context, builder, kind, handle, name):
    """Write the reading of a field."""
    offset = 0
    for other, field in kind.fields.items():
        held = context.get_value_type(field)
        if other == name:
            place = builder.gep(handle, [ir.IntType(32)(offset)], inbounds=True)
            return builder.load(builder.bitcast(place, held.as_pointer()))
        offset += context.get_abi_sizeof(held)
    raise AttributeError(name)
