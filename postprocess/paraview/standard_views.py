"""The standard pictures of a run by ParaView: pvpython standard_views.py RUN [OUT]

For each host the filling and the conductivity with their own range of colours, then the potential, and the current as
arrows; each at true aspect and stretched along y, gate on top, at the last field time. Written for ParaView 5.10 and
newer; needs fields/fields.pvd of the run and nothing of eisfv.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from paraview import simple as pv  # type: ignore[import-not-found]

SIZE = (1400, 800)  # pixels
SHAPE = 2.5  # width over height of what a stretched view shows
ZOOM = 0.75  # of the camera's own distance, which leaves room for a turning body
ARROWS = 250
UNITS = {"site_fraction": "", "potential": "V", "conductivity": "S/m", "current_density": "A/m2"}
COLOURS = "Viridis (matplotlib)"


def main() -> None:
    """Load the fields, draw each view twice."""
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: pvpython standard_views.py RUN [OUT]")
    index = Path(sys.argv[1]) / "fields" / "fields.pvd"
    if not index.is_file():
        sys.exit(f"{index}: not there; give the directory of a run that wrote fields")
    out = Path(sys.argv[2]) if len(sys.argv) == 3 else Path(sys.argv[1]) / "paraview"
    out.mkdir(parents=True, exist_ok=True)
    fields = pv.PVDReader(FileName=str(index.resolve()))
    time = float(fields.TimestepValues[-1])
    held = arrays_of_regions(index)
    for number, (region, arrays) in enumerate(held.items()):
        for array in sorted(name for name in arrays if name.startswith(("site_fraction_", "conductivity"))):
            host = only(fields, [number])
            draw(host, array, f"{array}, {region}", out / plain(f"{array}_{number}_{region}"), time)
    everything = only(fields, range(len(held)))
    draw(everything, "potential", "potential", out / "potential", time)
    current = next((a for arrays in held.values() for a in sorted(arrays) if a.startswith("current_density")), None)
    if current is not None:
        draw_arrows(everything, current, out / "current", time)


def arrays_of_regions(index: Path) -> dict[str, set[str]]:
    """Return the names of the arrays in the file of each region."""
    found = {}
    for entry in ElementTree.parse(index).getroot().iter("DataSet"):
        head = (index.parent / entry.attrib["file"]).read_text().partition("<AppendedData")[0]
        found[entry.attrib["name"]] = set(re.findall(r'Name="([^"]+)"', head))
    return found


def plain(name: str) -> str:
    """Return a name that every file system takes."""
    return re.sub(r"[^A-Za-z0-9_.+-]", "_", name)


def only(fields: Any, regions: Iterable[int]) -> Any:
    """Return the fields of the regions of these numbers, joined into one grid."""
    parts = []
    for number in regions:
        part = pv.Threshold(Input=fields, Scalars=["CELLS", "region"])
        part.LowerThreshold, part.UpperThreshold = number, number
        parts.append(part)
    return pv.MergeBlocks(Input=parts[0] if len(parts) == 1 else pv.GroupDatasets(Input=parts))


def stretch_of(source: Any) -> float:
    """Return the factor along y that gives a source the shape of the picture."""
    x0, x1, y0, y1, _, _ = source.GetDataInformation().GetBounds()
    return float((x1 - x0) / (y1 - y0) / SHAPE)


def draw(source: Any, array: str, title: str, path: Path, time: float) -> None:
    """Colour a source by an array, stretched and as it is."""
    source.UpdatePipeline(time)
    for ending, stretch in (("", stretch_of(source)), ("_true", 1.0)):
        view = new_view(time)
        shown = pv.Show(source, view, "UnstructuredGridRepresentation")
        shown.Scale = [1.0, stretch, 1.0]
        colour(shown, source.CellData[array].GetRange(), ("CELLS", array), title, view)
        finish(view, f"{title} at t = {time:.4g} s", stretch, path.with_name(f"{path.name}{ending}.png"))


def draw_arrows(source: Any, array: str, path: Path, time: float) -> None:
    """Draw a vector array as arrows of equal length over the outlines, coloured by its size."""
    source.UpdatePipeline(time)
    for ending, stretch in (("", stretch_of(source)), ("_true", 1.0)):
        view = new_view(time)
        # The places are stretched, the arrows are not: display scaling would flatten or draw out their heads.
        placed = pv.Transform(Input=source, TransformAllInputVectors=0)
        placed.Transform.Scale = [1.0, stretch, 1.0]
        ground = pv.Show(placed, view, "UnstructuredGridRepresentation")
        ground.ColorArrayName = ["CELLS", ""]
        ground.Ambient, ground.Diffuse = 1.0, 0.0
        ground.AmbientColor = ground.DiffuseColor = [0.9, 0.9, 0.9]
        placed.UpdatePipeline(time)
        x0, x1, y0, y1, _, _ = placed.GetDataInformation().GetBounds()
        arrows = pv.Glyph(Input=pv.CellCenters(Input=placed), GlyphType="2D Glyph")
        arrows.OrientationArray, arrows.ScaleArray = ["POINTS", array], ["POINTS", "No scale array"]
        arrows.ScaleFactor = 0.7 * ((x1 - x0) * (y1 - y0) / ARROWS) ** 0.5
        arrows.GlyphMode = "Uniform Spatial Distribution (Bounds Based)"
        arrows.MaximumNumberOfSamplePoints = ARROWS
        shown = pv.Show(arrows, view, "GeometryRepresentation")
        shown.LineWidth = 2.0
        arrows.UpdatePipeline(time)
        colour(shown, arrows.PointData[array].GetRange(-1), ("POINTS", array), array, view)
        finish(view, f"{array} at t = {time:.4g} s", stretch, path.with_name(f"{path.name}{ending}.png"))


def new_view(time: float) -> Any:
    """Return an empty white view."""
    view = pv.CreateView("RenderView")
    view.ViewSize = SIZE
    view.ViewTime = time
    view.OrientationAxesVisibility = 0
    view.UseColorPaletteForBackground = 0
    view.Background = [1.0, 1.0, 1.0]
    return view


def colour(shown: Any, span: tuple[float, float], array: tuple[str, str], title: str, view: Any) -> None:
    """Colour by an array over a span of its own, with a bar that has a unit."""
    pv.ColorBy(shown, array, separate=True)
    shown.Ambient, shown.Diffuse = 1.0, 0.0
    table = pv.GetColorTransferFunction(array[1], shown, separate=True)
    table.ApplyPreset(COLOURS, True)
    table.RescaleTransferFunction(*span)
    bar = pv.GetScalarBar(table, view)
    unit = next((unit for name, unit in UNITS.items() if array[1].startswith(name)), "")
    bar.Title, bar.ComponentTitle = f"{title} ({unit})" if unit else title, ""
    bar.TitleColor = bar.LabelColor = [0.0, 0.0, 0.0]
    bar.RangeLabelFormat = "%.3g"
    bar.Orientation, bar.WindowLocation = "Horizontal", "Lower Center"
    bar.ScalarBarLength = 0.5
    shown.SetScalarBarVisibility(view, True)


def finish(view: Any, words: str, stretch: float, path: Path) -> None:
    """Put the gate on top, say what is shown and save the picture."""
    text = pv.Text(Text=words + (f", y x {stretch:.3g}" if stretch != 1.0 else ", true aspect") + "; axes in m")
    label = pv.Show(text, view, "TextSourceRepresentation")
    label.Color, label.WindowLocation, label.FontSize = [0.0, 0.0, 0.0], "Upper Center", 18
    view.AxesGrid.Visibility = 1
    view.AxesGrid.XTitle, view.AxesGrid.YTitle, view.AxesGrid.ZTitle = "", "", ""
    view.AxesGrid.AxesToLabel = 1 + 16  # the left and the lower side, as the camera below sees them
    view.AxesGrid.DataScale = [1.0, stretch, 1.0]
    for name in ("XTitleColor", "YTitleColor", "XLabelColor", "YLabelColor", "GridColor"):
        setattr(view.AxesGrid, name, [0.0, 0.0, 0.0])
    view.CameraParallelProjection = 1
    pv.ResetCamera(view)
    x, y, z = view.CameraFocalPoint
    view.CameraPosition, view.CameraViewUp = [x, y, z - 1.0], [0.0, -1.0, 0.0]
    pv.ResetCamera(view)
    view.CameraParallelScale *= ZOOM
    pv.SaveScreenshot(str(path), view, ImageResolution=SIZE)
    sys.stdout.write(f"{path}\n")
    pv.Delete(view)


if __name__ == "__main__":
    main()
