"""Electrons and holes of the neutral bulk of a semiconductor with a gap, in equilibrium with each other.

eta_e + eta_h = -E_g/RT
N_h F_h(eta_h) - N_e F_e(eta_e) + c = 0

eta  (E_F - E_C)/RT of electrons, (E_V - E_F)/RT of holes; F of `eisfv.model.band_filling`, N states      -, mol/m3
E_g  gap                                                                                                  J/mol
c    charge of everything else: donors less acceptors, and ions                                           mol/m3
"""

from functools import lru_cache
from math import exp

from eisfv.constants import GAS_CONSTANT
from eisfv.model.band_filling import HIGHEST, logarithm
from eisfv.model.materials import CARRIERS, ELECTRON, HOLE, Material
from eisfv.model.species import Band

HALVINGS = 120


def bands(material: Material) -> dict[str, Band]:
    """Return the bands of a material by the name of their carriers, electrons first."""
    found = {name: material.species.get(name) for name in CARRIERS}
    return {name: band for name, band in found.items() if isinstance(band, Band)}


def balanced(material: Material, others: float, temperature: float) -> dict[str, float]:
    """Return ln(c/N) of electrons and holes beside other charges (mol/m3), at a temperature (K); none where the
    material has no gap.
    """
    both = bands(material)
    gap = getattr(material, "gap", None)
    if gap is None or len(both) < len(CARRIERS):
        return {}
    electron, hole = (both[name] for name in CARRIERS)
    reduced = float(gap) / (GAS_CONSTANT * temperature)
    levels = _level(
        electron.filling, float(electron.density), hole.filling, float(hole.density), reduced, float(others)
    )
    return {
        ELECTRON: logarithm(electron.filling, levels),
        HOLE: logarithm(hole.filling, -reduced - levels),
    }


@lru_cache(maxsize=256)
def _level(
    electron_filling: str, electron_states: float, hole_filling: str, hole_states: float, gap: float, others: float
) -> float:
    """Return eta of the electrons: the charge falls as it rises."""
    low, high = -gap - HIGHEST, HIGHEST
    for _ in range(HALVINGS):
        eta = 0.5 * (low + high)
        holes = hole_states * exp(min(logarithm(hole_filling, -gap - eta), HIGHEST))
        electrons = electron_states * exp(min(logarithm(electron_filling, eta), HIGHEST))
        low, high = (eta, high) if holes - electrons + others > 0.0 else (low, eta)
    return 0.5 * (low + high)
