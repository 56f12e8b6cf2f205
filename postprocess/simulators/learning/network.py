"""What the measured steps do to learning: a small network on handwritten digits, trained with this device's pulses.

Three networks learn the same: one with floating-point weights, one with devices of equal steps in both directions and
as many states as the measured one, one with the measured steps. What the second loses against the first is the number
of states; what the third loses against the second is nonlinearity and asymmetry. Nothing is tuned to the device.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eisfv.extras import missing
from eisfv.postprocess.extract.means import mean_of
from eisfv.postprocess.extract.measured import Extraction, Measured, Picture, Section, Written
from eisfv.postprocess.pictures.png import png
from eisfv.postprocess.pictures.style import DARK, LIGHT
from eisfv.postprocess.quantities.prefixes import quantity
from eisfv.postprocess.simulators.step_range import StepRange, step_range
from eisfv.result.atomic import write_atomic

from .digits import EPOCHS, Change, Training, exact, load_digits, train
from .pulsed_weights import PulsedWeights, linear_weights, measured_weights

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CSV_FILE = "network_accuracy.csv"
SEEDS = 5
NAMES = ("floating_point", "linear", "device")
WORDS = {
    "floating_point": "floating-point weights",
    "linear": "equal steps, as many states",
    "device": "measured steps",
}
LINES = {"floating_point": ("0.55", "-"), "linear": (LIGHT, "--"), "device": (DARK, "-")}

Trainings = dict[str, list[Training]]


def write(extraction: Extraction, out: Path) -> Written:
    """Write the learning curves. Raises ResultError."""
    steps = step_range(extraction)
    if isinstance(steps, str):
        return Written(reason=steps)
    if reason := missing("network"):
        return Written(reason=reason)
    found = trained(steps, noise=extraction.noise)
    write_atomic(out / CSV_FILE, csv_text(found).encode())
    quantities = quantities_of(extraction, steps, found)
    return Written(
        files=(out / CSV_FILE,),
        quantities=quantities,
        section=section_of(steps, found, quantities),
    )


def trained(steps: StepRange, *, noise: bool, seeds: int = SEEDS) -> Trainings:
    """Return the trainings of the three networks, one a seed."""
    data = load_digits()
    measured, linear = measured_weights(steps, noise=noise), linear_weights(steps.states)
    kinds: tuple[tuple[str, Change, PulsedWeights | None], ...] = (
        ("floating_point", exact, None),
        ("linear", linear.change, linear),
        ("device", measured.change, measured),
    )
    return {
        name: [train(data, change, seed, _bounds(device)) for seed in range(seeds)] for name, change, device in kinds
    }


def quantities_of(extraction: Extraction, steps: StepRange, found: Trainings) -> dict[str, Measured]:
    """Return what the networks add to extract.json."""
    result = {}
    for name in NAMES:
        last = np.array([training.accuracy[-1] for training in found[name]])
        result[f"accuracy_{name}"] = mean_of_seeds(last, "", f"after {EPOCHS} epochs, {WORDS[name]}")
    result["states"] = Measured(steps.states, points=steps.up.nodes.size + steps.down.nodes.size)
    pulses = np.array([sum(training.pulses) / training.weights for training in found["device"]])
    result["pulses_per_weight"] = mean_of_seeds(pulses, "", f"in {EPOCHS} epochs")
    energies = [float(extraction.pulses.energy[branch.chosen].mean()) for branch in (steps.up, steps.down)]
    spent = np.array([float(np.dot(training.pulses, energies)) for training in found["device"]])
    weights = found["device"][0].weights
    result["write_energy"] = mean_of_seeds(spent, "J", f"of {weights} weights in {EPOCHS} epochs, reading not counted")
    return result


def mean_of_seeds(values: np.ndarray, unit: str, window: str) -> Measured:
    """Return the mean over the seeds with its 95 % interval."""
    return mean_of(values, unit, f"{window}, {values.size} seeds")


def csv_text(found: Trainings) -> str:
    """Return the mean accuracy after each epoch and its standard deviation over the seeds."""
    head = ["epoch", *(f"accuracy_{name}{part}" for name in NAMES for part in ("", "_deviation"))]
    rows = [",".join(head)]
    for epoch in range(EPOCHS):
        cells = [str(epoch + 1)]
        for name in NAMES:
            values = np.array([training.accuracy[epoch] for training in found[name]])
            cells += [repr(float(values.mean())), repr(float(values.std(ddof=1)))]
        rows.append(",".join(cells))
    return "\n".join(rows) + "\n"


def section_of(steps: StepRange, found: Trainings, quantities: dict[str, Measured]) -> Section:
    """Return the part of the report."""
    weights = found["device"][0].weights
    text = (
        f"A perceptron of {weights} weights learns scikit-learn's handwritten digits in {EPOCHS} epochs. Each change "
        "of a weight is rounded at random to whole pulses, and each pulse moves it by the measured step at its "
        f"conductance, between {quantity(steps.low, 'S', 3)} and {quantity(steps.high, 'S', 3)}. Weight zero is "
        f"{steps.zero_is}."
    )
    spent, pulses = quantities["write_energy"].value, quantities["pulses_per_weight"].value
    assert spent is not None
    assert pulses is not None
    cost = f"The measured device takes {pulses:.3g} pulses a weight, {quantity(spent, 'J', 3)} of writing in all."
    rows = [("weights", "states", "digits told right")]
    for name in NAMES:
        states = "" if name == "floating_point" else f"{steps.states:.3g}"
        rows.append((WORDS[name], states, _percent(quantities[f"accuracy_{name}"])))
    caption = f"Test digits told right: mean over {len(found['device'])} seeds, and their standard deviation."
    picture = Picture(caption, png(lambda figure: draw(figure, found)))
    return Section("Network test", (text, cost), tuple(rows), (picture,))


def draw(figure: "Figure", found: Trainings) -> None:
    """Draw the learning curves."""
    axes = figure.subplots()
    epochs = np.arange(1, EPOCHS + 1)
    for name in NAMES:
        colour, style = LINES[name]
        curves = 100.0 * np.array([training.accuracy for training in found[name]])
        middle, spread = curves.mean(axis=0), curves.std(axis=0, ddof=1)
        axes.fill_between(epochs, middle - spread, middle + spread, color=colour, alpha=0.15, linewidth=0)
        axes.plot(epochs, middle, style, color=colour, linewidth=1.6, label=WORDS[name])
    axes.set_xlabel("epoch")
    axes.set_ylabel("test digits told right (%)")
    axes.set_xlim(1, EPOCHS)
    axes.set_xticks([1, *range(5, EPOCHS + 1, 5)])
    figure.legend(loc="outside upper center", ncols=len(NAMES))


def _percent(measured: Measured) -> str:
    assert measured.value is not None
    assert measured.low is not None
    return f"{100.0 * measured.value:.1f} ± {100.0 * (measured.value - measured.low):.1f} %"


def _bounds(device: PulsedWeights | None) -> tuple[float, float] | None:
    return None if device is None else (float(device.nodes[0]), float(device.nodes[-1]))
