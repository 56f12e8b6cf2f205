"""A case directory becomes records in SI, and its resolved text is the same case."""

import subprocess
import sys
from pathlib import Path

import pytest

from eisfv.case import Case, CaseError, load, template
from eisfv.model.contacts import BathContact, BlockingContact, OhmicContact, ReactiveContact
from eisfv.model.interface_laws import ButlerVolmer, Continuous
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions
from eisfv.model.species import Lattice
from eisfv.model.waveforms import Constant, PiecewiseLinear

MAIN = Path(__file__).parents[2] / "cases" / "mg_wo3_pulses"


@pytest.fixture(scope="module")
def main() -> Case:
    return load(MAIN)


def test_lengths_and_areas_are_in_metres(main: Case) -> None:
    assert [region.thickness for region in main.device.regions] == [8e-8, 1e-4, 8e-8]
    assert main.device.area == 6e-5


def test_the_main_case_drives_ten_pulses_up_and_ten_down(main: Case) -> None:
    levels = [step.waveform.value(0.0) for step in main.protocol if step.pulse]
    assert levels == [1e-5] * 10 + [-1e-5] * 10
    assert main.protocol.duration == pytest.approx(10 + 20 * 10.5, rel=1e-14)


def test_the_working_ion_of_an_interface_is_the_hosts(main: Case) -> None:
    interface = main.device.interfaces[1]
    assert (interface.left, interface.right, interface.stern_capacitance) == ("electrolyte", "channel", 0.1)
    law = interface.laws["Mg"]
    assert isinstance(law, ButlerVolmer)
    assert law.exchange_current == 1e-3
    assert interface.laws["electron"] == Continuous()


def test_between_may_be_written_in_either_order() -> None:
    turned = load(MAIN, ['device.interface[0].between=["electrolyte", "reservoir"]'])
    assert turned.device == load(MAIN).device


def test_neighbours_that_share_no_ion_need_no_entry(tmp_path: Path) -> None:
    text = MAIN.read_text() if MAIN.is_file() else (MAIN / "case.toml").read_text()
    start, end = text.index("[[device.interface]]"), text.index("[device.contact.gate]")
    (tmp_path / "case.toml").write_text((text[:start] + text[end:]).replace("pce_succinonitrile_mg", "ysz_h"))
    case = load(tmp_path)
    assert [(joint.left, joint.right, joint.laws) for joint in case.device.interfaces] == [
        ("reservoir", "electrolyte", {}),
        ("electrolyte", "channel", {}),
    ]


def test_neighbours_that_share_an_ion_need_an_entry() -> None:
    with pytest.raises(CaseError) as caught:
        load(MAIN, ["device.interface=[]"])
    (line,) = caught.value.lines
    assert "reservoir and electrolyte (Mg); electrolyte and channel (Mg)" in line


def test_an_ion_that_both_sides_carry_needs_a_law() -> None:
    with pytest.raises(CaseError) as caught:
        load(MAIN, ['device.interface[0]={ between = ["reservoir", "electrolyte"] }'])
    (line,) = caught.value.lines
    assert "device.interface[0].ion is missing: both sides carry Mg" in line


def test_the_readout_is_of_the_last_host_unless_it_is_named(tmp_path: Path) -> None:
    template.write(tmp_path / "new")
    case = load(tmp_path / "new")
    assert case.device.readout is not None
    assert case.device.readout.region == case.resolved["readout"]["region"] == "channel"


def test_the_resolved_text_alone_is_the_same_case(main: Case, tmp_path: Path) -> None:
    (tmp_path / "case.resolved.toml").write_text(main.resolved_toml())
    again = load(tmp_path)
    assert again == main
    assert again.digest == main.digest
    assert again.resolved_toml() == main.resolved_toml()


def test_the_resolved_tree_says_every_default(main: Case) -> None:
    assert main.resolved["device"]["series_resistance"] == "0 ohm"
    assert main.resolved["solver"]["linear"] == SolverOptions.linear
    assert main.resolved["mesh"]["growth"] == MeshOptions.growth
    assert main.resolved["material"]["mg_wo3"]["species"]["Mg"]["diffusivity"]["value"] == "1e-11 cm^2/s"


def test_the_digest_follows_the_content(main: Case) -> None:
    assert load(MAIN, [f"solver.linear={SolverOptions.linear}"]).digest == main.digest
    assert load(MAIN, ["solver.tolerance=1e-4"]).digest != main.digest


@pytest.mark.parametrize(
    "override, value",
    [
        ('device.temperature="350 K"', 350.0),
        ("device.temperature=350 K", 350.0),
        ("device.temperature = 76.85 degC", 350.0),
    ],
)
def test_an_override_is_toml_or_bare_text(override: str, value: float) -> None:
    assert load(MAIN, [override]).device.temperature == value


def test_an_override_finds_a_region_by_name_and_by_number() -> None:
    case = load(MAIN, ["device.region.channel.initial.x=0.01", "device.region[2].thickness=60 nm"])
    assert (case.device.regions[2].initial.x, case.device.regions[2].thickness) == (0.01, 6e-8)


def test_an_override_of_a_material_says_where_its_value_is_from() -> None:
    case = load(MAIN, ["material.mg_wo3.species.Mg.diffusivity=1e-10 cm^2/s"])
    species = case.device.regions[0].material.species["Mg"]
    assert isinstance(species, Lattice)
    assert (species.diffusivity, species.diffusivity.source) == (1e-14, "set on the command line")
    entry = case.resolved["material"]["mg_wo3"]["species"]["Mg"]["diffusivity"]
    assert entry == {"value": "1e-10 cm^2/s", "source": "set on the command line"}


def test_an_electrolyte_may_be_declared_electroneutral_and_given_a_concentration() -> None:
    case = load(
        MAIN,
        [
            "device.region.electrolyte.electroneutral=true",
            'device.region.electrolyte.initial.concentration={Mg="50 mol/m^3", TFSI="100 mol/m^3"}',
        ],
    )
    region = case.device.regions[1]
    assert region.material.electroneutral
    assert region.initial.concentration == {"Mg": 50.0, "TFSI": 100.0}


def test_a_material_of_the_case_is_read_beside_it(tmp_path: Path) -> None:
    template.write(tmp_path)
    (tmp_path / "materials").mkdir()
    library = Path(__file__).parents[2] / "eisfv" / "materials" / "mg_wo3.toml"
    (tmp_path / "materials" / "mine.toml").write_text(library.read_text().replace("1e-11 cm^2/s", "3e-11 cm^2/s", 1))
    case = load(tmp_path, ["device.region.channel.material=./materials/mine.toml"])
    material = case.device.regions[2].material
    ion = material.species["Mg"]
    assert isinstance(ion, Lattice)
    assert (material.name, ion.diffusivity) == ("mine", 3e-15)
    (tmp_path / "elsewhere.toml").write_text(case.resolved_toml())
    assert load(tmp_path / "elsewhere.toml") == case


def test_a_value_may_be_a_curve() -> None:
    ramp = '{drive="voltage", duration="2 ms", value={times=["0 s", "1 ms"], levels=["0 V", "1 V"]}, read="all"}'
    case = load(MAIN, [f"protocol=[{ramp}]"])
    (step,) = case.protocol
    assert step.waveform == PiecewiseLinear((0.0, 1e-3), (0.0, 1.0))
    assert (step.drive, step.read) == ("voltage", 2e-3)


def test_open_circuit_has_a_constant_waveform(main: Case) -> None:
    assert next(iter(main.protocol)).waveform == Constant(0.0)


def test_a_reactive_contact_takes_an_electrode_and_a_host_on_ysz(tmp_path: Path) -> None:
    case = load(
        MAIN,
        [
            'device.region=[{name="ysz", material="ysz_h", thickness="14 nm"},'
            ' {name="channel", material="h_wo3", thickness="10 nm", initial={x=0.1}}]',
            'device.interface=[{between=["ysz", "channel"], species={H={law="continuous"}}}]',
            'device.contact.gate={kind="reactive", electrode="pd_hx", exchange_current="10 A/m^2"}',
        ],
    )
    gate = case.device.gate
    assert isinstance(gate, ReactiveContact)
    assert (gate.electrode.ion, gate.electrode.potential, gate.law.exchange_current) == ("H", 0.0, 10.0)
    assert case.device.channel == OhmicContact()
    (tmp_path / "case.toml").write_text(case.resolved_toml())
    assert load(tmp_path) == case


def test_an_electrolyte_between_blocking_walls_is_a_device(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text("""
        case.title = "two walls"
        [device]
        temperature = "298.15 K"
        area = "1 cm^2"
        region = [{ name = "salt", material = "binary_1_1", thickness = "1 um" }]
        contact.gate = { kind = "blocking", stern_capacitance = "10 uF/cm^2", zero_charge_voltage = "-0.1 V" }
        contact.channel = { kind = "bath", concentration = { cation = "20 mol/m^3", anion = "20 mol/m^3" } }
        [[protocol]]
        drive = "voltage"
        value = "50 mV"
        duration = "1 s"
    """)
    device = load(tmp_path).device
    assert device.gate == BlockingContact(0.1, -0.1)
    assert device.channel == BathContact({"cation": 20.0, "anion": 20.0})
    assert (device.interfaces, device.readout) == ((), None)


def test_the_template_is_a_valid_case_and_never_overwrites(tmp_path: Path) -> None:
    template.write(tmp_path / "mine")
    assert load(tmp_path / "mine").protocol.pulses == 2
    with pytest.raises(CaseError, match="is already there"):
        template.write(tmp_path / "mine")


def test_importing_the_package_waits_for_no_validation_library() -> None:
    code = "import sys, eisfv.case; assert not {'pydantic', 'tomli_w', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
