"""The fields of NeuroSim's RealDevice and of its training script, from the trains and the pulses."""

from collections.abc import Mapping
from math import floor, log2

import numpy as np

from eisfv.postprocess.extract.devices import value_of
from eisfv.postprocess.extract.measured import Branch, Extraction, Pulses

from .neurosim_trains import FittedTrain

# The labels that the simulator knows, in steps of a hundredth.
SMALLEST_LABEL, LARGEST_LABEL = 0.01, 9.0
NOT_OF_THE_RUN: Mapping[str, str] = {
    "readVoltage": "the read-out of the run is ohmic: any voltage gives the same conductance",
    "readPulseWidth": "a run reads at no cost in time; the converter sets it",
}

Value = float | int | bool


def device_fields(extraction: Extraction, up: FittedTrain, down: FittedTrain) -> dict[str, Value]:
    """Return the fields of RealDevice; those of its range vary in S."""
    range_spread = {
        f"{word}ConductanceVar": value_of(extraction.quantities, f"device_to_device_G_{word}")
        for word in ("max", "min")
    }
    assert extraction.up is not None
    assert extraction.down is not None
    return {
        "maxConductance": up.high,
        "minConductance": up.low,
        "writePulseWidthLTP": extraction.up.width,
        "writePulseWidthLTD": extraction.down.width,
        "maxNumLevelLTP": levels(up),
        "maxNumLevelLTD": levels(down),
        "nonlinearIV": False,
        "nonlinearWrite": max(abs(up.label), abs(down.label)) >= SMALLEST_LABEL,
        "nonIdenticalPulse": False,
        "readNoise": False,
        "sigmaReadNoise": 0.0,
        "NL_LTP": known_label(up.label),
        "NL_LTD": known_label(down.label),
        "sigmaDtoD": 0.0,
        "sigmaCtoC": spread_of(extraction),
        "conductanceRangeVar": any(range_spread.values()),
        **range_spread,
    }


def script_fields(extraction: Extraction, up: FittedTrain, down: FittedTrain) -> dict[str, Value]:
    """Return the fields of the training script, which has one number of levels for both directions: their mean."""
    level = max(2, round(0.5 * (up.pulses + down.pulses)))
    bits = floor(log2(level))
    return {
        "nonlinearityLTP": known_label(up.label),
        "nonlinearityLTD": known_label(down.label),
        "max_level": level,
        "cellBit": bits,
        "wl_weight": bits,
        "wl_grad": bits,
        "onoffratio": up.high / up.low,
        "c2cVari": spread_of(extraction) / (up.high - up.low),
        "d2dVari": 0.0,
    }


def levels(train: FittedTrain) -> int:
    """Return the pulses from one end to the other, at least one."""
    return max(1, round(train.pulses))


def known_label(label: float) -> float:
    """Return the label as the simulator reads it: hundredths, cut off, from 0.01 to 9, sign kept."""
    size = min(max(round(abs(label), 2), SMALLEST_LABEL), LARGEST_LABEL)
    # 100 times 0.29 is a little below 29, and would be read as 0.28.
    kept = size if int(size * 100) == round(size * 100) else round(size + 0.001, 3)
    return -kept if label < 0.0 else kept


def notes_of(up: FittedTrain, down: FittedTrain) -> list[str]:
    """Return what must be known of labels that the simulator does not know."""
    notes = []
    for name, train in (("NL_LTP", up), ("NL_LTD", down)):
        if abs(train.label) < SMALLEST_LABEL:
            notes.append(f"{name}: the label {train.label:.2g} is below the smallest it knows, 0.01, which is written")
        if abs(train.label) > LARGEST_LABEL:
            notes.append(f"{name}: the label {train.label:.3g} is beyond the largest it knows, 9, which is written")
    return notes


def write_voltage(pulses: Pulses, branch: Branch) -> float | None:
    """Return the size of the write voltage, V: of current pulses the energy over the charge; None without a charge."""
    if branch.unit == "V":
        return abs(branch.amplitude)
    energy, charge = pulses.energy[branch.chosen], pulses.charge[branch.chosen]
    return float(abs(energy.sum() / charge.sum())) if charge.sum() else None


def spread_of(extraction: Extraction) -> float:
    """Return the spread of a change by one pulse, S; 0 where no noise was modelled."""
    if not extraction.noise:
        return 0.0
    return float(np.mean([branch.spread.mean() for branch in (extraction.up, extraction.down) if branch is not None]))
