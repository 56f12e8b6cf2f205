"""A leaky neuron behind one synapse whose conductance rises with a spike and decays with two times.

A spike at t_i; s = t - t_i, G_off the conductance at t_i, A, tau of the spike:

    G = G_off + (A1 + A2) s / w                                                                    s < w
    G = (A1 + G_off/2) e^{-(s - w)/tau1} + (A2 + G_off/2) e^{-(s - w)/tau2}                        s >= w
    tau_m dV/dt = G + eta - V          no threshold;  V(0) = 0, G(0) = 0

    w           width of the spike's pulse                                                         s
    A1, A2      what a spike adds                                                                  a unit of G
    tau1, tau2  of the decay                                                                       s
    eta         reading noise, a normal number of its own for every `SAMPLE`; not remembered       that unit
    tau_m       of the neuron                                                                      s
    V           membrane, in the unit of G (a drive of one unit a unit of conductance)

Source: Q. Wan et al., Adv. Intell. Syst. 3 (2021) 2100021, Eqs. 1 to 4 and Table 1. The decay is printed there with s
in place of s - w: the conductance would fall by 1 - e^{-w/tau1} of A1, 4 %, at s = w. With s - w it is continuous. How
often eta is drawn is not told; SAMPLE is our choice. The mean of eta in V is 0, its variance

    eta^2 tanh(SAMPLE / (2 tau_m)) (1 - e^{-2 t/tau_m})

Between spikes everything is a sum of exponentials, so V is exact at any interval. A fixed synapse: V rises by k/tau_m.
"""

from dataclasses import dataclass

import numpy as np

SAMPLE = 5e-5  # s, a quarter of the paper's pulse
LEAST_TAU1, LEAST_TAU2 = 5e-4, 1e-2  # s, below which a drawn time is cut: no decay is faster than the pulse


@dataclass(frozen=True)
class Synapse:
    """Mean and standard deviation of A1, A2 (unit of G), tau1, tau2 (s); width (s); eta (unit of G), as above."""

    A1: tuple[float, float]
    tau1: tuple[float, float]
    A2: tuple[float, float]
    tau2: tuple[float, float]
    width: float
    eta: float = 0.0

    @property
    def ideal(self) -> "Synapse":
        """Return the same without scatter and noise."""
        return Synapse((self.A1[0], 0.0), (self.tau1[0], 0.0), (self.A2[0], 0.0), (self.tau2[0], 0.0), self.width)

    @property
    def is_ideal(self) -> bool:
        """Return whether two presentations of a train give the same."""
        return self.eta == 0.0 and not any(pair[1] for pair in (self.A1, self.tau1, self.A2, self.tau2))


WAN_2021 = Synapse((0.57, 0.27), (5e-3, 2e-3), (0.50, 0.05), (92e-3, 18e-3), 2e-4, 0.11)


def exponential_drive(s: np.ndarray, tau: np.ndarray, tau_m: float) -> np.ndarray:
    """Return (1/tau_m) times the integral from 0 to s of e^{-(s - u)/tau_m} e^{-u/tau} du, also where tau = tau_m."""
    x = np.abs(s * (1.0 / tau_m - 1.0 / tau))
    ratio = -np.expm1(-x) / np.where(x > 0.0, x, 1.0)
    return np.asarray(s / tau_m * np.exp(-s / np.maximum(tau, tau_m)) * np.where(x > 0.0, ratio, 1.0))


def draw(of: tuple[float, float], least: float, shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    """Return normal numbers, cut at the least."""
    mean, deviation = of
    return np.maximum(mean + deviation * random.standard_normal(shape), least) if deviation else np.full(shape, mean)


def membrane(
    spikes: np.ndarray, wait: float, synapse: Synapse, tau_m: float, random: np.random.Generator
) -> np.ndarray:
    """Return V (...) at `wait` after the last spike of each train.

    spikes  (..., spikes) rising in time, s; NaN, at the end, where a train has fewer
    """
    shape, w = spikes.shape[:-1], synapse.width
    last = np.nanmax(spikes, axis=-1) + wait
    V, G = np.zeros(shape), np.zeros(shape)
    for k in range(spikes.shape[-1]):
        A1, A2 = draw(synapse.A1, 0.0, shape, random), draw(synapse.A2, 0.0, shape, random)
        tau1 = draw(synapse.tau1, LEAST_TAU1, shape, random)
        tau2 = draw(synapse.tau2, LEAST_TAU2, shape, random)
        start = spikes[..., k]
        following = spikes[..., k + 1] if k + 1 < spikes.shape[-1] else np.full(shape, np.nan)
        s = np.where(np.isnan(following), last, following) - start
        up = np.minimum(s, w)
        slope = (A1 + A2) / w
        left = -np.expm1(-up / tau_m)
        risen = G + slope * up
        made = V * np.exp(-up / tau_m) + G * left + slope * (up - tau_m * left)
        down = np.maximum(s - up, 0.0)
        B1, B2 = A1 + G / 2.0, A2 + G / 2.0
        fallen = B1 * np.exp(-down / tau1) + B2 * np.exp(-down / tau2)
        made_down = made * np.exp(-down / tau_m)
        made_down += B1 * exponential_drive(down, tau1, tau_m) + B2 * exponential_drive(down, tau2, tau_m)
        there, long = ~np.isnan(start), s >= w
        G = np.where(there, np.where(long, fallen, risen), G)
        V = np.where(there, np.where(long, made_down, made), V)
    if synapse.eta:
        spread = np.sqrt(np.tanh(SAMPLE / (2.0 * tau_m)) * -np.expm1(-2.0 * last / tau_m))
        V = V + synapse.eta * spread * random.standard_normal(shape)
    return V


def fixed_membrane(spikes: np.ndarray, wait: float, k: float, tau_m: float) -> np.ndarray:
    """Return V (...) at `wait` after the last spike behind a synapse that adds k/tau_m for each spike."""
    last = np.nanmax(spikes, axis=-1, keepdims=True) + wait
    return np.asarray(k / tau_m * np.nansum(np.exp(-(last - spikes) / tau_m), axis=-1))


def weight_of_equal_peak(synapse: Synapse, tau_m: float) -> float:
    """Return k (unit of G times s) that makes the peak of V after one spike that of the synapse without scatter.

    The peak lies where V = G, after the rise. There V has one maximum; it is found on times that are cut ever finer.
    """
    ideal = synapse.ideal
    random = np.random.default_rng(0)  # nothing is drawn
    low, high = ideal.width, ideal.width + 10.0 * max(tau_m, ideal.tau1[0], ideal.tau2[0])
    peak = 0.0
    for _ in range(5):
        after = np.linspace(low, high, 201)
        V = np.array([membrane(np.zeros((1, 1)), float(t), ideal, tau_m, random)[0] for t in after])
        best = int(V.argmax())
        peak = float(V[best])
        low, high = after[max(best - 1, 0)], after[min(best + 1, after.size - 1)]
    return peak * tau_m
