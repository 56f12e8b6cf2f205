"""A gate behind an insulator at the far face of a semiconductor, whose source and drain lie at the film's sides.

    eps E = C (phi - V_s - V_b)    at the far face, E pointing out of the film

    C      capacitance of the insulator, eps_i/t                                  F/m2
    phi    potential at the face; V_s of source and drain, at which the carriers
           of the neutral film, as its material gives it, are level with theirs   V
    V_b    of the gate above source and drain, constant, from flat band: at 0 it
           does nothing to a neutral film                                         V

Electrons pass between the far face and the source; none passes the insulator. What flows at the contact is the sum of
source, drain and this gate: behind a constant V_b they are one node to a small signal. In a film that is full in front
and emptied at its far face the electrons have to pass that face, e^(psi F/RT) slower at a bending psi; those of a
transistor come from its sides, so that such a film is slower here than it is.

Source: H.-K. Lim, J. G. Fossum, IEEE Trans. Electron Devices 30 (1983) 1244, eq. 1 to 5 (two gates on one film).
"""

from pydantic.dataclasses import dataclass

from eisfv.model.fields import Capacitance, Voltage
from eisfv.model.record import RECORD, Record


@dataclass(frozen=True, config=RECORD)
class BackGate(Record):
    """capacitance: C (F/m2); voltage: V_b (V)."""

    capacitance: Capacitance
    voltage: Voltage
