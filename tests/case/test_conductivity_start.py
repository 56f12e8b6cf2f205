"""A host that starts at a conductivity has the composition of it; what cannot be is told in one line."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.case import CaseError, load
from eisfv.device.hosts import host_sigma
from eisfv.model.host_curves import PercolationConductivity
from eisfv.physics.conductivity import conductivity
from support.small_case import COARSE, PULSES, write_case

CHANNEL = "initial.x = 0.005"


def case_with(tmp_path: Path, text: str, before: str = CHANNEL) -> Path:
    return write_case(tmp_path / "case", PULSES, "", COARSE.replace(before, text))


def test_the_composition_has_the_conductivity(tmp_path: Path) -> None:
    case = load(case_with(tmp_path, 'initial.conductivity = "15 mS/cm"'))
    region = case.device.regions[-1]
    host, x = region.material.host, region.initial.x
    assert host is not None
    assert x is not None
    np.testing.assert_allclose(conductivity(host_sigma(host, 298.15), 2.0 * x)[0], 1.5, rtol=1e-12)
    # by hand, far below the threshold: s0 + S gamma u^n with the library's numbers
    form = host.conductivity
    assert isinstance(form, PercolationConductivity)
    excess = 1.5 - float(form.background)
    gamma = (excess / float(form.slope) * form.threshold**form.exponent) ** (1.0 / (1.0 + form.exponent))
    np.testing.assert_allclose(2.0 * x, gamma, rtol=0.02)


def test_the_composition_follows_the_curve(tmp_path: Path) -> None:
    place = case_with(tmp_path, 'initial.conductivity = "1 S/cm"')
    plain = load(place).device.regions[-1].initial.x
    doubled = load(place, ['material.mg_wo3.conductivity.slope="1100 S/cm"']).device.regions[-1].initial.x
    assert plain is not None
    assert doubled is not None
    assert doubled < 0.95 * plain
    at_twice = load(place, ['device.region.channel.initial.conductivity="2 S/cm"']).device.regions[-1].initial.x
    assert at_twice is not None
    assert at_twice > plain


def test_the_resolved_case_says_x(tmp_path: Path) -> None:
    case = load(case_with(tmp_path, 'initial.conductivity = "15 mS/cm"'))
    again = load(write_case(tmp_path / "again", "", "", case.resolved_toml()))
    assert "15 mS/cm" not in case.resolved_toml()
    assert again.device.regions[-1].initial.x == case.device.regions[-1].initial.x


@pytest.mark.parametrize(
    "text, before, words",
    [
        ('initial.conductivity = "1 mS/cm"', CHANNEL, "is none that mg_wo3 has: 0.0055 to"),
        ('initial.conductivity = "1e6 S/cm"', CHANNEL, "is none that mg_wo3 has"),
        ('initial.conductivity = "15 mS"', CHANNEL, "conductivity"),
        (CHANNEL + '\ninitial.conductivity = "15 mS/cm"', CHANNEL, "leave one of them out"),
        ('thickness = "1 um"\ninitial.conductivity = "15 mS/cm"', 'thickness = "1 um"', "is of a host"),
    ],
)
def test_a_conductivity_that_tells_no_composition_is_refused(
    tmp_path: Path, text: str, before: str, words: str
) -> None:
    with pytest.raises(CaseError) as caught:
        load(case_with(tmp_path, text, before))
    (line,) = caught.value.lines
    assert words in line
    assert "initial.conductivity" in line
