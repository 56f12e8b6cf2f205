"""A trained network on arrays of a device in CrossSim: `PYTHONPATH=CROSSSIM python infer.py device_crosssim.py...`.

The network of `train.py` is trained in floating point; its weights are written once into arrays of pairs of devices,
each with the error of the device's pulses (`eisfv extract --target crosssim`), and it tells the test digits. CrossSim 3
is no package of a registry: a checkout of github.com/sandialabs/cross-sim in PYTHONPATH.
"""

import runpy
import sys
from collections.abc import Callable, Sequence

import numpy as np
from simulator import AnalogCore, CrossSimParameters
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

HIDDEN, TEST_SHARE, SEEDS = 32, 0.2, 5
Product = Callable[[np.ndarray], np.ndarray]


def split() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return pixels and digits to train with and to test with, those of `train.py`."""
    pixels, digits = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(digits.size)
    pixels, digits = pixels[order] / 16.0, digits[order]
    count = digits.size - round(TEST_SHARE * digits.size)
    return pixels[:count], digits[:count], pixels[count:], digits[count:]


def told(cores: Sequence[Product], biases: Sequence[np.ndarray], pixels: np.ndarray) -> np.ndarray:
    """Return the digits that a network tells."""
    hidden = np.tanh(cores[0](pixels) + biases[0])
    return (cores[1](hidden) + biases[1]).argmax(1)


def analog(weights: np.ndarray, file: str) -> Product:
    """Return a product with weights that stand in arrays of a device; "" is CrossSim's ideal one."""
    params = CrossSimParameters()
    if file:
        runpy.run_path(file)["configure"](params)
    core = AnalogCore(weights.T, params=params)
    return lambda x: np.asarray(core.matmat(x.T)).T


def main() -> None:
    """Print the accuracies."""
    pixels, digits, test_pixels, test_digits = split()
    network = MLPClassifier((HIDDEN,), activation="tanh", max_iter=300, random_state=1).fit(pixels, digits)
    exact = [lambda x, w=weights: x @ w for weights in network.coefs_]
    print(f"floating point: {(told(exact, network.intercepts_, test_pixels) == test_digits).mean():.4f}")
    for file in ("", *sys.argv[1:]):
        found = []
        for seed in range(SEEDS):
            np.random.seed(seed)  # noqa: NPY002 - CrossSim draws from it
            cores = [analog(weights, file) for weights in network.coefs_]
            found.append((told(cores, network.intercepts_, test_pixels) == test_digits).mean())
        print(f"{file or 'ideal array'}: {np.mean(found):.4f} +- {np.std(found, ddof=1):.4f}")


if __name__ == "__main__":
    main()
