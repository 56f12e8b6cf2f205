"""When a relaxation is a decay of weights."""

import numpy as np

from eisfv.postprocess.extract.measured import Measured
from eisfv.postprocess.simulators.arrays.weight_decay import WeightDecay, decay_of, last_change
from simulators.made_steps import HIGH, LOW, extraction, linear_step


def relaxing_by(amplitude: float | None) -> WeightDecay | str:
    reason = "" if amplitude is not None else "the rest is too short"
    quantities = {
        "retention_exponential_tau": Measured(None if reason else 30.0, "s", reason=reason),
        "retention_exponential_end": Measured(None if reason else 4e-6, "S", reason=reason),
        "retention_exponential_amplitude": Measured(amplitude, "S", reason=reason),
    }
    return decay_of(extraction(linear_step(), linear_step(), quantities=quantities))


def test_losing_most_of_what_was_written_is_a_decay() -> None:
    found = relaxing_by(-0.9 * (HIGH - LOW))
    assert isinstance(found, WeightDecay)
    assert (found.time, found.rest) == (30.0, 4e-6)


def test_giving_back_a_few_per_cent_is_none() -> None:
    found = relaxing_by(0.03 * (HIGH - LOW))
    assert isinstance(found, str)
    assert "relaxes by 3 % of what the last pulses wrote" in found


def test_without_a_fit_there_is_its_reason() -> None:
    assert relaxing_by(None) == "the rest is too short"
    assert decay_of(extraction(linear_step(), linear_step())) == "the run gives no retention time"


def test_what_was_written_last_is_the_last_train_alone() -> None:
    made = extraction(linear_step(), linear_step())
    np.testing.assert_allclose(last_change(made.pulses), LOW - HIGH, rtol=0.02)
