"""What has no answer is refused, what is hard is warned of; the same device with the remedy passes."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from eisfv.case import CaseError, load, well_posed

CASE = """
[case]
title = "one rule"
[device]
temperature = "298.15 K"
area = "1 mm^2"
{regions}
{joints}
[device.contact.gate]
{gate}
[device.contact.channel]
{channel}
[[protocol]]
{drive}
[material.e0]
kind = "electrolyte"
relative_permittivity = {{ value = 6.0, source = "r" }}
{e0}
[material.e0.species.H]
charge = 1
statistics = "dilute"
concentration = {{ value = "10 mol/m^3", source = "r" }}
diffusivity = {{ value = "1e-9 cm^2/s", source = "r" }}
[material.e0.species.X]
charge = -1
statistics = "dilute"
concentration = {{ value = "10 mol/m^3", source = "r" }}
diffusivity = {{ value = "1e-9 cm^2/s", source = "r" }}
[material.e0.species.electron]
charge = -1
statistics = "ohmic"
conductivity = {{ value = "1e-9 S/cm", source = "r" }}
[material.h0]
kind = "host"
ion = "H"
relative_permittivity = {{ value = 20.0, source = "r" }}
zero_charge_x = {{ value = 0.1, source = "r" }}
[material.h0.species.H]
charge = 1
statistics = "lattice"
density = {{ value = "3e4 mol/m^3", source = "r" }}
diffusivity = {{ value = "1e-9 cm^2/s", source = "r" }}
[material.h0.species.electron]
charge = -1
statistics = "dilute"
density = {{ value = "3e4 mol/m^3", source = "r" }}
[material.h0.open_circuit]
{curve}
[material.h0.conductivity]
form = "percolation"
background = {{ value = "1e-3 S/cm", source = "r" }}
slope = {{ value = "100 S/cm", source = "r" }}
threshold = {{ value = 0.1, source = "r" }}
exponent = {{ value = 2.0, source = "r" }}
"""
ANALYTIC = 'form = "analytic"\nstandard = { value = "1 V", source = "r" }'
FLAT = ANALYTIC + "\npolarons = false"
TABLE = 'form = "table"\nx = [0.01, 0.3, 0.6]\npotential = ["1 V", "0.9 V", "0.8 V"]\nsource = "r"'
E = ("e", "e0", "10 nm", None)
VOLT = 'drive = "voltage"\nvalue = "0.1 V"\nduration = "1 ms"'
AMPERE = 'drive = "current"\nvalue = "1 pA"\nduration = "1 us"'
OPEN = 'drive = "open_circuit"\nduration = "1 ms"'
BLOCKING, OHMIC, INSULATING = 'kind = "blocking"', 'kind = "ohmic"', 'kind = "insulating"'
RESISTIVE = 'kind = "resistive"\nresistance = "1 ohm cm^2"'
STOPPED = 'ion = { law = "continuous" }\nelectron = { law = "blocking" }'
PASSING = 'ion = { law = "continuous" }'

Region = tuple[str, str, str, float | None]
Told = tuple[list[str], list[str]]
Tell = Callable[..., Told]


def host(name: str, x: float, thickness: str = "10 nm") -> Region:
    return (name, "h0", thickness, x)


@pytest.fixture
def told(tmp_path: Path) -> Tell:
    """Return what a case of these regions is refused for, and what it is warned of."""

    def tell(
        *regions: Region,
        gate: str = BLOCKING,
        channel: str = OHMIC,
        drive: str = VOLT,
        joint: str = PASSING,
        curve: str = ANALYTIC,
        e0: str = "",
    ) -> Told:
        texts = []
        for name, material, thickness, x in regions:
            start = "" if x is None else f"initial.x = {x}\n"
            texts.append(
                f'[[device.region]]\nname = "{name}"\nmaterial = "{material}"\nthickness = "{thickness}"\n{start}'
            )
        joints = [
            f'[[device.interface]]\nbetween = ["{a[0]}", "{b[0]}"]\n'
            + (
                joint.replace("ion =", "species.H =", 1) + '\nspecies.X = { law = "blocking" }'
                if a[1] == b[1] == "e0"
                else joint
            )
            for a, b in pairwise(regions)
        ]
        file = tmp_path / "case.toml"
        file.write_text(
            CASE.format(
                regions="\n".join(texts),
                joints="\n".join(joints),
                gate=gate,
                channel=channel,
                drive=drive,
                curve=curve,
                e0=e0,
            )
        )
        try:
            return [], list(well_posed.warnings(load(file)))
        except CaseError as error:
            return [line.removeprefix(f"{file}: ") for line in error.lines], []

    return tell


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


def test_no_current_flows_through_a_terminal_that_passes_nothing_and_ends_no_field(told: Tell) -> None:
    stack = (E, host("h", 0.1))
    refused, _ = told(*stack, gate=RESISTIVE, joint=STOPPED, drive=AMPERE)
    assert refused == [
        "device.contact.gate: resistive on e, whose electrons reach nothing: the interface e | h stops them; no steady "
        "current can pass. Let electrons pass there, or take blocking",
        "protocol[0]: 1e-12 A cannot flow: the gate contact passes no electrons and ends no field",
    ]
    assert told(*stack, gate=RESISTIVE, joint=PASSING, drive=AMPERE) == ([], [])
    assert told(*stack, gate=OHMIC, joint=STOPPED, drive=AMPERE)[0] == []


def test_a_potential_without_reference_is_refused(told: Tell) -> None:
    line = (
        "device.contact: the potential has no reference: neither contact ends the field and no electrons are stored "
        "between them; give one contact a stern_capacitance"
    )
    assert told(E, gate=RESISTIVE, channel=RESISTIVE) == ([line], [])
    assert told(E, gate=RESISTIVE, channel=OHMIC + '\nstern_capacitance = "10 uF/cm^2"') == ([], [])
    assert told(E, host("h", 0.1), gate=RESISTIVE) == ([], [])


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


@pytest.mark.parametrize(
    "current, refused, warned",
    [
        ("10 A", "protocol[0]: 10 A for 1 µs needs at least 1.88 kV; no device bears that", None),
        ("1 A", None, "protocol[0]: 1 A for 1 µs needs at least 188 V; no device bears that"),
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


def test_a_host_that_a_current_fills_or_empties_is_told_with_the_time(told: Tell) -> None:
    # z F c L A x = 96485.33 x 3e4 x 10e-9 x 1e-6 x 0.1 = 2.8946e-6 C at 1 nA; filled up, nine times as much.
    def drive(sign: str, duration: str) -> str:
        return f'drive = "current"\nvalue = "{sign}1 nA"\nduration = "{duration}"'

    stack = (E, host("h", 0.1))
    empties = "protocol[0]: -1e-09 A empties h (x = 0.1) after 2.89 ks of 4 ks; what flows then must leak"
    fills = "protocol[0]: 1e-09 A fills h (x = 0.1) after 26.1 ks of 30 ks; what flows then must leak"
    assert [w for w in told(*stack, drive=drive("-", "4000 s"))[1] if "leak" in w] == [empties]
    assert [w for w in told(*stack, drive=drive("", "30000 s"))[1] if "leak" in w] == [fills]
    assert [w for w in told(*stack, drive=drive("", "4000 s"))[1] if "leak" in w] == []


def test_a_potential_that_no_couple_has_is_refused(told: Tell) -> None:
    refused, _ = told(E, host("h", 0.1), curve=ANALYTIC.replace("1 V", "12 V"))
    assert [line.split(" = ")[0] for line in refused] == ["region h: initial.x", "region h: zero_charge_x"]
    assert "which is no potential of a host" in refused[0]


def test_a_host_whose_ion_climbs_alone_is_told_with_its_joint(told: Tell) -> None:
    # On a level piece of U(x) the electrons keep their least stiffness, and the ion has less than none.
    level = TABLE.replace('"0.8 V"', '"0.9 V"')
    _, warned = told(E, host("h", 0.35), curve=level)
    assert len(warned) == 1
    assert warned[0].startswith("region h: its ion alone climbs its own gradient at x = ")
    assert warned[0].endswith("(U(x) less the electrons' entropy): the double layer at e | h has no unique start")
    assert told(E, host("h", 0.35), curve=TABLE) == ([], [])


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


def test_a_field_beyond_breakdown_is_told(told: Tell) -> None:
    film = ("e", "e0", "1.9 nm", None)
    drive = VOLT.replace("0.1 V", "-6.7 V")
    line = "protocol[0]: -6.7 V over 1.9 nm is 3.5 V/nm, beyond any solid's breakdown"
    assert told(film, host("h", 0.1), drive=drive) == ([], [line])
    assert told(film, host("h", 0.1), drive=VOLT) == ([], [])


def test_a_host_that_no_metal_reaches_is_told(told: Tell) -> None:
    line = "region h: no metal takes its electrons: its filling is bound to its charge (a floating host)"
    assert told(E, host("h", 0.1), channel=BLOCKING) == ([], [line])
    assert told(E, host("h", 0.1), channel=RESISTIVE) == ([], [])


@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parents[2] / "cases").rglob("case.toml")), ids=lambda f: f.parent.name
)
def test_no_shipped_case_is_refused(file: Path) -> None:
    load(file)
