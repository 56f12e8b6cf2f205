"""The device as the compact model needs it: a host or a contact of fixed activity, one
electrolyte, a host. SI throughout, coefficients at the temperature of the device.

y runs from the gate to the channel, V is gate minus channel, a positive current flows from gate to channel inside.
"""

from dataclasses import dataclass

from .curves import HostCurves


@dataclass(frozen=True)
class Host:
    """A mixed conductor: thickness (m), initial site fraction x, sites (mol/m3), low-field diffusivity of its ion
    (m2/s), permittivity (F/m), charge number z of the ion."""

    curves: HostCurves
    thickness: float
    x: float
    sites: float
    diffusivity: float
    permittivity: float

    @property
    def z(self) -> int:
        """Return the charge number of the ion."""
        return self.curves.z


@dataclass(frozen=True)
class Metal:
    """A contact of fixed activity at its equilibrium potential (V) against M/Mz+."""

    potential: float


@dataclass(frozen=True)
class Ion:
    """An ion of the electrolyte: concentration and site or reference density in mol/m3, diffusivity m2/s, hop length m,
    offset of its standard potential in RT."""

    name: str
    charge: int
    lattice: bool
    concentration: float
    density: float
    diffusivity: float
    hop: float
    offset: float

    @property
    def share(self) -> float:
        """Return c/density of the bulk."""
        return self.concentration / self.density

    @property
    def free(self) -> float:
        """Return the free fraction of its sites in the bulk."""
        return 1.0 - self.share if self.lattice else 1.0


@dataclass(frozen=True)
class Electrolyte:
    """Thickness (m), permittivity (F/m), ions, fixed charge (mol/m3 of +1), electronic conductivity (S/m)."""

    thickness: float
    permittivity: float
    ions: tuple[Ion, ...]
    fixed: float
    leak: float


@dataclass(frozen=True)
class InterfaceKinetics:
    """An interface: exchange current density (A/m2, None: the ion passes freely) at `at_x`, transfer coefficient seen
    from the host, compact layer (F/m2, None: none)."""

    exchange: float | None
    alpha: float
    at_x: float | None
    stern: float | None


@dataclass(frozen=True)
class Stack:
    """temperature K, area m2, series resistance of the drive ohm, squares = width over length of the read-out."""

    temperature: float
    area: float
    series: float
    squares: float
    gate: Host | Metal
    gate_interface: InterfaceKinetics
    electrolyte: Electrolyte
    channel_interface: InterfaceKinetics
    channel: Host

    @property
    def ion(self) -> Ion:
        """Return the working ion in the electrolyte."""
        return self.electrolyte.ions[0]
