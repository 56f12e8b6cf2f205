"""The manual: Sphinx reads the pages beside this file and those that `made_pages` writes before it begins."""

import re
import sys
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from made_pages import write_all  # noqa: E402

write_all(HERE / "made")

project = "eisfv"
copyright = "eisfv developers, MIT licence"
release = version = installed("eisfv")
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx-mathjax-offline"]
exclude_patterns = ["_html", "jupyter_execute", "**/.ipynb_checkpoints"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_merge_streams = True
autodoc_typehints = "signature"
html_theme = "furo"
html_title = "eisfv"
html_logo = None


def setup(app: Any) -> None:
    """Let what a docstring sets in columns stand as it is."""
    app.connect("autodoc-process-docstring", columns_as_they_stand)


def columns_as_they_stand(app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Indent the paragraphs of a docstring that are in columns, as literal blocks."""
    paragraphs = [part.split("\n") for part in re.split(r"\n\s*\n", "\n".join(lines))]
    lines[:] = []
    for paragraph in paragraphs:
        in_columns = any(re.search(r"\S {3,}\S", line) for line in paragraph) and ">>>" not in "".join(paragraph)
        lines += ["::", "", *("    " + line for line in paragraph), ""] if in_columns else [*paragraph, ""]
