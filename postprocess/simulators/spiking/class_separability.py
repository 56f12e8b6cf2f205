"""How well a neuron tells spike trains apart behind a synapse with short-term plasticity, and behind a fixed one.

A class is one Poisson train; it is presented several times and ends with a spike at `duration`. V is read `wait` later.

    separability = mean |V_a - V_b|, a and b of two classes,  minus the same of two presentations of one class

    NO-STP  a fixed weight k, which makes the peak after one spike that of IDEAL
    DEVICE  A and tau drawn for every spike, with reading noise
    IDEAL   the same device without scatter and noise

Source: Q. Wan et al., Adv. Intell. Syst. 3 (2021) 2100021, section 2.5 and Figure 6: trains of 10 Hz, 50 classes
presented 10 times, tau_m of 10 and 100 ms. The text gives neither `duration` nor `wait`: 1.0 s and 52 ms are those of a
grid of 50 to 54 ms by 1, 1.5 and 2 s that come nearest its two NO-STP numbers (3.8e-4 and 8.4e-2), and nothing else was
used. The NO-STP number at 10 ms goes as e^{-wait/tau_m}: 2 ms change it by a fifth.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .short_term_synapse import Synapse, fixed_membrane, membrane, weight_of_equal_peak

RATE = 10.0  # Hz
CLASSES, PRESENTATIONS = 50, 10
DURATION, WAIT = 1.0, 52e-3  # s
TAU_M = (10e-3, 100e-3)  # s
SYNAPSES = ("NO-STP", "DEVICE", "IDEAL")
SEEDS = 20


@dataclass(frozen=True)
class Separability:
    """Of one tau_m (s): k (unit of G times s), and the separability (synapses, seeds) in the unit of G."""

    tau_m: float
    k: float
    values: np.ndarray

    @property
    def means(self) -> np.ndarray:
        """Return the mean (synapses) over the seeds."""
        return np.asarray(self.values.mean(axis=1))

    @property
    def errors(self) -> np.ndarray:
        """Return the standard error (synapses) of the mean."""
        return np.asarray(self.values.std(axis=1, ddof=1) / np.sqrt(self.values.shape[1]))

    @property
    def times(self) -> np.ndarray:
        """Return how many times the mean of NO-STP each mean is."""
        return np.asarray(self.means / self.means[0])

    @property
    def times_errors(self) -> np.ndarray:
        """Return the standard error of `times` by the jackknife: the synapses of a seed saw the same trains."""
        n = self.values.shape[1]
        without = (self.values.sum(axis=1, keepdims=True) - self.values) / (n - 1)
        ratio = without / without[0]
        return np.asarray(np.sqrt((n - 1) * ((ratio - ratio.mean(axis=1, keepdims=True)) ** 2).mean(axis=1)))


def poisson_trains(random: np.random.Generator, classes: int = CLASSES, duration: float = DURATION) -> np.ndarray:
    """Return trains (classes, spikes) of `RATE` with a last spike at `duration`; NaN at the end of shorter ones."""
    numbers = random.poisson(RATE * duration, classes)
    times = random.uniform(0.0, duration, (classes, int(numbers.max()) + 1))
    place = np.arange(times.shape[1])
    times[place >= numbers[:, None]] = np.nan
    times[place == numbers[:, None]] = duration
    return np.sort(times, axis=1)  # NaN last


def separability(V: np.ndarray) -> float:
    """Return what V (classes, presentations) is worth; the first line of this file."""
    classes, n = V.shape
    apart = np.abs(V.reshape(-1, 1) - V.reshape(1, -1)).reshape(classes, n, classes, n).sum(axis=(1, 3))
    within = np.trace(apart)
    inside = within / (classes * n * (n - 1)) if n > 1 else 0.0
    return float((apart.sum() - within) / (classes * (classes - 1) * n * n) - inside)


def benchmark(synapse: Synapse, seeds: Sequence[int] = range(SEEDS)) -> list[Separability]:
    """Return the separability for each tau_m. A seed has the same trains whatever the synapse and tau_m."""
    found = []
    for tau_m in TAU_M:
        k = weight_of_equal_peak(synapse, tau_m)
        values = np.empty((len(SYNAPSES), len(seeds)))
        for j, seed in enumerate(seeds):
            random = np.random.default_rng(seed)
            trains = poisson_trains(random)
            many = np.broadcast_to(trains[:, None, :], (CLASSES, PRESENTATIONS, trains.shape[1]))
            values[0, j] = separability(fixed_membrane(trains, WAIT, k, tau_m)[:, None])
            values[2, j] = separability(membrane(trains, WAIT, synapse.ideal, tau_m, random)[:, None])
            device = membrane(many, WAIT, synapse, tau_m, random)
            values[1, j] = values[2, j] if synapse.is_ideal else separability(device)
        found.append(Separability(tau_m, k, values))
    return found
