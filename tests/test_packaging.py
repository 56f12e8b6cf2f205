"""What is installed is what is there."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_package_is_listed_for_the_wheel() -> None:
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    listed -= {"eisfv.cases", "eisfv.meshes"}  # folders of files, no packages
    files = [*(ROOT / "eisfv").rglob("__init__.py"), *(ROOT / "postprocess").rglob("__init__.py")]
    found = {".".join(path.parent.relative_to(ROOT).parts) for path in files}
    assert listed == {name if name.startswith("eisfv") else f"eisfv.{name}" for name in found}
