"""D of composition in a material file: points, csv files, and each mistake in its line."""

from pathlib import Path
from typing import Any

import pytest
from tomli_w import dumps

from eisfv.case import Case, CaseError, load
from eisfv.case.file_tree import read_toml
from eisfv.materials import library
from eisfv.model.diffusion import ConstantDiffusion, TabulatedDiffusion

MAIN = Path(__file__).parents[2] / "cases" / "mg_wo3_pulses" / "case.toml"
POINTS = {"x": [0.001, 0.1, 0.3], "diffusivity": ["1e-11 cm^2/s", "3e-11 cm^2/s", "1e-10 cm^2/s"]}
TABLE = {"form": "table", "of": "chemical", **POINTS, "source": "titration"}
CSV = {"form": "table", "of": "chemical", "table": "d.csv", "source": "titration"}
FILE = "x (-),D (cm^2/s)\n0.001,1e-11\n0.1,3e-11\n0.3,1e-10\n"


def case_of(folder: Path, diffusion: Any, own: bool = False, file: str = FILE, curve: Any = None) -> Case:
    """Return the main case on a host with a law of diffusion, its ion with a diffusivity of its own or without."""
    host = read_toml(library.path("mg_wo3"))
    host["diffusion"] = diffusion
    host["open_circuit"] = curve or host["open_circuit"]
    if not own:
        del host["species"]["Mg"]["diffusivity"]
    (folder / "d.csv").write_text(file)
    (folder / "host.toml").write_text(dumps(host))
    (folder / "case.toml").write_text(MAIN.read_text().replace('"mg_wo3"', '"host.toml"'))
    return load(folder)


def law_of(case: Case) -> Any:
    host = case.device.regions[0].material.host
    assert host is not None
    return host.diffusion


def test_a_file_is_the_list_it_holds_and_the_resolved_case_stands_alone(tmp_path: Path) -> None:
    typed = case_of(tmp_path, TABLE)
    read = case_of(tmp_path, CSV)
    assert isinstance(law_of(typed), TabulatedDiffusion)
    assert law_of(read) == law_of(typed)
    assert "3 points of" in read.curves[0].line
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "case.toml").write_text(read.resolved_toml())
    assert load(alone) == read


def test_a_constant_says_whose_it_is(tmp_path: Path) -> None:
    case = case_of(tmp_path, {"form": "constant", "of": "chemical"}, own=True)
    assert law_of(case) == ConstantDiffusion("chemical")


LEVEL = {"form": "table", "x": [0.001, 0.1, 0.2, 0.4], "potential": ["2.8 V", "2.5 V", "2.5 V", "2 V"], "source": "p"}


@pytest.mark.parametrize(
    "words, more, told",
    [
        ({"form": "constant", "of": "chemical"}, {}, "species.Mg.diffusivity is missing; add for example"),
        (TABLE, {"own": True}, "species.Mg.diffusivity stands beside the table of diffusion; remove one of them"),
        (
            {"form": "constant", "of": "chemicl"},
            {"own": True},
            'is not one of "tracer", "chemical"; did you mean "chemical"?',
        ),
        ({"form": "constant"}, {"own": True}, 'diffusion.of is missing; add for example of = "tracer" or "chemical"'),
        ({**TABLE, "x": [0.1, 0.2]}, {}, "has 3 entries and x has 2; give one for each"),
        ({**TABLE, "diffusivity": ["1 V", *POINTS["diffusivity"][1:]]}, {}, "measures voltage, not diffusivity"),
        (CSV, {"file": FILE.replace("3e-11", "-3e-11")}, 'has "-3e-11 cm^2/s" in line 3; D must be above 0'),
        (CSV, {"file": FILE.replace("0.3,", "1.3,")}, "x must be between 0 and 1, both excluded"),
        ({**CSV, **POINTS}, {}, "stands beside a table that has it"),
        (TABLE, {"curve": LEVEL}, "asks for a U(x) that falls everywhere, and it is level or rises at x = 0."),
    ],
)
def test_a_mistake_is_told_in_one_line(tmp_path: Path, words: Any, more: dict[str, Any], told: str) -> None:
    with pytest.raises(CaseError) as error:
        case_of(tmp_path, words, **more)
    assert len(error.value.lines) == 1
    assert told in error.value.lines[0]
