"""Spectra of shipped cases obey Kramers and Kronig: what is linear, causal and stable does."""

import numpy as np
import pytest

import eisfv
from eisfv.device.tables import Floats

RANGE = "1 nHz:1000 GHz:10"
CASES = ("mg_impedance", "mg_impedance_tight", "h_ysz_impedance", "noise_scaling")


def spectrum(name: str) -> tuple[Floats, Floats]:
    """Return angular frequencies (1/s) and Z (ohm) of a case at its start, on cells set by lengths."""
    case = eisfv.load(f"cases/{name}")
    case.set("mesh.grading", "lengths")
    table = eisfv.Simulation(case).impedance(RANGE).table
    z = table["Z_real_ohm"] + 1j * table["Z_imag_ohm"]
    return 2.0 * np.pi * table["frequency_Hz"].to_numpy(), z.to_numpy()


def real_of(omega: Floats, imaginary: Floats) -> Floats:
    """Return the real part that belongs to an imaginary one, less its value at infinity.

    Z'(w) = Z'(inf) - (2/pi) P int x^2 Z''(x)/(x^2 - w^2) d ln x, over every second point, none of them w itself.

    Source: K. Ohta, H. Ishida, Appl. Spectrosc. 42 (1988) 952.
    """
    step = np.log(omega[1] / omega[0])
    out = np.empty_like(omega)
    for k, w in enumerate(omega):
        x, z = omega[(k + 1) % 2 :: 2], imaginary[(k + 1) % 2 :: 2]
        out[k] = -2.0 / np.pi * 2.0 * step * np.sum(x**2 * z / (x**2 - w**2))
    return out


def misfit(omega: Floats, z: Floats) -> float:
    """Return the largest misfit of the real part over |Z|, but for what lies beyond the last one: of a device that
    is a capacitor there it is |Z| of its last frequency."""
    known = np.isfinite(z.real) & np.isfinite(z.imag)
    inside = known & (omega > 1e2 * omega[0]) & (omega < 1e-4 * omega[-1])
    found = real_of(omega, np.where(np.isfinite(z.imag), z.imag, 0.0))
    missed = np.abs(found - z.real) - abs(z[-1])
    return float(np.max(missed[inside] / np.abs(z)[inside]))


@pytest.mark.parametrize("name", CASES)
def test_the_real_part_of_a_shipped_spectrum_is_that_of_its_imaginary_one(name: str) -> None:
    omega, z = spectrum(name)
    assert misfit(omega, z) < 1e-3


def test_two_states_in_one_spectrum_do_not() -> None:
    """As of a device that has changed while it was measured."""
    omega, leaky = spectrum("mg_impedance")
    _, tight = spectrum("mg_impedance_tight")
    assert misfit(omega, np.where(omega < 1.0, tight, leaky)) > 0.1
