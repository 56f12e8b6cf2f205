"""The change by a pulse against its charge, amplitude and width, at one conductance."""

from collections.abc import Callable

import numpy as np

from eisfv.postprocess.extract.measured import Extraction
from support.made_run import Made, pulse, rest, train

Extracted = Callable[..., Extraction]


def kinds(values: list[str], widths: list[str]) -> str:
    """Return a protocol: each kind three times, a reset between."""
    steps = []
    for value, width in zip(values, widths, strict=True):
        back = f"-{value}"
        steps += [pulse(value, width), rest(), pulse(back, width), rest()] * 3
    return "[[protocol]]\nrepeat = 1\nsteps = [" + ", ".join(steps) + "]\n"


def test_a_step_in_proportion_to_charge_has_that_slope(extracted: Extracted) -> None:
    made = Made(step=lambda g, a, w: 0.2 * a * w)
    q = extracted(kinds(["1 uA", "2 uA", "3 uA", "1 uA", "1 uA"], ["1 s", "1 s", "1 s", "2 s", "3 s"]), made).quantities
    for name, slope in (("charge", 0.2), ("amplitude", 0.2), ("width", 0.2e-6)):
        np.testing.assert_allclose(q[f"dG_per_{name}_up"].value, slope, rtol=1e-6)
        np.testing.assert_allclose(q[f"dG_per_{name}_up_r2"].value, 1.0, rtol=1e-9)
    np.testing.assert_allclose(q["dG_per_width_down"].value, -0.2e-6, rtol=1e-6)


def test_two_amplitudes_make_no_slope(extracted: Extracted) -> None:
    q = extracted(kinds(["1 uA", "2 uA"], ["1 s", "1 s"])).quantities
    for name in ("charge", "amplitude", "width"):
        assert q[f"dG_per_{name}_up"].value is None
        assert "a slope needs 3" in q[f"dG_per_{name}_up"].reason


def test_the_state_is_not_taken_for_the_charge(extracted: Extracted) -> None:
    # Larger pulses come later, at larger conductances; only a comparison at one conductance gives the slope.
    made = Made(step=lambda g, a, w: 0.2 * a * w * g / 10e-6)
    protocol = train("1 uA", 12) + train("-1 uA", 12) + train("2 uA", 8) + train("-2 uA", 8) + train("4 uA", 6)
    extraction = extracted(protocol, made)
    q = extraction.quantities["dG_per_charge_up"]
    assert q.value is not None
    g = float(q.window.split(" at ")[1].split()[0]) * 1e-6
    np.testing.assert_allclose(q.value, 0.2 * g / 10e-6, rtol=1e-3)
    charge, change = extraction.pulses.charge, extraction.pulses.change
    rising = charge > 0.0
    naive = np.polyfit(charge[rising], change[rising], 1)[0]
    assert abs(naive / (0.2 * g / 10e-6) - 1.0) > 0.05
