"""What the statements on the film ask of its conductivity curve, in closed form: no run, all by charge.

    sigma(gamma) = s0 + a gamma + S gamma u^n / (1 + u^n),  u = gamma / gamma_p            S/cm
    dsigma/dgamma is largest at gamma_p [(n + 1)/(n - 1)]^(1/n)
    V(x) = (RT/2F) [ln x/(1-x) + 2 ln 2x/(1-2x)] + g x,  gamma = 2 x

    s0  empty film; a hopping; S slope far above the threshold gamma_p; n its sharpness
    k   what a pulse of 5 uC adds on a standard film over the 3.496e-4 electrons per tungsten of its charge
    gamma_0  what a device holds at the start, by its first conductivity; S from 230 S/cm after 0.42 more,
    g from 0.36 V over the same (Sec. 3). A standard film has 40 uS at 1 S/cm.

The statements are those of M. Schwacke et al., Adv. Electron. Mater. 10 (2024) 2300577; a tolerance is a factor
where the text says "about".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

PULSE, MICROSIEMENS = 3.496e-4, 40.0  # electrons per tungsten by 5 uC; uS at 1 S/cm
CHARGES = np.array([0.1, 0.2, 0.4, 0.7, 1.0, 1.4, 2.0])  # of 5 uC, Fig. 4
FIRST_3A, FIRST_7B, LAST_3A = 15e-3, 5.5e-3, 230.0  # S/cm
HALF_VOLT = 0.5 * 8.314463 * 298.15 / 96485.33  # V, RT/2F
SLOPE_OF_H = 0.6  # S/cm at gamma 0.03: through 5.5e-3 S/cm there


def voltage_without_slope(x: np.ndarray) -> np.ndarray:
    """Return the entropies' part of V(x) (V)."""
    return np.asarray(HALF_VOLT * (np.log(x / (1.0 - x)) + 2.0 * np.log(2.0 * x / (1.0 - 2.0 * x))))


@dataclass(frozen=True)
class Films:
    """Many films at once, arrays of one shape or numbers: s0, a (S/cm), gamma_p, n, k."""

    s0: np.ndarray
    a: np.ndarray
    gamma_p: np.ndarray
    n: np.ndarray
    k: np.ndarray

    def share(self, gamma: np.ndarray) -> np.ndarray:
        """Return u^n/(1 + u^n)."""
        return np.asarray(1.0 / (1.0 + (gamma / self.gamma_p) ** -self.n))

    @cached_property
    def slope(self) -> np.ndarray:
        """Return S (S/cm)."""
        found = np.full(np.broadcast(self.s0, self.a, self.gamma_p, self.n).shape, 545.0)
        for _ in range(5):  # gamma_0 hardly moves it
            end = self._at(FIRST_3A, found) + 0.42
            found = (LAST_3A - self.s0 - self.a * end) / (end * self.share(end))
        return found

    def sigma(self, gamma: np.ndarray, slope: np.ndarray | None = None) -> np.ndarray:
        """Return the conductivity (S/cm)."""
        steep = self.slope if slope is None else slope
        return np.asarray(self.s0 + self.a * gamma + steep * gamma * self.share(gamma))

    def _at(self, sigma: float, slope: np.ndarray) -> np.ndarray:
        low, high = np.full(slope.shape, 1e-9), np.full(slope.shape, 0.9)
        for _ in range(60):
            middle = np.sqrt(low * high)
            below = self.sigma(middle, slope) < sigma
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return low

    def at(self, sigma: float) -> np.ndarray:
        """Return the electrons per tungsten at a conductivity (S/cm); next to none where the empty film has more."""
        return self._at(sigma, self.slope)

    def change(self, microsiemens: float, pulses: float = 1.0) -> np.ndarray:
        """Return the mean change (uS) by so many pulses of 5 uC from a conductance (uS)."""
        before = self.at(microsiemens / MICROSIEMENS)
        after = MICROSIEMENS * self.sigma(before + pulses * self.k * PULSE)
        return np.asarray((after - microsiemens) / pulses)

    def r2(self, microsiemens: float) -> np.ndarray:
        """Return R^2 of the seven means of ten pulses against their charge (Fig. 4)."""
        means = np.stack([10.0 * q * self.change(microsiemens, 10.0 * q) for q in CHARGES]) / 10.0
        off, charge = means - means.mean(0), CHARGES - CHARGES.mean()
        along = np.tensordot(charge, off, 1)
        return np.asarray(along**2 / (charge @ charge) / (off**2).sum(0))

    @cached_property
    def held(self) -> np.ndarray:
        """Return gamma_0 of the device of Fig. 7b."""
        return self.at(FIRST_7B)

    @cached_property
    def peak(self) -> np.ndarray:
        """Return the place of the largest slope on the axis of Fig. 7c, which counts from the first pulse."""
        return np.asarray(self.gamma_p * ((self.n + 1.0) / (self.n - 1.0)) ** (1.0 / self.n) - self.held)

    @cached_property
    def over_h(self) -> np.ndarray:
        """Return the slope at 0.03 on that axis over that of hydrogen."""
        share = self.share(self.held + 0.03)
        return np.asarray((self.a + self.slope * share * (1.0 + self.n * (1.0 - share))) / SLOPE_OF_H)

    @cached_property
    def lowest_end(self) -> np.ndarray:
        """Return where 1 mS comes to rest against an equal, empty film (uS)."""
        return MICROSIEMENS * self.sigma(0.5 * self.at(1000.0 / MICROSIEMENS))

    def decade(self, low: float) -> np.ndarray:
        """Return the voltage for a factor of ten from a conductivity (S/cm) on (V)."""
        first = 0.5 * self.at(FIRST_3A)
        g = (0.36 - voltage_without_slope(first + 0.21) + voltage_without_slope(first)) / 0.21
        begin, end = 0.5 * self.at(low), 0.5 * self.at(10.0 * low)
        return np.asarray(voltage_without_slope(end) - voltage_without_slope(begin) + g * (end - begin))

    @cached_property
    def numbers(self) -> Mapping[str, np.ndarray]:
        """Return what the statements are about."""
        return {
            "dG": self.change(5.0),
            "mean": self.change(4.0, 10.0),
            "10/1": self.change(10.0) / self.change(1.0),
            "27/5": self.change(27.0) / self.change(5.0),
            "10/5": self.change(10.0) / self.change(5.0),
            "R2 27": self.r2(27.0),
            "R2 10": self.r2(10.0),
            "peak": self.peak,
            "slope": self.over_h,
            "end": self.lowest_end,
            "decade": self.decade(10.0),
            "lowest decade": self.decade(FIRST_3A),
            "lowest": np.broadcast_to(MICROSIEMENS * self.s0, self.peak.shape),
            "held": self.held,
        }


def met(numbers: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return which films meet each of 14 statements, by a short name."""

    def near(name: str, value: float, factor: float) -> np.ndarray:
        return np.asarray(np.abs(np.log(numbers[name] / value)) <= np.log(factor))

    def volts(name: str) -> np.ndarray:
        return np.asarray(np.abs(numbers[name] - 0.11) <= 0.03)

    return {
        "0.3 µS at 5 µS": near("dG", 0.3, 1.5),
        "0.3 µS, mean of ten": near("mean", 0.3, 1.5),
        "3 × from 1 to 10 µS": numbers["10/1"] >= 3.0,
        "3 × from 5 to 27 µS": numbers["27/5"] >= 3.0,
        "3 × from 5 to 10 µS": numbers["10/5"] >= 2.7,
        "line from 27 µS": numbers["R2 27"] >= 0.98,
        "line from 10 µS": numbers["R2 10"] >= 0.98,
        "slope peaks at 0.03": np.abs(numbers["peak"] - 0.03) <= 0.01,
        "1000 × H at 0.03": near("slope", 1000.0, 3.2),
        "40 µS from 1 mS": numbers["end"] <= 60.0,
        "110 mV in a decade": volts("decade") | volts("lowest decade"),
        "110 mV in the lowest": volts("lowest decade"),
        "80 nS reached": numbers["lowest"] <= 0.08,
        "pristine by 0.03": numbers["held"] <= 0.03,
    }
