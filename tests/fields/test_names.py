"""Every region has a file of its own, whatever its name."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import pyvista

from eisfv.postprocess.fields.vtu import write_fields
from eisfv.result import RunDirectory, read
from eisfv.result.file_names import field_file, own_files, section_file
from support.written_run import CASE, CELLS, TERMINALS, VARIABLES, profile

LIKE = [("α", "β"), ("film 1", "film_1"), ("top(a)", "top[a]"), ("x" * 300 + "1", "x" * 300 + "2"), ("CON", "con")]


@pytest.mark.parametrize("names", LIKE, ids=["Greek", "space", "brackets", "long", "case"])
def test_two_regions_of_like_names_have_two_files(tmp_path: Path, names: tuple[str, str]) -> None:
    with RunDirectory.open_new(tmp_path / "run") as directory:
        directory.write_case(CASE)
        directory.table("terminals", TERMINALS).append((0.0,) * 5)
        directory.profiles(replace(CELLS, regions=names), VARIABLES).append(0.0, 1, 0.0, profile(0.0), field=True)
        directory.write_provenance(["eisfv"], {}, 1.0)
        directory.end("finished", 0.0, title="a written run", source="nowhere")
    written = [path for path in write_fields(read(tmp_path / "run")) if path.suffix == ".vtu"]
    assert len({path.name.lower() for path in written}) == 2
    listed = ElementTree.parse(tmp_path / "run" / "fields" / "fields.pvd").iter("DataSet")
    sizes = {
        entry.attrib["name"]: pyvista.read(tmp_path / "run" / "fields" / entry.attrib["file"]).n_cells
        for entry in listed
    }
    assert sizes == dict(zip(names, (3, 2), strict=True))
    assert set(written) <= set(own_files(tmp_path / "run"))


@pytest.mark.parametrize("names", LIKE[:3], ids=["Greek", "space", "brackets"])
def test_names_made_plain_alone_would_run_into_one_another(names: tuple[str, str]) -> None:
    plain = ["".join(c if c.isascii() and (c.isalnum() or c in "_.+-") else "_" for c in name) for name in names]
    assert plain[0] == plain[1]
    assert field_file(0, 0, names[0]) != field_file(0, 1, names[1])
    assert section_file(names[0], "png") != section_file(names[1], "png")
