"""A metal on a semiconductor, with a barrier between its Fermi level and a band.

    c_m = N F(-b/RT),    z F (phi_m - V) = b - mu0        of the carrier whose barrier is given
    eta' = z' F (V - phi_m)/RT - mu0'/RT                  of the other one, at the same Fermi level

    c_m    concentration at the metal, N states, F filling (`eisfv.model.band_filling`)                mol/m3
    b      barrier, E_C - E_F for electrons, E_F - E_V for holes; the other carrier's is the gap less it   J/mol
    z      charge, -1 of electrons and 1 of holes                                                      -
    phi_m  potential at the metal, V that of the terminal                                              V
    mu0    standard potential of the carrier in the semiconductor                                      J/mol

The field ends on the metal. What recombines at it does so without limit: carriers are at its Fermi level there
(Schottky's contact in the diffusion theory). Of a selective contact the other carrier does not pass.

Source: S. M. Sze, K. K. Ng, Physics of Semiconductor Devices, 3rd ed. (2007), sec. 3.3.
"""

from typing import ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from eisfv.constants import FARADAY
from eisfv.model.band_filling import logarithm
from eisfv.model.contact_kind import ContactKind, Face, OnFace
from eisfv.model.fields import YesNo
from eisfv.model.materials import Material
from eisfv.model.record import RECORD
from eisfv.model.species import GapEnergy


@dataclass(frozen=True, config=RECORD)
class InjectingContact(ContactKind):
    """carrier: "electron" or "hole", whose barrier (J/mol) is given; selective: whether it passes alone, else both."""

    number: ClassVar = 7
    surface_node: ClassVar = "never"
    level: ClassVar = "carrier"
    takes_electrons: ClassVar = True

    kind: Literal["injecting"] = Field(default="injecting", kw_only=True)
    carrier: Literal["electron", "hole"]
    barrier: GapEnergy
    selective: YesNo = True

    def layered(self, material: Material) -> bool:
        return True

    def ends_field(self, material: Material) -> bool:
        return True

    def on(self, face: Face) -> OnFace:
        """Return half a cell of the region's own phase; parameters: the carriers that pass, one of them twice."""
        bands = face.bands()
        band, barrier = bands[self.carrier], self.barrier / (face.volt * FARADAY)
        zero = (band.standard - barrier) / band.charge
        passing: dict[str, float] = {self.carrier: -barrier}
        if not self.selective:
            passing |= {
                name: other.charge * zero - other.standard for name, other in bands.items() if name != self.carrier
            }
        numbers = [float(face.species(name)) for name in passing]
        levels = {name: logarithm(bands[name].filling, eta) for name, eta in passing.items()}
        return OnFace(face.layer(face.permittivity / face.half), zero, (numbers[0], numbers[-1]), levels)
