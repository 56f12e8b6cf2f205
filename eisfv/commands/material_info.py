"""`eisfv info MATERIAL`: values, where they are from, how far they can be trusted, and the curves of a host."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfv.case import CaseError
from eisfv.case.file_tree import read_toml
from eisfv.case.problems import Problem, did_you_mean, display, key_text
from eisfv.errors import DONE
from eisfv.materials import library

if TYPE_CHECKING:
    from eisfv.model.materials import Electrode, Material
    from eisfv.postprocess.pictures.curve_picture import Curve

TEMPERATURE = 298.15  # K, at which the curves are drawn
# Words that sources begin with; what has none of them is taken from what it cites.
WEAK = ("estimate", "recalled", "calculated", "assumed", "unknown", "fitted")
ROWS, WIDTH = 12, 60


def material_command(name: str, png: Path | None) -> int:
    """Print a material of the library or of a file, draw its curves; return the exit code. Raises CaseError."""
    material = material_of(name)
    for line in lines_on(material):
        print(line)
    host = getattr(material, "host", None)
    if host is None:
        if png is not None:
            raise CaseError([f"--png: {name} has no curves: only a host has U(x) and a conductivity"])
        return DONE
    from eisfv.api.host_pictures import curves_of

    curves = curves_of(host, TEMPERATURE, host.name)
    if png is None:
        for curve in curves:
            print("", *plot(curve), sep="\n")
        return DONE
    from eisfv.postprocess.pictures.curve_picture import draw_curves

    try:
        draw_curves(png, curves)
    except OSError as error:
        raise CaseError([f"--png: {display(png)} cannot be written: {error.strerror}"]) from None
    print(f"drawn in {png}")
    return DONE


def material_of(name: str) -> "Material | Electrode":
    """Return a material by its name in the library or by its file. Raises CaseError."""
    from eisfv.case import curve_files, material_file

    file = Path(name) if name.endswith(".toml") else library.path(name)
    if not file.is_file():
        what = "does not exist" if name.endswith(".toml") else "is neither a run nor a material of the library"
        hint = "" if name.endswith(".toml") else did_you_mean(name, library.names())
        raise CaseError([f"{name}: {what}{hint}"])
    tree = read_toml(file)
    wrong = [item for item in curve_files.bring_in(name, tree, file.parent) if isinstance(item, Problem)]
    found = wrong or material_file.read(name, tree)
    if isinstance(found, list):
        raise CaseError([problem.line(display(file)) for problem in found])
    return found


def lines_on(material: "Material | Electrode") -> Iterator[str]:
    """Give a line on every value: key, value, how it is known, source."""
    tree = material.written()
    yield f"{tree.get('title') or material.name} ({tree['kind']})"
    entries = [(key_text(key), *known) for key, known in _values(tree, ())]
    width, values = (max((len(entry[n]) for entry in entries), default=0) for n in (0, 1))
    for key, value, reliability, source in entries:
        yield f"  {key:{width}}  {value:{values}}  {reliability:11} {source}".rstrip()


def _values(node: Any, key: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], tuple[str, str, str]]]:
    own = node.get("source", "")
    for name, item in node.items():
        if name in ("title", "kind", "source"):
            continue
        if isinstance(item, dict) and "value" in item:
            yield (*key, name), (_short(item["value"]), reliability(item["source"]), item["source"])
        elif isinstance(item, dict):
            yield from _values(item, (*key, name))
        else:
            yield (*key, name), (_short(item), reliability(own) if own else "", own)


def _short(value: Any) -> str:
    return f"{len(value)} values, {value[0]} to {value[-1]}" if isinstance(value, list) and value else str(value)


def reliability(source: str) -> str:
    """Return how far a value can be trusted, by what its source says of itself."""
    words = source.lower()
    return next((weak for weak in WEAK if words.startswith(weak)), "cited")


def plot(curve: "Curve") -> Sequence[str]:
    """Return a curve as lines of text, values of a logarithmic axis by their decades."""
    import numpy as np

    heights = np.log10(curve.y) if curve.log else curve.y
    low, high = float(heights.min()), float(heights.max())
    span = (high - low) or 1.0
    grid = [[" "] * WIDTH for _ in range(ROWS)]
    columns = np.linspace(0, len(curve.x) - 1, WIDTH).round().astype(int)
    places = [ROWS - 1 - round((heights[index] - low) / span * (ROWS - 1)) for index in columns]
    for place, (before, row) in enumerate(zip([places[0], *places], places, strict=False)):
        for between in range(min(before, row), max(before, row)):  # where it is steeper than a column is wide
            grid[between][place] = "*"
        grid[row][place] = "*"
    ends = {0: high, ROWS - 1: low}
    label = [f"{10 ** ends[n] if curve.log else ends[n]:9.4g}" if n in ends else " " * 9 for n in range(ROWS)]
    axis = f"{curve.x[0]:<10.3g}{curve.labels[0].replace('$', '').replace('_x', 'x'):^{WIDTH - 20}}{curve.x[-1]:>10.3g}"
    scale = ", logarithmic" if curve.log else ""
    lines = [f"{curve.labels[1]}{scale}"]
    lines += [f"{mark} |{''.join(row)}".rstrip() for mark, row in zip(label, grid, strict=True)]
    return [*lines, " " * 10 + "+" + "-" * WIDTH, " " * 11 + axis]
