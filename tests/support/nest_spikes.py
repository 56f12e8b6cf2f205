"""NEST in a process of its own: `python nest_spikes.py REQUEST.json` prints one line of JSON.

The request names a parameter file; "pairs": intervals (ms) from a spike of the pre-neuron to one of the post-neuron,
each on a synapse of its own; "train": spikes (ms) of a pre-neuron; "inputs": spikes (ms) of many pre-neurons before one
post-neuron that fires at "output". The answer has the weight before and after every pair, the delay (ms), the weights
that the spikes of the train came with, and those of the inputs after all.
"""

import json
import runpy
import sys
from pathlib import Path

FIRST, LAST = 500.0, 9000.0  # ms; the spike after LAST makes NEST apply what the post-spikes did


def pairs(nest, file, intervals):
    """Return the delay and the weights before and after pairs."""
    nest.CopyModel("stdp_synapse", "eis", file["STDP_SYNAPSE"])
    delay = nest.GetDefaults("eis", "delay")
    synapses = []
    for interval in intervals:
        times = ([FIRST, LAST], [FIRST + interval])
        neurons = []
        for spikes in times:
            source = nest.Create("spike_generator", params={"spike_times": spikes})
            neuron = nest.Create("parrot_neuron")
            nest.Connect(source, neuron, syn_spec={"delay": 1.0})
            neurons.append(neuron)
        neurons[1].set(file["POST_NEURON"])
        # A parrot repeats what comes to port 0; port 1 only takes part in the plasticity.
        nest.Connect(*neurons, syn_spec={"synapse_model": "eis", "receptor_type": 1})
        synapses.append(nest.GetConnections(neurons[0], neurons[1]))
    before = [synapse.get("weight") for synapse in synapses]
    nest.Simulate(LAST + 100.0)
    return delay, before, [synapse.get("weight") for synapse in synapses]


def train(nest, file, times):
    """Return the weights that the spikes of a train came with."""
    recorder = nest.Create("weight_recorder")
    nest.CopyModel("tsodyks2_synapse", "eis_short", {**file["TSODYKS2_SYNAPSE"], "weight_recorder": recorder})
    source = nest.Create("spike_generator", params={"spike_times": times})
    pre, post = nest.Create("parrot_neuron", 2)
    nest.Connect(source, pre, syn_spec={"delay": 1.0})
    nest.Connect(pre, post, syn_spec={"synapse_model": "eis_short"})
    nest.Simulate(max(times) + 100.0)
    return recorder.get("events")["weights"].tolist()


def network(nest, file, inputs, output):
    """Return the weights of the inputs of a neuron after their spikes."""
    nest.CopyModel("stdp_synapse", "eis", file["STDP_SYNAPSE"])
    end = max(output) + LAST
    post = fires(nest, output)
    post.set(file["POST_NEURON"])
    synapses = []
    for spikes in inputs:
        pre = fires(nest, [*spikes, end])
        nest.Connect(pre, post, syn_spec={"synapse_model": "eis", "receptor_type": 1})
        synapses.append(nest.GetConnections(pre, post))
    nest.Simulate(end + 100.0)
    return [synapse.get("weight") for synapse in synapses]


def fires(nest, times):
    """Return a neuron that fires at times."""
    source, neuron = nest.Create("spike_generator", params={"spike_times": times}), nest.Create("parrot_neuron")
    nest.Connect(source, neuron, syn_spec={"delay": 1.0})
    return neuron


def main(request):
    """Return the answer to a request."""
    import nest

    nest.verbosity = nest.VerbosityLevel.ERROR
    file = runpy.run_path(request["file"])
    answer = {}
    if "pairs" in request:
        answer["delay"], answer["before"], answer["after"] = pairs(nest, file, request["pairs"])
    if "inputs" in request:
        answer["learnt"] = network(nest, file, request["inputs"], request["output"])
    if "train" in request:
        nest.ResetKernel()
        answer["weights"] = train(nest, file, request["train"])
    return answer


if __name__ == "__main__":
    print("\n" + json.dumps(main(json.loads(Path(sys.argv[1]).read_text()))))
