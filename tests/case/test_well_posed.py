"""What has no answer is refused, what is hard is warned of; the same device with the remedy passes."""

from pathlib import Path

import pytest

from case.one_rule_case import (
    AMPERE,
    BLOCKING,
    INSULATING,
    OHMIC,
    OPEN,
    PASSING,
    RESISTIVE,
    STOPPED,
    VOLT,
    E,
    Tell,
    host,
)
from eisfv.case import load

NEUTRAL = "electroneutral = true"


def test_a_drive_at_an_insulating_contact_is_refused(told: Tell) -> None:
    line = (
        "device.contact.gate: insulating: no current and no field reaches it, so no drive can act and its voltage has "
        "no value; take blocking with a stern_capacitance"
    )
    stack = (E, host("h", 0.1))
    assert told(*stack, gate=INSULATING) == ([line], [])
    assert told(*stack, gate=INSULATING, drive=AMPERE) == ([line], [])
    assert told(*stack, gate=INSULATING, drive=OPEN) == ([line], [])
    assert told(*stack, gate=BLOCKING + '\nstern_capacitance = "10 uF/cm^2"') == ([], [])


def test_a_terminal_whose_electrons_reach_nothing_is_named_and_so_is_what_stops_them(told: Tell) -> None:
    line = (
        "device.contact.gate: ohmic on e, whose electrons reach nothing: the interface e | h stops them; no steady "
        "current can pass. Let electrons pass there, or take blocking"
    )
    stack = (E, host("h", 0.1))
    assert told(*stack, gate=OHMIC, joint=STOPPED) == ([], [line])
    assert told(*stack, gate=OHMIC) == told(*stack, gate=BLOCKING) == ([], [])


@pytest.mark.parametrize("metal", [OHMIC, RESISTIVE])
@pytest.mark.parametrize("e0", ["", NEUTRAL])
def test_a_metal_on_an_ionic_conductor_is_a_capacitor_at_least(told: Tell, metal: str, e0: str) -> None:
    assert told(E, host("h", 0.1), gate=metal, joint=STOPPED, drive=AMPERE, e0=e0)[0] == []
    assert told(E, host("h", 0.1), gate=metal, joint=PASSING, drive=AMPERE, e0=e0) == ([], [])
    assert told(E, gate=metal, channel=metal, e0=e0) == ([], [])


def test_a_compact_layer_belongs_to_an_ohmic_contact_on_an_electrolyte_alone(told: Tell) -> None:
    layer = OHMIC + '\nstern_capacitance = "10 uF/cm^2"'
    refused, _ = told(E, host("h", 0.1), channel=layer)
    assert len(refused) == 1
    assert refused[0].startswith('device.contact.channel.stern_capacitance = "10 uF/cm^2" is for electrons that store')
    assert told(E, host("h", 0.1), gate=layer) == ([], [])


def test_electrons_that_reach_nothing_are_named(told: Tell) -> None:
    line = "region e: its electrons reach neither a metal nor a host; they carry nothing and are left out"
    assert told(E, channel=BLOCKING) == ([], [line])
    assert told(E, gate=OHMIC, channel=OHMIC) == ([], [])


LESS = ": take a smaller current, or regions that conduct it better"


@pytest.mark.parametrize(
    "current, refused, warned",
    [
        ("10 A", "protocol[0]: 10 A for 1 µs needs at least 1.88 kV; no device bears that" + LESS, None),
        ("1 A", None, "protocol[0]: 1 A for 1 µs needs at least 188 V; no device bears that" + LESS),
        ("100 mA", None, None),
    ],
)
def test_a_current_that_needs_a_kilovolt_is_refused(
    told: Tell, current: str, refused: str | None, warned: str | None
) -> None:
    # The ions' 1.3 kohm pass less in 1 us than t/C = 1e-6 s / (6 x 8.8542e-12 F/m x 1e-6 m2 / 10e-9 m) = 188.2 ohm.
    drive = f'drive = "current"\nvalue = "{current}"\nduration = "1 us"'
    found = told(E, channel=BLOCKING, gate=OHMIC, drive=drive)
    assert [line for line in found[0] if "needs" in line] == ([refused] if refused else [])
    assert [line for line in found[1] if "needs" in line] == ([warned] if warned else [])


def test_a_field_beyond_breakdown_is_told(told: Tell) -> None:
    film = ("e", "e0", "1.9 nm", None)
    drive = VOLT.replace("0.1 V", "-6.7 V")
    line = "protocol[0]: -6.7 V over 1.9 nm is 3.5 V/nm, beyond any solid's breakdown"
    assert told(film, host("h", 0.1), drive=drive) == ([], [line])
    assert told(film, host("h", 0.1), drive=VOLT) == ([], [])


@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parents[2] / "cases").rglob("case.toml")), ids=lambda f: f.parent.name
)
def test_no_shipped_case_is_refused(file: Path) -> None:
    load(file)
