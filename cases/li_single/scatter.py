"""Which scatter of a spike's numbers the two results of Wan 2021 ask for: `python cases/li_single/scatter.py`.

The paper has DEVICE over IDEAL 0.57 at tau_m = 10 ms and 0.86 at 100 ms (4.9e-2 of 8.6e-2, 1.2e-1 of 1.4e-1). Here the
scatter of Table 1 is drawn as its text says, then in parts, by half, and with reading noise that lasts longer.
"""

from dataclasses import replace

import numpy as np

from eisfv.postprocess.simulators.spiking import short_term_synapse
from eisfv.postprocess.simulators.spiking.class_separability import benchmark
from eisfv.postprocess.simulators.spiking.short_term_synapse import SAMPLE, WAN_2021, Synapse

SEEDS = range(20)
PARTS = ("A1", "tau1", "A2", "tau2")


def with_scatter(share: float = 1.0, parts: tuple[str, ...] = PARTS, eta: float = WAN_2021.eta) -> Synapse:
    """Return the paper's synapse with a share of the scatter of some of its numbers."""
    scattered = {name: (pair[0], share * pair[1]) for name in parts for pair in (getattr(WAN_2021, name),)}
    return replace(WAN_2021.ideal, eta=eta, **scattered)


def main() -> None:
    """Print DEVICE over IDEAL and over NO-STP at both tau_m, a line a synapse."""
    lines: dict[str, tuple[Synapse, float]] = {"Table 1": (with_scatter(), SAMPLE)}
    lines["without noise"] = (with_scatter(eta=0.0), SAMPLE)
    lines |= {f"{name} alone": (with_scatter(parts=(name,)), SAMPLE) for name in PARTS}
    lines["A1 and tau1"] = (with_scatter(parts=("A1", "tau1")), SAMPLE)
    lines["A2 and tau2"] = (with_scatter(parts=("A2", "tau2")), SAMPLE)
    lines["half of Table 1"] = (with_scatter(0.5), SAMPLE)
    lines["half, noise of 3 ms"] = (with_scatter(0.5), 3e-3)
    print(f"{'DEVICE over':20}  IDEAL, 10 and 100 ms;  NO-STP, 10 and 100 ms")
    for name, (synapse, sample) in lines.items():
        short_term_synapse.SAMPLE = sample
        means = np.array([one.means for one in benchmark(synapse, SEEDS)])
        ratios = [*means[:, 1] / means[:, 2], *means[:, 1] / means[:, 0]]
        print(f"{name:20}  " + "  ".join(f"{ratio:8.3g}" for ratio in ratios))


if __name__ == "__main__":
    main()
