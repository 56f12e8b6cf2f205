"""The tables of a device as the kernels take them."""

from numba import njit

from eisfv.device.tables import Tables
from eisfv.kernel_handles import Handle, HandleType, define, register


@register
class TablesType(HandleType):
    """The type of `TablesHandle`."""


class TablesHandle(Handle):
    """The tables as the kernels take them; fields as of `Tables`."""


define(TablesHandle, TablesType, list(Tables._fields))


@njit(cache=True)
def tables_handle(t):
    """Return the handle of tables."""
    return TablesHandle(*t)
