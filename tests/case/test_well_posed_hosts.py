"""A host that cannot be, or not for long, is refused or warned of; the same device with the remedy passes."""

from pathlib import Path

import pytest

from case.one_rule_case import ANALYTIC, BATH, BLOCKING, FLAT, OHMIC, RESISTIVE, STOPPED, TABLE, E, Tell, host
from eisfv.case import load
from eisfv.simulation import Simulation
from eisfv.solve import equilibrium


def test_a_host_that_a_current_fills_or_empties_is_told_with_the_time(told: Tell) -> None:
    # z F c L A x = 96485.33 x 3e4 x 10e-9 x 1e-6 x 0.1 = 2.8946e-6 C at 1 nA; filled up, nine times as much.
    def drive(sign: str, duration: str) -> str:
        return f'drive = "current"\nvalue = "{sign}1 nA"\nduration = "{duration}"'

    stack = (E, host("h", 0.1))
    empties = "protocol[0]: -1e-09 A empties h (x = 0.1) after 2.89 ks of 4 ks; what flows then must leak"
    fills = "protocol[0]: 1e-09 A fills h (x = 0.1) after 26.1 ks of 30 ks; what flows then must leak"
    assert [w for w in told(*stack, gate=BATH, drive=drive("-", "4000 s"))[1] if "leak" in w] == [empties]
    assert [w for w in told(*stack, gate=BATH, drive=drive("", "30000 s"))[1] if "leak" in w] == [fills]
    assert [w for w in told(*stack, gate=BATH, drive=drive("", "4000 s"))[1] if "leak" in w] == []


def test_a_potential_that_no_couple_has_is_refused(told: Tell) -> None:
    refused, _ = told(E, host("h", 0.1), curve=ANALYTIC.replace("1 V", "12 V"))
    assert [line.split(" = ")[0] for line in refused] == ["region h: initial.x", "region h: zero_charge_x"]
    assert "which is no potential of a host" in refused[0]


def test_a_host_whose_ion_climbs_alone_is_told_with_its_joint(told: Tell) -> None:
    # On a piece that falls by 10 uV the electrons keep their least stiffness, and the ion has less than none.
    flat = TABLE.replace('"0.8 V"', '"0.89999 V"')
    _, warned = told(E, host("h", 0.35), curve=flat)
    assert len(warned) == 1
    assert warned[0].startswith("region h: its ion alone climbs its own gradient at x = ")
    assert warned[0].endswith("(U(x) less the electrons' entropy): the double layer at e | h has no unique start")
    assert told(E, host("h", 0.35), curve=TABLE) == ([], [])


def test_a_host_that_is_level_says_how(told: Tell) -> None:
    level = TABLE.replace('"0.8 V"', '"0.9 V"')
    refused, _ = told(E, host("h", 0.35), curve=level)
    assert len(refused) == 1
    assert "region h: U(x) of h0 is level from x = 0.3 to 0.6, where nothing drives an ion" in refused[0]
    convex = level + PHASES.format('model = "convex"')
    assert told(E, host("h", 0.35), curve=convex) == ([], [])
    refused, _ = told(E, host("h", 0.35), curve=level + PHASES.format(OF_5_NM.format()))
    assert len(refused) == 1
    assert "phases without a barrier have no boundary" in refused[0]


# x (1-x) = R T/(2 A): A = 20 kJ/mol at 298.15 K is 8.068 RT, 2 x (1-x) A/RT = 1 at x = 0.06638 and 0.9336.
RISING = FLAT + '\nredlich_kister = { value = ["20 kJ/mol"], source = "r" }'
PHASES = "\n[material.h0.phase_separation]\n{}"
OF_5_NM = 'model = "gradient"\nwidth = {{ value = "5 nm", source = "r" }}'


def test_a_host_that_falls_apart_says_how(told: Tell) -> None:
    refused, _ = told(E, host("h", 0.1), curve=RISING)
    assert len(refused) == 1
    assert "region h: U(x) of h0 rises from x = 0.06638 to 0.9336, where a uniform host is unstable" in refused[0]
    for words in ('model = "convex"', OF_5_NM.replace("{{", "{").replace("}}", "}")):
        assert told(E, host("h", 0.03), curve=RISING + PHASES.format(words)) == ([], [])


def test_phases_where_nothing_separates_are_refused(told: Tell) -> None:
    refused, _ = told(E, host("h", 0.1), curve=FLAT + PHASES.format('model = "convex"'))
    assert len(refused) == 1
    assert "U(x) of h0 falls everywhere: nothing separates; remove phase_separation" in refused[0]


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ('model = "gradient"', "is missing, and so is width"),
        ('model = "mosaik"', 'phase_separation.model = "mosaik"'),
        ('model = "gradient"\nwidth = { value = "5", source = "r" }', "has no unit"),
        (
            'model = "gradient"\nwidth = { value = "5 nm", source = "r" }'
            '\nenergy = { value = "1 J/m^2", source = "r" }',
            "does not go with width",
        ),
    ],
)
def test_a_slip_in_the_phases_is_one_line(told: Tell, words: str, remedy: str) -> None:
    refused, _ = told(E, host("h", 0.03), curve=RISING + PHASES.format(words))
    assert len(refused) == 1
    assert remedy in refused[0]


def test_joined_hosts_at_different_levels_are_a_short_circuit(told: Tell) -> None:
    # U(0.1) - U(0.001) without polarons: RT/F ln[(0.1/0.9)/(0.001/0.999)] = 25.693 mV x 4.7095 = 0.121 V
    stack = (host("a", 0.1), host("b", 0.001))
    line = "a | b: joined for ions and electrons, whose levels are 0.12 V apart at t = 0: a short circuit"
    assert told(*stack, gate=OHMIC, curve=FLAT) == ([], [line])
    assert told(*stack, gate=OHMIC, curve=FLAT, joint=STOPPED) == ([], [])
    assert told(host("a", 0.1), host("b", 0.1), gate=OHMIC, curve=FLAT) == ([], [])


def test_a_host_that_no_metal_reaches_is_told(told: Tell) -> None:
    line = "region h: no metal takes its electrons: its filling is bound to its charge (a floating host)"
    assert told(E, host("h", 0.1), channel=BLOCKING) == ([], [line])
    assert told(E, host("h", 0.1), channel=RESISTIVE) == ([], [])


def test_a_start_that_does_not_relax_in_a_uniform_unstable_host_names_it(
    tmp_path: Path, told: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def message(words: str) -> str:
        assert told(E, host("h", 0.3), curve=RISING + PHASES.format(words)) == ([], [])
        return Simulation(load(tmp_path / "case.toml").device).unrelaxed

    monkeypatch.setattr(equilibrium, "relax", lambda *of: "it was told not to")
    inside = message(OF_5_NM.format())
    assert "region h: it begins uniform where its ion alone climbs its own gradient (x = 0.3)" in inside
    assert inside.endswith('at e | h together; phase_separation.model = "convex" may start')
    assert message('model = "convex"') == "the initial state did not converge: it was told not to"
