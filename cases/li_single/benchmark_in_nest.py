"""The benchmark of short-term synapses by NEST: the same trains, its own integration of the neuron.

    python cases/li_single/benchmark_in_nest.py [extract.json] [--seeds 3] [--classes 50]

The synapse is driven from the table (Wan 2021), or from an extraction of a device. G(t) of Eqs. 1 to 3 is written out
step by step and given to a neuron without threshold as a current; a fixed synapse sends its spikes with a weight:

    iaf_psc_delta     dV/dt = -V/tau_m + I/C_m,  C_m = tau_m:  I = G in pA and V in mV are those of the benchmark
    static_synapse    V rises by k/tau_m

G is held for a step of 0.05 ms, at its value in the middle; spikes lie on these steps, here and in the closed form that
`eisfv benchmark stp` takes and that is printed beside. The noise of the reading is drawn for each step.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eisfv.postprocess.simulators.spiking.class_separability import (
    CLASSES,
    DURATION,
    PRESENTATIONS,
    TAU_M,
    WAIT,
    poisson_trains,
    separability,
)
from eisfv.postprocess.simulators.spiking.device_synapse import device_synapse
from eisfv.postprocess.simulators.spiking.short_term_synapse import (
    LEAST_TAU1,
    LEAST_TAU2,
    SAMPLE,
    WAN_2021,
    draw,
    fixed_membrane,
    membrane,
    weight_of_equal_peak,
)

MS = 1e3
START = 1e-3  # s, of the trains in NEST's time
STEPS = round((DURATION + WAIT) / SAMPLE)
MIDDLES = (np.arange(STEPS) + 0.5) * SAMPLE


def course(spikes: np.ndarray, synapse: Any, random: np.random.Generator) -> np.ndarray:
    """Return G (STEPS) of one train in the middle of every step, with its noise."""
    one = (1,)
    G, G_off, before = np.zeros(STEPS), 0.0, None
    for spike in spikes[~np.isnan(spikes)]:
        if before is not None:
            G_off = float(before(np.array([spike]))[0])
        A1, A2 = draw(synapse.A1, 0.0, one, random)[0], draw(synapse.A2, 0.0, one, random)[0]
        tau1, tau2 = draw(synapse.tau1, LEAST_TAU1, one, random)[0], draw(synapse.tau2, LEAST_TAU2, one, random)[0]

        def before(
            t: np.ndarray,
            start: float = spike,
            G0: float = G_off,
            A1: float = A1,
            A2: float = A2,
            tau1: float = tau1,
            tau2: float = tau2,
        ) -> np.ndarray:
            s = t - start
            u = np.maximum(s - synapse.width, 0.0)
            fall = (A1 + G0 / 2) * np.exp(-u / tau1) + (A2 + G0 / 2) * np.exp(-u / tau2)
            return np.where(s < synapse.width, G0 + (A1 + A2) * s / synapse.width, fall)

        later = spike < MIDDLES
        G[later] = before(MIDDLES[later])
    return G + synapse.eta * random.standard_normal(STEPS) if synapse.eta else G


def readings(nest: Any, trains: np.ndarray, courses: np.ndarray, weights: Sequence[float]) -> list[np.ndarray]:
    """Return V (tau_m, trains) behind the fixed synapses, and (tau_m, courses) behind the currents, at the reading."""
    nest.ResetKernel()
    step = MS * SAMPLE
    nest.resolution = step
    passive = {"V_th": 1e9, "E_L": 0.0, "V_m": 0.0, "V_reset": -1.0, "I_e": 0.0}
    fixed, driven = [], []
    # NEST takes a current in the step after it arrives: it is sent a step earlier than spikes are.
    times = MS * START + step * np.arange(STEPS) - step
    generators = [
        nest.Create("step_current_generator", params={"amplitude_times": np.round(times, 6), "amplitude_values": G})
        for G in courses
    ]
    sources = [
        nest.Create("spike_generator", params={"spike_times": np.round(MS * (START + t[~np.isnan(t)]), 6)})
        for t in trains
    ]
    for tau_m, k in zip(TAU_M, weights, strict=True):
        like = passive | {"tau_m": MS * tau_m, "C_m": MS * tau_m}
        for ends, senders, strength in ((fixed, sources, k / tau_m), (driven, generators, 1.0)):
            neurons = nest.Create("iaf_psc_delta", len(senders), params=like)
            for sender, neuron in zip(senders, neurons, strict=True):
                nest.Connect(sender, neuron, syn_spec={"weight": strength, "delay": step})
            ends.append(neurons)
    nest.Simulate(MS * (START + DURATION + WAIT) + step)
    return [np.array([list(one.get("V_m")) for one in group]) for group in (fixed, driven)]


def main() -> None:
    """Print the separabilities by NEST and by the closed form."""
    import nest

    words = argparse.ArgumentParser(description="The benchmark of short-term synapses in NEST.")
    words.add_argument("extraction", nargs="?", type=Path, help="an extract.json; default: the table of Wan 2021")
    words.add_argument("--seeds", type=int, default=3)
    words.add_argument("--classes", type=int, default=CLASSES)
    words.add_argument("--json", action="store_true", help="print numbers alone")
    asked = words.parse_args()
    nest.verbosity = nest.VerbosityLevel.ERROR
    synapse = device_synapse(asked.extraction) if asked.extraction else WAN_2021
    size = synapse.A1[0] + synapse.A2[0]  # V of NEST is near one whatever the unit of G
    k = [weight_of_equal_peak(synapse, tau_m) for tau_m in TAU_M]
    found = np.empty((asked.seeds, 2, 3, len(TAU_M)))  # seeds; NEST and closed form; NO-STP, DEVICE, IDEAL; tau_m
    for seed in range(asked.seeds):
        random = np.random.default_rng(seed)
        trains = np.sort(np.round(poisson_trains(random, asked.classes) / SAMPLE) * SAMPLE, axis=1)
        many = np.repeat(trains, PRESENTATIONS, axis=0)
        courses = [course(train, synapse.ideal, random) for train in trains]
        courses += [course(train, synapse, random) for train in many]
        fixed, driven = readings(nest, trains, [G / size for G in courses], [one / size for one in k])
        for m, tau_m in enumerate(TAU_M):
            ideal, device = np.split(size * driven[m], [asked.classes])
            of_nest = [size * fixed[m], device, ideal]
            closed = [
                fixed_membrane(trains, WAIT, k[m], tau_m),
                membrane(many, WAIT, synapse, tau_m, random),
                membrane(trains, WAIT, synapse.ideal, tau_m, random),
            ]
            for row, voltages in enumerate((of_nest, closed)):
                found[seed, row, :, m] = [separability(V.reshape(asked.classes, -1)) for V in voltages]
    if asked.json:
        print("\n" + json.dumps(found.tolist()))
        return
    print("neuron  synapse  NEST       closed form  times NO-STP by NEST")
    means = found.mean(axis=0)
    for m, tau_m in enumerate(TAU_M):
        for s, name in enumerate(("NO-STP", "DEVICE", "IDEAL")):
            one, other = means[0, s, m], means[1, s, m]
            print(f"{MS * tau_m:3.0f} ms  {name:7}  {one:9.3g}  {other:9.3g}    {one / means[0, 0, m]:8.3g}")


if __name__ == "__main__":
    main()
