"""aihwkit's compiled simulator in a process of its own: `python aihwkit_steps.py REQUEST.json` prints one line of JSON.

The request names a file of devices, "functions" that make one each, and "weights". The answer has for every function
the change of each weight by one pulse up and one down, and how a linear layer with that device learns a random map: its
error before and after.
"""

import json
import runpy
import sys
from pathlib import Path

import numpy as np
import torch
from aihwkit.nn import AnalogLinear
from aihwkit.optim import AnalogSGD
from aihwkit.utils.visualization import compute_pulse_response, get_tile_for_plotting


def steps(config, weights, direction):
    """Return what one pulse changes each weight by."""
    tile = get_tile_for_plotting(config, len(weights), noise_free=True)
    tile.set_weights(torch.tensor(weights, dtype=torch.float32)[:, None])
    return (compute_pulse_response(tile, np.array([direction]), False)[0].ravel() - np.array(weights)).tolist()


def learnt(config):
    """Return the mean square error of a layer of 6 x 4 weights before and after 300 steps on a map that it can hold."""
    torch.manual_seed(1)
    layer = AnalogLinear(6, 4, bias=False, rpu_config=config)
    x = torch.randn(200, 6)
    y = x @ (0.3 * torch.randn(6, 4))
    optimizer = AnalogSGD(layer.parameters(), lr=0.02)
    errors = []
    for _ in range(300):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(layer(x), y)
        loss.backward()
        optimizer.step()
        errors.append(float(loss.detach()))
    return errors[0], float(np.mean(errors[-20:]))


def main() -> None:
    """Answer."""
    request = json.loads(Path(sys.argv[1]).read_text())
    file = runpy.run_path(request["file"])
    answer = {}
    for name in request["functions"]:
        config = file["rpu_config"](file[name]())
        up, down = (steps(config, request["weights"], direction) for direction in (1, -1))
        answer[name] = {"up": up, "down": down, "errors": learnt(config)}
    print(json.dumps(answer))


main()
