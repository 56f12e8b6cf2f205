"""The standard views, drawn by ParaView itself where it is installed."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from eisfv.postprocess.fields.vtu import write_fields
from eisfv.result import read
from support.synthetic_section import PLANAR, section_run
from support.waiting import PATIENCE

SCRIPT = Path(__file__).parents[2] / "postprocess" / "paraview" / "standard_views.py"
VIEWS = (
    *(f"{name}_{host}" for name in ("site_fraction_Mg", "conductivity") for host in ("1_reservoir", "2_channel")),
    *("potential", "current"),
)


@pytest.mark.long
@pytest.mark.skipif(not (shutil.which("pvpython") and shutil.which("xvfb-run")), reason="needs pvpython and xvfb-run")
def test_every_standard_view_is_drawn(tmp_path: Path) -> None:
    run = section_run(tmp_path / "run", PLANAR)
    write_fields(read(run))
    subprocess.run(["xvfb-run", "-a", "pvpython", SCRIPT, run], check=True, capture_output=True, timeout=PATIENCE)
    drawn = {path.name: path for path in (run / "paraview").iterdir()}
    assert set(drawn) == {f"{view}{end}.png" for view in VIEWS for end in ("", "_true")}
    for name, path in drawn.items():
        colours = np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3)
        assert len(np.unique(colours, axis=0)) > 50, name
