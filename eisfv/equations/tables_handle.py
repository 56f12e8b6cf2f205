"""The tables of a device as the kernels take them."""

from eisfv.device.tables import Tables
from eisfv.kernel_handles import Handle

kept: list[tuple[Tables, Handle]] = []  # the last one: what looks at a run asks for it again and again


def tables_handle(t: Tables) -> Handle:
    """Return the handle of tables."""
    for tables, handle in kept:
        if tables is t:
            return handle
    handle = Handle(t)
    kept[:] = [(t, handle)]
    return handle
