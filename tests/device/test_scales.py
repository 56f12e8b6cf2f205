"""What `eisfv check` warns of is there, and what it does not warn of is not."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.device.build import Built, build
from eisfv.device.device import Device
from eisfv.device.meshing import mesh_of
from eisfv.device.scales import any_activation, blocked_ions, device_scales, region_scales
from eisfv.model.contacts import OhmicContact, ResistiveContact
from eisfv.model.host_curves import AnalyticOpenCircuit
from eisfv.model.interface_laws import BarrierTransfer, Blocking, ButlerVolmer
from eisfv.model.materials import Host
from eisfv.model.species import Bound
from eisfv.model.surface_loss import SurfaceLoss
from eisfv.model.vtf import Vtf
from support.devices import mg_stack, one_layer, wo3
from support.small_signals import impedances


def built(device: Device) -> Built:
    return build(device, mesh_of(device))


def test_an_ion_stopped_at_an_interface_is_named() -> None:
    device = mg_stack()
    first, second = device.interfaces
    stopped = replace(device, interfaces=(replace(first, species={**first.species, "Mg": Blocking()}), second))
    assert list(blocked_ions(built(device))) == []
    assert list(blocked_ions(built(stopped))) == [(first.left, first.right, "Mg")]


def test_scales_are_those_of_the_layers() -> None:
    device = mg_stack()
    made = built(device)
    rows = [region_scales(made, k) for k in range(3)]
    resistance = sum(
        region.thickness / (row.conductivity * device.area) for region, row in zip(device.regions, rows, strict=True)
    )
    np.testing.assert_allclose(device_scales(made).resistance, resistance, rtol=1e-12)
    assert sum(row.cells for row in rows) == np.count_nonzero(made.mesh.volume)


def film(host: Host, channel: OhmicContact | ResistiveContact = OhmicContact()) -> Device:
    return one_layer(host, 50e-9, OhmicContact(), channel, x=0.1)


def with_traps(**energies: float) -> Host:
    traps = Bound(2, of="Mg", density=500.0, capture=10.0, release=1.0, **energies)
    return replace(wo3(), species={**wo3().species, "bound": traps})


def with_ion(**changes: Vtf | float) -> Host:
    return replace(wo3(), species={**wo3().species, "Mg": replace(wo3().species["Mg"], **changes)})


@pytest.mark.parametrize(
    "still, follows",
    [
        (film(wo3()), film(with_ion(activation_energy=3e4))),
        (film(with_ion(activation_energy=0.0)), film(with_ion(vtf=Vtf(1000.0, 200.0)))),
        (film(with_traps()), film(with_traps(release_energy=5e4))),
        (film(wo3()), film(wo3(curve=AnalyticOpenCircuit(2.3, temperature_coefficient=1e-4)))),
        (film(wo3(), OhmicContact(loss=SurfaceLoss(1e-9))), film(wo3(), OhmicContact(loss=SurfaceLoss(1e-9, 5e4)))),
        (film(wo3(), ResistiveContact(1e-3)), film(wo3(), ResistiveContact(1e-3, 3e4))),
        (mg_stack(law=ButlerVolmer(1e-3)), mg_stack(law=BarrierTransfer(1e-3, 3e4))),
    ],
    ids=["an ion", "VTF", "traps", "U(x)", "a surface", "a contact", "a barrier"],
)
def test_every_law_that_follows_the_temperature_is_seen(still: Device, follows: Device) -> None:
    assert (any_activation(still), any_activation(follows)) == (False, True)


@pytest.mark.parametrize("sigma_e, leaks", [(1e-12, False), (1e-4, True)])
def test_overpotential_follows_a_current_as_the_spectrum_has_its_arc(sigma_e: float, leaks: bool) -> None:
    # A thin electrolyte between hosts without a charged double layer, i0 = 0.1 A/m2: what is left is transfer beside
    # the leak, an arc that peaks at 1/(2 pi tau).
    device = mg_stack((0.01, 0.01), sigma_e, law=ButlerVolmer(0.1, 0.5))
    frequencies = np.logspace(0.5, 3.5, 91)  # Hz
    peak = frequencies[np.argmax(-impedances(device, frequencies).imag)]
    tau = device_scales(built(device)).relaxing
    assert tau is not None
    np.testing.assert_allclose(2 * np.pi * peak * tau, 1.0, rtol=0.1)
    # Without the leak it would be the 10 ms of the transfer in both.
    assert (2 * np.pi * peak * 10e-3 > 5.0) == leaks


def test_without_transfer_and_leak_nothing_relaxes() -> None:
    assert device_scales(built(mg_stack(law=Blocking(), sigma_e=0.0))).relaxing is None
