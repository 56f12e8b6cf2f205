"""Brian 2 in a process of its own: `python brian2_spikes.py REQUEST.json` prints one line of JSON.

The request names a parameter file; "pairs": intervals (ms) from a spike of the pre-neuron to one of the post-neuron;
"train": spikes (ms) of a pre-neuron. The answer has the change of the conductance (S) by each pair, and the response
(S) to each spike of the train.
"""

import json
import runpy
import sys
from pathlib import Path

FIRST = 500.0  # ms


def pairs(b, file, intervals):
    """Return what each pair changes the conductance by, S."""
    count = len(intervals)
    pre = b.SpikeGeneratorGroup(count, range(count), [FIRST] * count * b.ms)
    post = b.SpikeGeneratorGroup(count, range(count), [FIRST + dt for dt in intervals] * b.ms)
    synapses = b.Synapses(
        pre,
        post,
        file["STDP_MODEL"],
        on_pre=file["STDP_ON_PRE"],
        on_post=file["STDP_ON_POST"],
        namespace=file["STDP_NAMESPACE"],
    )
    synapses.connect(j="i")
    synapses.G = file["STDP_START"]
    b.Network(pre, post, synapses).run(2.0 * FIRST * b.ms)
    return [float(value) for value in (synapses.G - file["STDP_START"]) / b.siemens]


def train(b, file, times):
    """Return the response to each spike of a train, S."""
    pre = b.SpikeGeneratorGroup(1, [0] * len(times), times * b.ms)
    post = b.NeuronGroup(1, "v : 1")
    synapses = b.Synapses(
        pre, post, file["SHORT_MODEL"], on_pre=file["SHORT_ON_PRE"], namespace=file["SHORT_NAMESPACE"]
    )
    synapses.connect()
    synapses.x = 1
    monitor = b.StateMonitor(synapses, "R", record=True)
    b.Network(pre, post, synapses, monitor).run((max(times) + 10.0) * b.ms)
    # The monitor sees the state before the spikes of its step.
    return [float(monitor.R[0][round(time / 0.1) + 5] / b.siemens) for time in times]


def main(request):
    """Return the answer to a request."""
    import brian2 as b

    b.prefs.codegen.target = "numpy"
    file = runpy.run_path(request["file"])
    answer = {}
    if "pairs" in request:
        answer["changes"] = pairs(b, file, request["pairs"])
    if "train" in request:
        answer["responses"] = train(b, file, request["train"])
    return answer


if __name__ == "__main__":
    print("\n" + json.dumps(main(json.loads(Path(sys.argv[1]).read_text()))))
