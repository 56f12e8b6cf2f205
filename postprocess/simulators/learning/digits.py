"""A small perceptron on the handwritten digits that come with scikit-learn, trained by stochastic gradient descent.

    8 x 8 pixels and a bias | 32 tanh and a bias | 10 softmax

The weights of the network are SCALE times those of the devices, one device a weight. 1437 digits train it, 360 test it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

HIDDEN = 32
SCALE = 2.0
RATE = 0.1
BATCH = 20
EPOCHS = 20
TEST_SHARE = 0.2
SPLIT_SEED = 0

# Applies wanted changes to weights in place and returns the pulses up and down that it took.
Change = Callable[[np.ndarray, np.ndarray, np.random.Generator], tuple[int, int]]


@dataclass(frozen=True)
class Digits:
    """Pixels from 0 to 1 (n, 64) and digits (n,), to train with and to test with."""

    pixels: np.ndarray
    digits: np.ndarray
    test_pixels: np.ndarray
    test_digits: np.ndarray


@dataclass(frozen=True)
class Training:
    """How a network learned.

    accuracy  share of the test digits told right after each epoch (EPOCHS,)
    pulses    up and down, of all weights
    weights   how many
    """

    accuracy: np.ndarray
    pulses: tuple[int, int]
    weights: int


def load_digits() -> Digits:
    """Return the digits of scikit-learn, which it brings along, split at random but always the same way."""
    from sklearn.datasets import load_digits as bundled

    pixels, digits = bundled(return_X_y=True)
    order = np.random.default_rng(SPLIT_SEED).permutation(digits.size)
    pixels, digits = pixels[order] / 16.0, digits[order]
    count = digits.size - round(TEST_SHARE * digits.size)
    return Digits(pixels[:count], digits[:count], pixels[count:], digits[count:])


def exact(weights: np.ndarray, wanted: np.ndarray, rng: np.random.Generator) -> tuple[int, int]:
    """Apply the wanted changes as they are: floating-point weights."""
    del rng
    weights += wanted
    return 0, 0


def train(data: Digits, change: Change, seed: int, bounds: tuple[float, float] | None = None) -> Training:
    """Return how a network learns whose weights follow `change`; its start, order and rounding are the seed's.

    bounds  of the weights, into which the start is clipped; None without
    """
    rng = np.random.default_rng(seed)
    shapes = ((data.pixels.shape[1] + 1, HIDDEN), (HIDDEN + 1, 10))
    layers = [rng.uniform(-1.0, 1.0, shape) * (3.0 / shape[0]) ** 0.5 / SCALE for shape in shapes]
    if bounds is not None:
        layers = [np.clip(layer, *bounds) for layer in layers]
    accuracy = np.empty(EPOCHS)
    up = down = 0
    # Apart from the other, so that networks of one seed see the digits in one order, whatever their rounding draws.
    order_rng = np.random.default_rng([seed, 1])
    for epoch in range(EPOCHS):
        order = order_rng.permutation(data.digits.size)
        for first in range(0, order.size, BATCH):
            chosen = order[first : first + BATCH]
            for layer, gradient in zip(
                layers, gradients(layers, data.pixels[chosen], data.digits[chosen]), strict=True
            ):
                rise, fall = change(layer, -RATE * gradient, rng)
                up, down = up + rise, down + fall
        _, scores = forward(layers, data.test_pixels)
        accuracy[epoch] = float(np.mean(scores.argmax(axis=1) == data.test_digits))
    return Training(accuracy, (up, down), sum(layer.size for layer in layers))


def forward(layers: list[np.ndarray], pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the hidden values (n, HIDDEN) and the scores (n, 10)."""
    hidden = np.tanh(SCALE * with_bias(pixels) @ layers[0])
    return hidden, SCALE * with_bias(hidden) @ layers[1]


def gradients(layers: list[np.ndarray], pixels: np.ndarray, digits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients of the mean cross entropy against the weights of the devices."""
    hidden, scores = forward(layers, pixels)
    share = np.exp(scores - scores.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    share[np.arange(digits.size), digits] -= 1.0
    share /= digits.size
    back = SCALE * share @ layers[1][:-1].T * (1.0 - hidden**2)
    return SCALE * with_bias(pixels).T @ back, SCALE * with_bias(hidden).T @ share


def with_bias(values: np.ndarray) -> np.ndarray:
    """Return values (n, m) with a column of ones (n, m + 1)."""
    return np.hstack([values, np.ones((values.shape[0], 1))])
