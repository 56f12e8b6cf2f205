"""Small devices that between them have every law of the equations."""

from dataclasses import replace

from eisfv.device.device import Device
from eisfv.model.adsorption import Adsorption
from eisfv.model.contacts import (
    BathContact,
    BlockingContact,
    InsulatingContact,
    OhmicContact,
    ResistiveContact,
)
from eisfv.model.diffusion import TabulatedDiffusion
from eisfv.model.exchanging_contact import ReversibleContact
from eisfv.model.host_curves import AnalyticOpenCircuit, TabulatedConductivity, TabulatedOpenCircuit
from eisfv.model.interface_laws import BarrierTransfer, Continuous, CoupledTransfer
from eisfv.model.interfaces import Interface
from eisfv.model.materials import Electrode, Electrolyte, Host
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.phase_separation import GradientEnergy
from eisfv.model.regions import Region
from eisfv.model.species import Bound, Dilute, Lattice, Solvated
from eisfv.model.surface_loss import SurfaceLoss
from support.devices import AREA, TEMPERATURE, binary, h_stack, metal, mg_electrolyte, mg_stack, one_layer, wo3
from support.diode import ambipolar, double
from support.phases import WIDTH, film, regular
from support.transistor import gated

COARSE = MeshOptions(cells={"reservoir": 3, "electrolyte": 4, "channel": 3, "layer": 5})
TABLE = TabulatedOpenCircuit((0.001, 0.01, 0.05, 0.1, 0.2, 0.4), (2.8, 2.6, 2.45, 2.47, 2.4, 2.1), source="a hump")


def tabulated_host() -> Host:
    """Return a host of measured points: U(x) with a hump, sigma(gamma) in four decades."""
    plain = wo3(curve=TABLE, background=30.0)
    sigma = TabulatedConductivity((0.002, 0.02, 0.1, 0.5), (1.0, 50.0, 900.0, 1.0e4), source="round numbers")
    return replace(plain, conductivity=sigma)


def plateau_host() -> Host:
    """Return a host whose electrons share its excess: U(x) is nearly level between its second and its fourth point."""
    x, potential = (0.001, 0.002, 0.01, 0.1, 0.2, 0.4), (2.8, 2.5, 2.499, 2.497, 2.3, 2.1)
    return wo3(curve=TabulatedOpenCircuit(x, potential, source="a plateau"), background=30.0)


def diffusion_host() -> Host:
    """Return a host whose chemical diffusivity is a table over three decades."""
    plain = wo3()
    ion = replace(plain.species["Mg"], diffusivity=None)
    law = TabulatedDiffusion("chemical", (0.001, 0.01, 0.1, 0.3), (1e-16, 1e-14, 1e-15, 1e-13), source="up and down")
    return replace(plain, species={**plain.species, "Mg": ion}, diffusion=law)


def expansion_host() -> Host:
    return wo3(curve=AnalyticOpenCircuit(2.3, False, 0.2, (3000.0, -500.0, 800.0)))


def band_electrolyte() -> Electrolyte:
    """Return an electrolyte whose electrons are dilute in a band far above the hosts' level."""
    plain = mg_electrolyte()
    band = Dilute(-1, density=246.0, diffusivity=1e-9, concentration=1e-3, offset=2e4)
    return replace(plain, species={**plain.species, "electron": band})


def frumkin_solution() -> Electrolyte:
    """Return two lattice ions that share sites and interact, one of them hopping in the field."""
    plain = binary(sites=100.0)
    cation, anion = plain.species.values()
    assert isinstance(cation, Lattice)
    assert isinstance(anion, Lattice)
    changed = {
        "cation": replace(cation, frumkin=1.7, hop_length=20e-9),
        "anion": replace(anion, frumkin=-0.8, offset=500.0),
    }
    return replace(plain, species=changed)


def threshold_solution() -> Electrolyte:
    """Return two lattice ions, one of which hops where the field is above a threshold."""
    plain = frumkin_solution()
    cation = plain.species["cation"]
    assert isinstance(cation, Lattice)
    return replace(plain, species={**plain.species, "cation": replace(cation, hop_threshold=3e5)})


def crowded_electrons() -> Electrolyte:
    """Return ions and electrons that share sites and interact, so that the electrons' potential knows both."""
    cation, anion = frumkin_solution().species.values()
    return replace(frumkin_solution(), species={"cation": cation, "electron": anion})


def solvated(sizes: tuple[float, float] = (10.0, 4.0)) -> Electrolyte:
    """Return two ions in one solvent, with shells of different sizes."""
    plain = binary(concentration=1000.0)
    ions = {
        name: Solvated(species.charge, concentration=1000.0, diffusivity=1e-9, solvent=55400.0, solvation_number=size)
        for (name, species), size in zip(plain.species.items(), sizes, strict=True)
    }
    return replace(plain, species=ions)


def with_traps(material: Electrolyte | Host, ion: str, **more: float) -> Electrolyte | Host:
    """Return a material whose ion finds traps."""
    free = material.species[ion]
    traps = {"density": 300.0, "concentration": 50.0, "capture": 3e3, "release": 40.0, **more}
    return replace(material, species={**material.species, "bound": Bound(free.charge, of=ion, **traps)})


def trapping_stack() -> Device:
    """Return a stack whose host and whose electrolyte have traps, and whose gate reservoir loses its ion."""
    host, solution = (
        with_traps(expansion_host(), "Mg"),
        with_traps(mg_electrolyte(), "Mg", density=80.0, concentration=1e-3),
    )
    assert isinstance(host, Host)
    assert isinstance(solution, Electrolyte)
    device = mg_stack(length=50e-9, hosts=(host, expansion_host()), electrolyte=solution, mesh=COARSE)
    return replace(device, channel=OhmicContact(loss=SurfaceLoss(1e-3)))


def reversible(ion: str = "cation") -> ReversibleContact:
    return ReversibleContact(Electrode(ion, 1, 0.1, reference="metal"), 0.2)


def adsorbing_layers() -> Device:
    """Return two electrolytes whose interface adsorbs on one side, as the wall of the second does."""
    free = {"cation": Continuous(), "anion": Continuous()}
    sites = {"sites": 1e-6, "capture": 1e-3, "release": 40.0}
    regions = (Region("reservoir", binary(20.0), 40e-9), Region("channel", binary(10.0, 30.0), 40e-9))
    between = {"between": Adsorption(of="cation", region="channel", coverage=0.3, **sites)}
    joint = Interface(("reservoir", "channel"), species=free, stern_capacitance=0.1, adsorbed=between)
    wall = BlockingContact(0.1, adsorbed={"cation_there": Adsorption(of="cation", **sites)})
    return Device(TEMPERATURE, AREA, regions, (joint,), BathContact(), wall, mesh=COARSE)


def like_electrolytes() -> Device:
    """Return two electrolytes that share both ions freely, between a bath and an insulating end."""
    free = {"cation": Continuous(), "anion": Continuous()}
    regions = (Region("reservoir", binary(20.0), 40e-9), Region("channel", binary(10.0, 30.0), 40e-9))
    joints = (Interface(("reservoir", "channel"), species=free),)
    bath = BathContact({"cation": 30.0, "anion": 30.0})
    return Device(TEMPERATURE, AREA, regions, joints, bath, InsulatingContact(), mesh=COARSE)


DEVICES = {
    "Mg stack with leak": mg_stack(length=50e-9, mesh=COARSE),
    "Mg stack without compact layers": mg_stack(length=50e-9, stern=None, mesh=COARSE),
    "tabulated and expanded hosts": mg_stack(length=50e-9, hosts=(tabulated_host(), expansion_host()), mesh=COARSE),
    "diffusivities of composition": mg_stack(length=50e-9, hosts=(diffusion_host(), diffusion_host()), mesh=COARSE),
    "band electrons": mg_stack(length=50e-9, electrolyte=band_electrolyte(), mesh=COARSE),
    "electroneutral": mg_stack(length=50e-9, electrolyte=mg_electrolyte(electroneutral=True), mesh=COARSE),
    "hopping protons, reactive contact": h_stack(mesh=COARSE),
    "crowded ions between a metal and a bath": one_layer(
        binary(sites=100.0), 50e-9, metal(1.0, 0.2), BathContact(), COARSE
    ),
    "Frumkin ions that hop": one_layer(frumkin_solution(), 50e-9, BlockingContact(0.2), BlockingContact(), COARSE),
    "reactive contacts at both ends": one_layer(binary(), 50e-9, metal(1.0), metal(3.0, 0.1), COARSE),
    "ohmic contact on an electrolyte": one_layer(mg_electrolyte(), 50e-9, OhmicContact(), OhmicContact(), COARSE),
    "resistive contact on crowded electrons": one_layer(
        crowded_electrons(), 50e-9, ResistiveContact(1e-6), BlockingContact(), COARSE
    ),
    "resistive contact on a neutral electrolyte": one_layer(
        mg_electrolyte(electroneutral=True), 50e-9, ResistiveContact(1e-6), OhmicContact(), COARSE
    ),
    "free ions between two electrolytes": like_electrolytes(),
    "solvated ions between a metal and a bath": one_layer(solvated(), 50e-9, metal(1.0, 0.2), BathContact(), COARSE),
    "traps, and a surface that loses ions": trapping_stack(),
    "traps that a field empties": one_layer(
        with_traps(binary(concentration=150.0), "cation", release_length=20e-9),
        50e-9,
        BathContact(),
        metal(1.0),
        COARSE,
    ),
    "an interface and a wall that adsorb": adsorbing_layers(),
    "reversible contacts": one_layer(binary(sites=100.0), 50e-9, reversible(), metal(1.0), COARSE),
    "reversible contact on a host": one_layer(
        wo3("H", 1), 50e-9, reversible("H"), OhmicContact(loss=SurfaceLoss(1e-6)), COARSE, x=0.3
    ),
    "coupled transfer": mg_stack(length=50e-9, law=CoupledTransfer(1e-3, 4e4), mesh=COARSE),
    "transfer over a barrier": mg_stack(length=50e-9, law=BarrierTransfer(1e-3, 3e4, 0.4), mesh=COARSE),
    "ions that hop beyond a threshold": one_layer(
        threshold_solution(), 50e-9, BlockingContact(0.2), BathContact(), COARSE
    ),
    "a host with gradient energy and wetted walls": replace(
        film(0.3, regular(GradientEnergy(width=WIDTH, wetting=0.02))), mesh=COARSE
    ),
    "a semiconductor behind an insulator": gated("fermi_dirac", 6),
    "electrons and holes that fill their bands, at metals that inject": double("fermi_dirac", False),
    "electrons and holes at a metal of each": double("boltzmann", True),
    "an ambipolar film on its source": ambipolar(5),
    "contacts with a resistance": replace(
        mg_stack(length=50e-9, mesh=COARSE), gate=ResistiveContact(1e-6), channel=ResistiveContact(1e-4)
    ),
}
