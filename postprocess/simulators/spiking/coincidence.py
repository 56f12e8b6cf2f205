"""A neuron that learns which of its inputs fire together, by pairs of spikes alone.

A hundred inputs fire at one mean rate. Ten of them share events at random moments, around which each fires once,
scattered a little; the others, and the rest of their own spikes, are independent. The neuron is leaky:

    dV/dt = -V/tau_m,   V rises by G_i/(sum of all G) with each spike of input i

Where V passes the threshold, the neuron fires a moment later, V starts anew, and G_i changes by the kernel of the
device at dt = t_post - t_i: at a spike of the neuron with the last spike of every input, at a spike of an input with
the last one of the neuron. The threshold rises with every spike and sinks between them, towards one rate of the neuron
(homeostasis), so that a neuron that hears nothing in common fires as often as one that does.

Every time is counted in t0 = integral |dt| |change| / integral |change| of the kernel, its mean interval: the same
network serves kernels of milliseconds and of nanoseconds. The control has the same spikes of every input, shifted by a
time of its own: what is learnt there is chance.

Source of the task: S. Song, K. D. Miller, L. F. Abbott, Nat. Neurosci. 3 (2000) 919 (correlated inputs win), named as
what such kernels serve by M. Huang et al., Adv. Mater. 37 (2025) 2418484, Sec. 1. Its numbers here are choices.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

INPUTS, TOGETHER = 100, 10
RATE, EVENTS = 0.05, 0.02  # of an input, and of the shared events of some; 1/t0
SCATTER = 0.3  # t0, standard deviation of a spike around its event
LENGTH = 3000.0  # t0
TAU_M, LATENCY = 1.0, 1.0  # t0
THRESHOLD = 0.1  # of V, at the start
RISE = 0.05  # of the threshold with a spike, a share of it
SEEDS = 20
NETWORKS = FIXED, LEARNT, SHIFTED = "FIXED", "LEARNT", "SHIFTED"
LAST = 0.5  # share of the time, over which the spikes of a neuron are looked at

Change = Callable[[np.ndarray], np.ndarray]  # dt, s -> change of G, S


@dataclass(frozen=True)
class Learnt:
    """One network after learning.

    G       S, (INPUTS), those that fire together first
    heard   share of the neuron's last spikes that an event came before
    spikes  of the neuron
    """

    G: np.ndarray
    heard: float
    spikes: int

    @property
    def told_apart(self) -> float:
        """Return the probability that an input of the events has a larger G than another one: 0.5 is chance."""
        own, other = self.G[:TOGETHER, None], self.G[None, TOGETHER:]
        return float(np.mean((own > other) + 0.5 * (own == other)))

    @property
    def ratio(self) -> float:
        """Return the mean G of the inputs of the events over that of the others."""
        return float(self.G[:TOGETHER].mean() / self.G[TOGETHER:].mean())


@dataclass(frozen=True)
class Coincidence:
    """What the networks of a kernel learn: t0, s; start, S; and by name, of every seed:

    FIXED     nothing changes: what the neuron hears without learning
    LEARNT    with the kernel
    SHIFTED   with the kernel, of spikes of which none belong together
    """

    t0: float
    start: float
    networks: dict[str, list[Learnt]]


def mean_interval(change: Change, longest: float) -> float:
    """Return t0, s, of a kernel that is known up to an interval, s."""
    dt = np.linspace(-longest, longest, 40_001)
    size = np.abs(change(dt))
    return float(np.sum(np.abs(dt) * size) / np.sum(size))


def input_spikes(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return times (t0, ascending) and inputs of all spikes, and the times of the events."""
    events = np.sort(random.uniform(0.0, LENGTH, random.poisson(EVENTS * LENGTH)))
    times, numbers = [], []
    for i in range(INPUTS):
        alone = RATE - (EVENTS if i < TOGETHER else 0.0)
        own = random.uniform(0.0, LENGTH, random.poisson(alone * LENGTH))
        shared = events + SCATTER * random.normal(size=events.size) if i < TOGETHER else np.empty(0)
        times.append(np.concatenate([own, shared % LENGTH]))
        numbers.append(np.full(times[-1].size, i))
    time, number = np.concatenate(times), np.concatenate(numbers)
    order = np.argsort(time, kind="stable")
    return time[order], number[order], events


def shifted(time: np.ndarray, number: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the spikes with every input's own shifted by one time, around the end: nothing fires together."""
    moved = (time + random.uniform(0.0, LENGTH, INPUTS)[number]) % LENGTH
    order = np.argsort(moved, kind="stable")
    return moved[order], number[order]


def learn(time: np.ndarray, number: np.ndarray, events: np.ndarray, change: Change, t0: float, start: float) -> Learnt:
    """Return what a neuron has learnt of spikes, times in t0. A conductance stays above zero."""
    G = np.full(INPUTS, start)
    last = np.full(INPUTS, -np.inf)  # spike of each input
    V, at, fires, fired = 0.0, 0.0, np.inf, -np.inf
    threshold, sink = THRESHOLD, np.log1p(RISE) * EVENTS
    own = []
    for t, i in zip(time.tolist(), number.tolist(), strict=True):
        if fires <= t:
            known = np.isfinite(last)
            G[known] = np.maximum(G[known] + change(t0 * (fires - last[known])), 0.0)
            own.append(fires)
            fired, fires = fires, np.inf
        if np.isfinite(fired):
            G[i] = max(G[i] + float(change(np.array(t0 * (fired - t)))), 0.0)
        last[i] = t
        V *= np.exp((at - t) / TAU_M)
        threshold *= np.exp((at - t) * sink)
        at = t
        if fires == np.inf:
            V += G[i] / G.sum()
            if threshold <= V:
                V, fires, threshold = 0.0, t + LATENCY, threshold * (1.0 + RISE)
    spikes = np.array(own)
    return Learnt(G, share_after(spikes[spikes > (1.0 - LAST) * LENGTH] - LATENCY, events), spikes.size)


def share_after(times: np.ndarray, events: np.ndarray) -> float:
    """Return the share of moments with an event less than three scatters before or after; NaN without one."""
    if not times.size or not events.size:
        return float("nan")
    return float(np.mean(np.abs(times[:, None] - events[None, :]).min(axis=1) < 3.0 * SCATTER))


def coincidence(change: Change, longest: float, start: float, seeds: Sequence[int] = range(SEEDS)) -> Coincidence:
    """Return what networks learn with a kernel, known up to an interval, s, from a conductance, S, on."""
    t0 = mean_interval(change, longest)
    networks: dict[str, list[Learnt]] = {name: [] for name in NETWORKS}
    for seed in seeds:
        random = np.random.default_rng(seed)
        time, number, events = input_spikes(random)
        apart = shifted(time, number, random)
        networks[FIXED].append(learn(time, number, events, np.zeros_like, t0, start))
        networks[LEARNT].append(learn(time, number, events, change, t0, start))
        networks[SHIFTED].append(learn(*apart, events, change, t0, start))
    return Coincidence(t0, start, networks)
