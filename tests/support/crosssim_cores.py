"""CrossSim itself in a process of their own: `python crosssim_cores.py REQUEST.json` prints one line of JSON.

The request has "version" 2 or 3, "directory" of the exported files, "seed" and, for version 3, "time" in seconds.
Version 2 answers with the change of conductances by its update of the size of the table's mean in each direction.
Version 3 answers with a matrix of weights and what a core holds of it after programming and after the time.
"""

import json
import runpy
import sys
from pathlib import Path

import numpy as np

WEIGHTS = (48, 48)


def version_2(directory, seed):
    """Return range, conductances and their changes by an update in each direction, S."""
    from cross_sim import Parameters

    np.random.seed(seed)  # noqa: NPY002 (what CrossSim draws from)
    parameters = Parameters()
    numeric = parameters.numeric_params
    numeric.update_model = "DG_LOOKUP"
    table = numeric.dG_lookup
    table.file_increasing = str(directory / "dG_increasing.txt")
    table.file_decreasing = str(directory / "dG_decreasing.txt")
    table.Gmin_relative, table.Gmax_relative = 0.0, 1.0
    table.disable_writenoise = True
    table.manual_post_set()
    scale = table.Gmax_clip
    answer = {"range": [table.Gmin_clip, scale], "slow": bool(table.slow_interpolator)}
    weights = np.linspace(0.05, 0.95, WEIGHTS[0] * WEIGHTS[1]).reshape(WEIGHTS)
    lowest = table.Gmin_clip / scale
    weights = lowest + (1.0 - lowest) * weights
    for word, mean in (("up", table.ave_dw_inc), ("down", table.ave_dw_dec)):
        update = table.compute_update(np.full(WEIGHTS, mean), weights)
        answer[word] = {"from": (weights * scale).tolist(), "change": (update * scale).tolist()}
    return answer


def version_3(directory, seed, time):
    """Return the weights, and what a core of the exported device holds of them."""
    from simulator import AnalogCore, CrossSimParameters

    np.random.seed(seed)  # noqa: NPY002 (what CrossSim draws from)
    weights = np.random.default_rng(seed).uniform(-1.0, 1.0, WEIGHTS)
    answer = {"weights": weights.tolist()}
    configure = runpy.run_path(str(directory / "device_crosssim.py"))["configure"]
    for word, passed in (("programmed", 0.0), ("later", time)):
        parameters = CrossSimParameters()
        configure(parameters, 0.1)
        parameters.xbar.device.time = passed
        core = AnalogCore(weights, parameters)
        answer[word] = core.get_matrix().tolist()
        vector = np.linspace(-1.0, 1.0, WEIGHTS[1])
        answer[word + " product"] = [(core @ vector).tolist(), (core.get_matrix() @ vector).tolist()]
    return answer


def main() -> None:
    """Answer the request named on the command line."""
    request = json.loads(Path(sys.argv[1]).read_text())
    directory = Path(request["directory"])
    if request["version"] == 2:
        answer = version_2(directory, request["seed"])
    else:
        answer = version_3(directory, request["seed"], request["time"])
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
