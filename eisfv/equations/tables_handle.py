"""The tables of a device as the kernels take them."""

from eisfv.device.tables import Tables
from eisfv.kernel_handles import Handle


def tables_handle(t: Tables) -> Handle:
    """Return the handle of tables."""
    return Handle(t)
