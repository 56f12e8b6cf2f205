"""Networks of devices in aihwkit's compiled simulator: `python train.py REQUEST.json` prints one line of JSON.

aihwkit stands in an environment of its own (`make aihwkit`), so that this file needs nothing of eisfv.

    task      digits: 8 x 8 pixels | 32 tanh | 10, the handwritten digits that scikit-learn brings along
              wide: the same digits, by straight lines between their pixels, at 24 x 22: 528 inputs
    device    exact: floating point; a name of aihwkit's presets; a file that `eisfv extract --target aihwkit` wrote;
              [file, {"dw_min": 0.01, ...}]: the same with other fields, to see which of them stops it from learning
    accuracy  share of the test digits told right, mean of the last three epochs

Every analog device has aihwkit's own converters, noise of the output and pulse trains, those of its default.
"""

import json
import runpy
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from aihwkit.nn import AnalogLinear
from aihwkit.optim import AnalogSGD
from aihwkit.simulator.configs import SingleRPUConfig
from aihwkit.simulator.presets import devices as presets
from scipy.ndimage import zoom
from sklearn.datasets import load_digits

HIDDEN, BATCH, RATE = 32, 10, 0.1
TEST_SHARE, LAST = 0.2, 3
WIDE = (24, 22)


def task(name: str) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return pixels and digits to train with, and to test with; split at random but always the same way."""
    images, digits = load_digits().images / 16.0, load_digits().target
    if name == "wide":
        images = zoom(images, (1, WIDE[0] / 8, WIDE[1] / 8), order=1)
    order = np.random.default_rng(0).permutation(digits.size)
    pixels = torch.tensor(images.reshape(digits.size, -1)[order], dtype=torch.float32)
    digits = torch.tensor(digits[order])
    count = digits.shape[0] - round(TEST_SHARE * digits.shape[0])
    return pixels[:count], digits[:count], pixels[count:], digits[count:]


def layers(device: str, fields: Mapping[str, float | list[float]], inputs: int) -> torch.nn.Sequential:
    """Return the network; the fields stand in place of those of a device's file."""
    if device == "exact":
        return torch.nn.Sequential(torch.nn.Linear(inputs, HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, 10))
    if device.endswith(".py"):
        file = runpy.run_path(device)
        config = file["rpu_config"](replace(file["piecewise_step"](), **fields))
    else:
        config = SingleRPUConfig(device=getattr(presets, device)())
    first, last = (AnalogLinear(*size, rpu_config=config) for size in ((inputs, HIDDEN), (HIDDEN, 10)))
    return torch.nn.Sequential(first, torch.nn.Tanh(), last)


def trained(device: str | list, name: str, epochs: int, seed: int) -> list[float]:
    """Return the accuracy after each epoch."""
    device, fields = (device, {}) if isinstance(device, str) else device
    torch.manual_seed(seed)
    pixels, digits, test_pixels, test_digits = task(name)
    network = layers(device, fields, pixels.shape[1])
    sgd = torch.optim.SGD if device == "exact" else AnalogSGD
    optimizer = sgd(network.parameters(), lr=RATE)
    found = []
    for _ in range(epochs):
        for chosen in torch.randperm(digits.shape[0]).split(BATCH):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(network(pixels[chosen]), digits[chosen]).backward()
            optimizer.step()
        with torch.no_grad():
            found.append(float((network(test_pixels).argmax(1) == test_digits).float().mean()))
    return found


def main() -> None:
    """Answer."""
    request = json.loads(Path(sys.argv[1]).read_text())
    torch.set_num_threads(1)
    answer = {}
    for name in request["tasks"]:
        for word, device in request["devices"].items():
            start = time.process_time()
            curves = [trained(device, name, request["epochs"], seed) for seed in request["seeds"]]
            ends = [float(np.mean(curve[-LAST:])) for curve in curves]
            answer[f"{name} {word}"] = {"accuracy": ends, "curve": curves[0]}
            seconds = time.process_time() - start
            sys.stderr.write(f"{name} {word}: {ends} {seconds:.0f} s\n")
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
