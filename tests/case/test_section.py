"""A section of rectangles becomes records in SI, and its resolved text is the same case."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eisfv.case import Case, load
from eisfv.device.section_geometry import BoxSection
from eisfv.mesh.box import Box
from eisfv.model.case_file import Readout
from eisfv.model.contact_edges import ContactEdge
from eisfv.model.mesh_options import MeshOptions
from support.section_case import BOXES, PLANAR, section_case


def boxes_of(case: Case) -> BoxSection:
    assert isinstance(case.device.section, BoxSection)
    return case.device.section


def reloaded(case: Case, directory: Path) -> Case:
    directory.mkdir(exist_ok=True)
    (directory / "case.resolved.toml").write_text(case.resolved_toml())
    return load(directory)


def test_a_stack_lies_from_the_gate_down_over_the_whole_width(tmp_path: Path) -> None:
    section = boxes_of(section_case(tmp_path))
    assert [section.boxes[name].x for name in ("reservoir", "electrolyte", "channel")] == [(0.0, 20e-6)] * 3
    np.testing.assert_allclose(section.boxes["electrolyte"].y, (80e-9, 1080e-9), rtol=1e-14)
    assert section.boxes["reservoir"].y[1] == section.boxes["electrolyte"].y[0]
    assert section.depth == 5e-4
    assert section.contacts == {
        "gate": ContactEdge("reservoir", "top"),
        "source": ContactEdge("channel", "left"),
        "drain": ContactEdge("channel", "right"),
    }
    assert (section.gate_region, section.channel_region) == ("reservoir", "channel")


def test_a_section_keeps_the_thicknesses_of_its_stack(tmp_path: Path) -> None:
    device = section_case(tmp_path).device
    assert [region.thickness for region in device.regions] == [8e-8, 1e-6, 8e-8]
    assert device.ends == (0, 2)


def test_the_area_is_the_depth_times_the_width_of_the_channels_region(tmp_path: Path) -> None:
    case = section_case(tmp_path, {"device.region[2].x": ["5 um", "15 um"]})
    np.testing.assert_allclose(case.device.area, 5e-4 * 10e-6, rtol=1e-14)


def test_bottom_pads_lie_at_the_ends_of_the_channel(tmp_path: Path) -> None:
    changes = {
        "device.section.source_drain": "bottom",
        "device.section.pad": "2 um",
        "device.region[2].x": ["5 um", "15 um"],
    }
    contacts = boxes_of(section_case(tmp_path, changes)).contacts
    assert (contacts["source"].edge, contacts["drain"].edge) == ("bottom", "bottom")
    np.testing.assert_allclose(contacts["source"].span or (), (5e-6, 7e-6), rtol=1e-14)
    np.testing.assert_allclose(contacts["drain"].span or (), (13e-6, 15e-6), rtol=1e-14)


def test_the_films_of_a_planar_self_gate_lie_side_by_side_under_the_electrolyte(tmp_path: Path) -> None:
    section = boxes_of(section_case(tmp_path, PLANAR))
    assert section.boxes["electrolyte"] == Box((0.0, 20e-6), (0.0, 1e-6))
    assert section.boxes["reservoir"] == Box((0.0, 8e-6), (1e-6, 1e-6 + 8e-8))
    assert section.boxes["channel"] == Box((12e-6, 20e-6), (1e-6, 1e-6 + 8e-8))
    assert section.contacts["gate"] == ContactEdge("reservoir", "left")


def test_the_gate_of_a_planar_self_gate_is_on_the_side_away_from_the_channel(tmp_path: Path) -> None:
    turned = {**PLANAR, "device.region[0].x": ["12 um", "20 um"], "device.region[2].x": ["0 um", "8 um"]}
    assert boxes_of(section_case(tmp_path, turned)).contacts["gate"] == ContactEdge("reservoir", "right")


def test_boxes_drawn_by_hand_are_the_planar_self_gate(tmp_path: Path) -> None:
    by_hand, planar = section_case(tmp_path / "a", BOXES).device, section_case(tmp_path / "b", PLANAR).device
    assert by_hand.section == planar.section
    assert by_hand.interfaces == planar.interfaces
    np.testing.assert_allclose([r.thickness for r in by_hand.regions], [r.thickness for r in planar.regions], rtol=1e-9)


def test_every_pair_that_shares_an_edge_is_an_interface(tmp_path: Path) -> None:
    """The reservoir reaches down beside the electrolyte: films that touch at the side have an interface as well."""
    case = section_case(
        tmp_path,
        {
            **BOXES,
            "device.region[0].x": ["0 um", "12 um"],
            "device.interface": [
                {"between": ["reservoir", "electrolyte"], "ion": {"law": "continuous"}},
                {"between": ["electrolyte", "channel"], "ion": {"law": "blocking"}},
                {"between": ["channel", "reservoir"], "ion": {"law": "blocking"}},
            ],
            "device.section.contact.source": {"region": "channel", "edge": "bottom", "span": ["12 um", "13 um"]},
        },
    )
    assert [(joint.left, joint.right) for joint in case.device.interfaces] == [
        ("reservoir", "electrolyte"),
        ("reservoir", "channel"),
        ("electrolyte", "channel"),
    ]


def test_regions_that_meet_at_a_corner_only_have_no_interface(tmp_path: Path) -> None:
    pairs = [(i.left, i.right) for i in section_case(tmp_path, BOXES).device.interfaces]
    assert ("reservoir", "channel") not in pairs
    assert len(pairs) == 2


def test_a_contact_may_say_a_part_of_its_place(tmp_path: Path) -> None:
    changes = {"device.section.contact.gate": {"span": ["5 um", "15 um"]}}
    assert boxes_of(section_case(tmp_path, changes)).contacts["gate"] == ContactEdge("reservoir", "top", (5e-6, 15e-6))


def test_a_channel_contact_takes_the_place_of_source_and_drain(tmp_path: Path) -> None:
    case = section_case(tmp_path, {"device.section.contact.channel": {}})
    assert dict(boxes_of(case).contacts) == {
        "gate": ContactEdge("reservoir", "top"),
        "channel": ContactEdge("channel", "bottom"),
    }


def test_a_contact_on_a_partly_covered_edge_keeps_to_the_open_part(tmp_path: Path) -> None:
    changes = {
        "device.region[0].x": ["0 um", "12 um"],
        "device.section.contact.gate": {"region": "electrolyte", "edge": "top"},
    }
    gate = {"device.contact.gate": {"kind": "blocking"}}
    contacts = boxes_of(section_case(tmp_path, {**changes, **gate})).contacts
    assert contacts["gate"] == ContactEdge("electrolyte", "top", (12e-6, 20e-6))


def test_rounding_does_not_part_regions(tmp_path: Path) -> None:
    """Sums of thicknesses differ from the written number in the last digit: the span still ends on the edge."""
    changes = {"device.section.contact.source": {"span": ["1.08 um", "1.16 um"]}}
    section = boxes_of(section_case(tmp_path, changes))
    assert section.contacts["source"].span == section.boxes["channel"].y


def test_the_readout_of_a_section_needs_no_length_and_width(tmp_path: Path) -> None:
    case = section_case(tmp_path, {"readout": {}})
    assert case.device.readout == Readout("channel")


def test_the_readout_is_of_the_host_at_the_channel_contact(tmp_path: Path) -> None:
    changes = {
        "readout": {},
        "device.section.contact.gate": {"region": "channel", "edge": "bottom"},
        "device.section.contact.channel": {"region": "reservoir", "edge": "top"},
    }
    assert section_case(tmp_path, changes).device.readout == Readout("reservoir")


def test_lateral_mesh_options_reach_the_device_and_their_defaults_the_resolved_case(tmp_path: Path) -> None:
    case = section_case(tmp_path, {"mesh.lateral_cells": None, "mesh.lateral_growth": 1.5})
    assert case.device.mesh.lateral_growth == 1.5
    assert case.resolved["mesh"]["lateral_first"] == MeshOptions().columns.first
    assert "lateral_cells" not in case.resolved["mesh"]
    assert case.resolved["device"]["section"]["source_drain"] == "side"


@pytest.mark.parametrize("changes", [{}, PLANAR, BOXES, {"readout": {}, "mesh.lateral_cells": None}, {"readout": None}])
def test_the_resolved_text_alone_is_the_same_case(changes: dict[str, Any], tmp_path: Path) -> None:
    if changes.get("readout", 1) is None:
        changes = {**changes, "protocol[0].read": None}
    case = section_case(tmp_path / "case", changes)
    again = reloaded(case, tmp_path / "again")
    assert again == case
    assert again.resolved_toml() == case.resolved_toml()
