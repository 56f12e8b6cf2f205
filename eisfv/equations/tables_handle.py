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
    return TablesHandle(
        t.charge,
        t.kind,
        t.density,
        t.mu0,
        t.frumkin,
        t.diffusivity,
        t.conduct,
        t.hop,
        t.hop_limit,
        t.sublattice,
        t.fixed,
        t.permittivity,
        t.ion,
        t.background,
        t.curve,
        t.sigma,
        t.mobility,
        t.electron,
        t.follow,
        t.region,
        t.volume,
        t.test,
        t.left,
        t.right,
        t.aspect,
        t.distance,
        t.test_fall,
        t.interface,
        t.transfer,
        t.transfer_rate,
        t.compact_layer,
        t.contact,
        t.contact_cell,
        t.terminal,
        t.contact_aspect,
        t.contact_distance,
        t.contact_layer,
        t.contact_zero,
        t.contact_level,
    )
