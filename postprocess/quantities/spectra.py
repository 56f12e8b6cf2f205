"""The impedance spectra of a run, one by one."""

from dataclasses import dataclass

import numpy as np

from eisfv.result.table_reading import Table


@dataclass(frozen=True)
class Spectrum:
    """One spectrum. number from 1; time s; bias V; conductance S; the rest (frequencies): Hz, ohm, S/V.

    A part that rounding has taken is NaN.
    """

    number: int
    time: float
    bias: float
    conductance: float
    frequency: np.ndarray
    impedance: np.ndarray
    by_voltage: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Return at which frequencies both parts of the impedance are known."""
        return np.asarray(np.isfinite(self.impedance.real) & np.isfinite(self.impedance.imag))


def spectra_of(table: Table) -> list[Spectrum]:
    """Return the spectra of a table such as impedance.csv; none of an empty one."""
    if not table or not table["spectrum"].size:
        return []
    found = []
    for number in np.unique(table["spectrum"]):
        own = table["spectrum"] == number
        first = np.flatnonzero(own)[0]
        found.append(
            Spectrum(
                int(number),
                float(table["time_s"][first]),
                float(table["bias_V"][first]),
                float(table["conductance_S"][first]),
                table["frequency_Hz"][own],
                complex_of(table["Z_real_ohm"][own], table["Z_imag_ohm"][own]),
                complex_of(table["dG_dV_real_S_per_V"][own], table["dG_dV_imag_S_per_V"][own]),
            )
        )
    return found


def complex_of(real: np.ndarray, imaginary: np.ndarray) -> np.ndarray:
    """Return complex numbers of their parts; one that is not known leaves the other as it is."""
    out = np.empty(real.shape, complex)
    out.real, out.imag = real, imaginary
    return out
