"""Electrons and holes of a band: what filling adds to the chemical potential of dilute ones.

    n = N F(eta),   eta = (E_F - E_C)/kT, of holes (E_V - E_F)/kT       N: effective density of states   mol/m3
    eta = ln(n/N) + E(ln(n/N))                                 E = 0: Boltzmann's statistics

    boltzmann       F = e^eta
    fermi_dirac     F = F_1/2 = (2/sqrt pi) int_0^inf sqrt(t)/(1 + e^(t - eta)) dt          a band in space
    fermi_dirac_2d  F = ln(1 + e^eta),  N = g_s g_v m* kT/(2 pi hbar^2)/t                   a sheet of thickness t
    graphene        F = F_1 = int_0^inf s/(1 + e^(s - eta)) ds,  N = (2/pi) (kT/hbar v)^2/t  either half of the cone

m* effective mass, g_s and g_v degeneracies of spin and valley, v Fermi velocity; N over Avogadro's number is in mol/m3.

d eta/d ln n = F/F' gives the quantum capacitance (F^2/RT) n/(F/F') per volume, that of a sheet up to F^2 N t/RT. Of
graphene, electrons and holes together, C_q = (2 e^2 kT/(pi (hbar v)^2)) ln[2 (1 + cosh eta)] per area.

Sources: S. M. Sze, K. K. Ng, Physics of Semiconductor Devices, 3rd ed. (2007), Ch. 1 (F_1/2); S. Luryi, Appl. Phys.
Lett. 52 (1988) 501 (quantum capacitance); T. Fang, A. Konar, H. Xing, D. Jena, Appl. Phys. Lett. 91 (2007) 092109
(graphene).
"""

from itertools import pairwise
from math import pi, sqrt
from typing import Literal, TypeAlias

import numpy as np

from eisfv.model.monotone import Floats, Hermite
from eisfv.model.shared_excess import excess_of

# Of eta: below, the band is dilute to 1e-7; 300 at 25 C are 7.7 eV, more than a band is filled by.
LOWEST, HIGHEST, STEP = -16.0, 300.0, 0.01
TAIL = 60.0  # of an integral over e^-s
NODES, WEIGHTS = np.polynomial.legendre.leggauss(200)


def sheet(eta: Floats) -> tuple[Floats, Floats]:
    """Return F and F' of a sheet."""
    return np.logaddexp(0.0, eta), 1.0 / (1.0 + np.exp(-eta))


def space(eta: Floats) -> tuple[Floats, Floats]:
    """Return F_1/2 and F_-1/2, its slope: with t = s^2, over s from 0 to where the tail is 1e-17."""
    end = np.sqrt(np.maximum(eta, 0.0) + 40.0)[:, None]
    # Around the edge s = sqrt(eta) the integrand falls within 1/s: a panel before and one behind it.
    edge = np.sqrt(np.maximum(eta, 0.0))[:, None]
    width = np.minimum(end - edge, 40.0 / np.maximum(2.0 * edge, 1.0))
    bounds = [np.zeros_like(edge), np.maximum(edge - width, 0.0), edge, np.minimum(edge + width, end), end]
    value, slope = np.zeros(len(eta)), np.zeros(len(eta))
    for low, high in pairwise(bounds):
        s = low + 0.5 * (high - low) * (1.0 + NODES)
        weight = 0.5 * (high - low) * WEIGHTS
        full = 1.0 / (1.0 + np.exp(np.clip(s**2 - eta[:, None], -700.0, 700.0)))
        value += (4.0 / sqrt(pi)) * (weight * s**2 * full).sum(axis=1)
        slope += (2.0 / sqrt(pi)) * (weight * full).sum(axis=1)
    return value, slope


def cone(eta: Floats) -> tuple[Floats, Floats]:
    """Return F_1 and its slope ln(1 + e^eta); above eta = 0 by F_1(eta) = eta^2/2 + pi^2/6 - F_1(-eta)."""
    below = -np.abs(eta)[:, None]
    s = 0.5 * TAIL * (1.0 + NODES)
    held = (0.5 * TAIL * WEIGHTS * s / (1.0 + np.exp(s - below))).sum(axis=1)
    return np.where(eta > 0.0, 0.5 * eta**2 + pi**2 / 6.0 - held, held), np.logaddexp(0.0, eta)


Filling: TypeAlias = Literal["boltzmann", "fermi_dirac", "fermi_dirac_2d", "graphene"]
FILLINGS = {"fermi_dirac": space, "fermi_dirac_2d": sheet, "graphene": cone}


def logarithm(filling: str, eta: float) -> float:
    """Return ln F(eta)."""
    if filling == "boltzmann" or eta < LOWEST:
        return eta
    return float(np.log(FILLINGS[filling](np.array([eta]))[0][0]))


def band_excess(filling: str) -> Hermite | None:
    """Return E against ln(n/N); None where the carriers are dilute. KeyError for a filling without a law."""
    if filling == "boltzmann":
        return None
    eta = np.concatenate([np.arange(LOWEST, 12.0, STEP), np.geomspace(12.0, HIGHEST, 1500)])
    value, slope = FILLINGS[filling](eta)
    return excess_of(np.log(value), value / slope)
