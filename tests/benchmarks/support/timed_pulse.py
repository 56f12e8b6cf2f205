"""Print the processor time of a Mg pulse and of its residuals, once for each line of standard input.

The package is the one that PYTHONPATH names first. A line of output: steps, iterations, factorisations of the pulse;
then seconds of the pulse, of a residual alone and of one with its slopes, each the least of some.
"""

import sys
from time import process_time

import numpy as np

from benchmarks.support.stack import PULSE, SMALL, mg_stack
from eisfv.simulation import Simulation
from eisfv.solve.stage_records import Iterate, Known

PULSES, CHUNKS, RESIDUALS = 1, 20, 5


def main() -> None:
    """Answer every line with a measurement; the first one compiles."""
    device = mg_stack(SMALL)
    for _ in sys.stdin:
        pulse = float("inf")
        for _ in range(PULSES):
            simulation = Simulation(device)
            start = process_time()
            simulation.run(PULSE)
            pulse = min(pulse, process_time() - start)
        newton, state, counts = simulation.newton, simulation.state, simulation.integrator.counts
        told = (counts.accepted, newton.counts.residuals, newton.counts.factorisations)
        at, known = Iterate(state.at.u, state.at.voltage), Known(np.zeros_like(state.stored), state.charge)
        # The fastest of short times: whatever else the machine does only adds to them.
        seconds = [float("inf")] * 2
        for _ in range(CHUNKS):
            for slopes in (False, True):
                start = process_time()
                for _ in range(RESIDUALS):
                    newton.evaluate(at, known, 1e-3, slopes)
                seconds[slopes] = min(seconds[slopes], (process_time() - start) / RESIDUALS)
        print(*told, pulse, *seconds, flush=True)


if __name__ == "__main__":
    main()
