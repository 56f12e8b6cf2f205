"""The standard pictures of a run by ParaView: pvpython standard_views.py RUN [OUT]

The filling and the conductivity of the hosts, the potential, and the current as arrows, at the last field time, gate on
top. Each layer of regions is a band of its own height with axes of its own, so that a film of 80 nm is seen beside
100 um; of a section also at true aspect. Written for ParaView 5.10 and newer; needs fields/fields.pvd of the run and
nothing of eisfv.
"""

import re
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

# pvpython looks for modules beside the script, mypy does not.
from axis_numbers import decades, digits, prefix, ticks  # type: ignore[import-not-found]
from paraview import simple as pv

SIZE = (1400, 800)  # pixels
BOX = (2.0, 1.0)  # width and height that the bands fill together, in the camera's units
GAP = 0.16  # of that height between two bands, for the axis of the upper one
EXPONENT = 0.15  # of the thickness in a band's height
ROOM = (0.5, 0.42)  # around the box for axes, names and the bar, along and up
ARROWS = 250
STRIP = 0.2  # width over thickness of a stack's layers in the fields, which means nothing
LOG_FROM = 30.0  # ratio of values beyond which a linear scale shows only the double layer
FAINTEST = 1e-5  # of the strongest current; below lies round-off
NAMED = 0.06  # of the box: lower regions have neither a name nor numbers
FLATTEST = 0.04  # of the box: a section flatter than that at true aspect is not drawn so
UNITS = {"site_fraction": "", "potential": "V", "conductivity": "S/m", "current_density": "A/m2"}
COLOURS = "Viridis (matplotlib)"
BLACK = [0.0, 0.0, 0.0]
Bounds = tuple[float, float, float, float]  # x from, to, y from, to, m


def main() -> None:
    """Load the fields, draw each view."""
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: pvpython standard_views.py RUN [OUT]")
    index = Path(sys.argv[1]) / "fields" / "fields.pvd"
    if not index.is_file():
        sys.exit(f"{index}: not there; give the directory of a run that wrote fields")
    out = Path(sys.argv[2]) if len(sys.argv) == 3 else Path(sys.argv[1]) / "paraview"
    out.mkdir(parents=True, exist_ok=True)
    held = arrays_of_regions(index)
    fields = pv.PVDReader(FileName=str(index.resolve()))
    time = float(fields.TimestepValues[-1])
    regions, bounds = {}, {}
    for number, region in enumerate(held):
        regions[region] = only(fields, number)
        regions[region].UpdatePipeline(time)
        bounds[region] = tuple(regions[region].GetDataInformation().GetBounds()[:4])
    stack = all(abs((x1 - x0) - STRIP * (y1 - y0)) < 1e-6 * (y1 - y0) for x0, x1, y0, y1 in bounds.values())
    names = sorted({name for arrays in held.values() for name in arrays})
    shown = [name for name in names if name.startswith(("site_fraction_", "conductivity")) or name == "potential"]
    current = [name for name in names if name.startswith("current_density")]
    for name in shown + current[:1]:
        own = {region: regions[region] for region in held if name in held[region]}
        for ending, places in layouts({region: bounds[region] for region in own}, stack).items():
            view = new_view(time)
            spans = {}
            for region, source in own.items():
                spans[region] = draw(source, name, region, bounds[region], places[region], view, time, stack)
            finish(view, f"{name} at t = {time:.9g} s, {ending or 'each band stretched'}", spans, name)
            path = out / plain(f"{name}{'_true' if ending else ''}.png")
            pv.SaveScreenshot(str(path), view, ImageResolution=SIZE)
            sys.stdout.write(f"{path}\n")
            pv.Delete(view)


def arrays_of_regions(index: Path) -> dict[str, set[str]]:
    """Return the names of the arrays in the last file of each region; what follows the head of a file is binary."""
    found = {}
    for entry in ElementTree.parse(index).getroot().iter("DataSet"):
        head = (index.parent / entry.attrib["file"]).read_bytes().partition(b"<AppendedData")[0]
        found[entry.attrib["name"]] = set(re.findall(r'Name="([^"]+)"', head.decode()))
    return found


def plain(name: str) -> str:
    """Return a name that every file system takes."""
    return re.sub(r"[^A-Za-z0-9_.+-]", "_", name)


def only(fields: Any, number: int) -> Any:
    """Return the fields of the region of a number."""
    part = pv.Threshold(Input=fields, Scalars=["CELLS", "region"])
    part.LowerThreshold, part.UpperThreshold = number, number
    return pv.MergeBlocks(Input=part)


def layouts(bounds: dict[str, Bounds], stack: bool) -> dict[str, dict[str, Bounds]]:
    """Return where the regions are drawn, by words on it: in bands, and of a section at true aspect."""
    layers = sorted({(y0, y1) for _, _, y0, y1 in bounds.values()})
    weights = [(y1 - y0) ** EXPONENT for y0, y1 in layers]
    high = BOX[1] - GAP * (len(layers) - 1)
    left, right = min(b[0] for b in bounds.values()), max(b[1] for b in bounds.values())
    top, bands = 0.0, {}
    for layer, weight in zip(layers, weights):  # noqa: B905  pvpython may be of an older Python
        bands[layer] = (top, top + high * weight / sum(weights))
        top = bands[layer][1] + GAP
    found: dict[str, dict[str, Bounds]] = {"": {}}
    for region, (x0, x1, y0, y1) in bounds.items():
        across = (0.0, 1.0) if stack else ((x0 - left) / (right - left), (x1 - left) / (right - left))
        found[""][region] = (across[0] * BOX[0], across[1] * BOX[0], *bands[y0, y1])
    if not stack:
        first, last = layers[0][0], max(y1 for _, y1 in layers)
        factor = min(BOX[0] / (right - left), BOX[1] / (last - first))
        if (last - first) * factor < FLATTEST:
            return found
        found["true aspect"] = {
            region: ((x0 - left) * factor, (x1 - left) * factor, (y0 - first) * factor, (y1 - first) * factor)
            for region, (x0, x1, y0, y1) in bounds.items()
        }
    return found


def draw(
    source: Any, array: str, region: str, bounds: Bounds, place: Bounds, view: Any, time: float, stack: bool
) -> tuple[Any, float, float, bool]:
    """Draw an array of a region where it belongs; return its colours, the ends of its scale and whether it is
    logarithmic."""
    vector = array.startswith("current_density")
    x0, x1, y0, y1 = bounds
    (fx, ux), (fy, uy) = prefix(x1 - x0, "m"), prefix(y1 - y0, "m")
    own = pv.Transform(Input=source, TransformAllInputVectors=0)
    own.Transform.Scale = [fx, fy, 1.0]
    own.Transform.Translate = [0.0, -y0 * fy, 0.0]  # depth from where the region begins
    own.UpdatePipeline(time)
    scales = [(place[1] - place[0]) / ((x1 - x0) * fx), (place[3] - place[2]) / ((y1 - y0) * fy), 1.0]
    position = [place[0] - x0 * fx * scales[0], place[2], 0.0]
    shown = pv.Show(own, view, "UnstructuredGridRepresentation")
    shown.Scale, shown.Position = scales, position
    shown.Ambient, shown.Diffuse = 1.0, 0.0
    high = place[3] - place[2]
    if high > NAMED:
        write(view, region, 0.5 * (place[0] + place[1]), place[2] - 0.01, "Center", "Bottom")
    for along, factor, low, length, unit in (("x", fx, x0, x1 - x0, ux), ("y", fy, 0.0, y1 - y0, uy)):
        if (along == "x" and stack) or high < NAMED:
            continue
        room = max(1, round(high / 0.08)) if along == "y" else 5
        found = ticks(low * factor, (low + length) * factor, min(room, 5))
        for value in found:
            share = (value / factor - low) / length
            text = f"{value:g} {unit}" if value == found[-1] else f"{value:g}"
            if along == "x":
                write(view, text, place[0] + share * (place[1] - place[0]) - 0.008, place[3] + 0.045, "Left", "Bottom")
            else:
                write(view, f"{text} -", place[0] - 0.01, place[2] + share * high + 0.013, "Right", "Bottom")
    if vector:
        shown.ColorArrayName, shown.AmbientColor = ["CELLS", ""], [0.9, 0.9, 0.9]
        return draw_arrows(own, array, scales, position, place, view, time)
    low, high = (float(end) for end in own.CellData[array].GetRange())
    return colour(shown, ("CELLS", array), low, high)


def write(view: Any, text: str, x: float, y: float, across: str, up: str) -> None:
    """Write at a place of the picture. The axes of ParaView do not know that a region is stretched."""
    label = pv.Show(pv.Text(Text=text), view, "TextSourceRepresentation")
    label.TextPropMode = "Billboard 3D Text"
    label.BillboardPosition = [x, y, -0.1]
    label.Color, label.FontSize, label.Justification, label.VerticalJustification = BLACK, 14, across, up


def draw_arrows(
    own: Any, array: str, scales: list[float], position: list[float], place: Bounds, view: Any, time: float
) -> tuple[Any, float, float, bool]:
    """Draw a vector array as arrows of equal length in the direction that its lines have in the stretched picture."""
    stretched = pv.Calculator(Input=own, AttributeType="Cell Data", ResultArrayName="stretched")
    (x0, x1), (y0, y1) = ((place[2 * k], place[2 * k + 1]) for k in (0, 1))
    bounds = own.GetDataInformation().GetBounds()
    across, down = (x1 - x0) / (bounds[1] - bounds[0]), (y1 - y0) / (bounds[3] - bounds[2])
    fx, fy = own.Transform.Scale[0], own.Transform.Scale[1]
    stretched.Function = f"{array}_X*{across * fx!r}*iHat+{array}_Y*{down * fy!r}*jHat"
    sized = pv.Calculator(Input=stretched, AttributeType="Cell Data", ResultArrayName="size")
    sized.Function = f"mag({array})"
    high = float(own.CellData[array].GetRange(-1)[1])
    low = max(float(own.CellData[array].GetRange(-1)[0]), FAINTEST * high)
    strong = pv.Threshold(Input=sized, Scalars=["CELLS", "size"])
    strong.LowerThreshold, strong.UpperThreshold = low, high
    placed = pv.Transform(Input=strong, TransformAllInputVectors=0)
    placed.Transform.Scale, placed.Transform.Translate = scales, position
    arrows = pv.Glyph(Input=pv.CellCenters(Input=placed), GlyphType="2D Glyph")
    arrows.OrientationArray, arrows.ScaleArray = ["POINTS", "stretched"], ["POINTS", "No scale array"]
    area = (x1 - x0) * (y1 - y0)
    arrows.ScaleFactor = min(0.7 * (BOX[0] * BOX[1] / ARROWS) ** 0.5, 0.8 * (y1 - y0))
    arrows.GlyphMode = "Uniform Spatial Distribution (Bounds Based)"
    arrows.MaximumNumberOfSamplePoints = max(8, round(ARROWS * area / (BOX[0] * BOX[1])))
    shown = pv.Show(arrows, view, "GeometryRepresentation")
    shown.LineWidth, shown.Ambient, shown.Diffuse = 2.0, 1.0, 0.0
    shown.Position = [0.0, 0.0, -0.05]  # before the ground, as the camera sees it
    arrows.UpdatePipeline(time)
    return colour(shown, ("POINTS", array), low, high)


def new_view(time: float) -> Any:
    """Return an empty white view."""
    view = pv.CreateView("RenderView")
    view.ViewSize, view.ViewTime = SIZE, time
    view.OrientationAxesVisibility = view.UseColorPaletteForBackground = 0
    view.Background = [1.0, 1.0, 1.0]
    return view


def colour(shown: Any, array: tuple[str, str], low: float, high: float) -> tuple[Any, float, float, bool]:
    """Colour by an array over a span of its own."""
    pv.ColorBy(shown, array, separate=True)
    table = pv.GetColorTransferFunction(array[1], shown, separate=True)
    table.ApplyPreset(COLOURS, True)
    log = not array[1].startswith(("site_fraction", "potential")) and low > 0.0 and high > LOG_FROM * low
    if not high > low:
        low, high = low - 0.01 * (abs(low) or 1.0), high + 0.01 * (abs(high) or 1.0)
    table.RescaleTransferFunction(low, high)
    if log:
        table.MapControlPointsToLogSpace()
        table.UseLogScale = 1
    return table, low, high, log


def finish(view: Any, words: str, spans: dict[str, tuple[Any, float, float, bool]], array: str) -> None:
    """Add the bars, say what is shown and put the gate on top."""
    for number, (region, (table, low, high, log)) in enumerate(spans.items()):
        bar = pv.GetScalarBar(table, view)
        unit = next((unit for name, unit in UNITS.items() if array.startswith(name)), "")
        bar.Title, bar.ComponentTitle = f"{region} ({unit})" if unit else region, ""
        bar.TitleColor = bar.LabelColor = BLACK
        bar.TitleFontSize = bar.LabelFontSize = 14
        bar.AutomaticLabelFormat, bar.AddRangeLabels, bar.UseCustomLabels = 0, 0, 1
        bar.CustomLabels = decades(low, high) if log else ticks(low, high)
        bar.LabelFormat = "%.0e" if log else digits(ticks(low, high))
        bar.Orientation, bar.WindowLocation = "Vertical", "Any Location"
        share = 0.86 / len(spans)
        bar.Position, bar.ScalarBarLength = [0.87, 0.9 - share * (number + 1)], share - 0.14
        bar.Visibility = 1
    label = pv.Show(pv.Text(Text=words), view, "TextSourceRepresentation")
    label.Color, label.WindowLocation, label.FontSize = BLACK, "Upper Center", 18
    view.CameraParallelProjection = 1
    middle = [0.5 * BOX[0] + 0.12, 0.5 * BOX[1]]
    view.CameraFocalPoint, view.CameraPosition = [*middle, 0.0], [*middle, -10.0]
    view.CameraViewUp = [0.0, -1.0, 0.0]
    view.CameraParallelScale = 0.5 * max(BOX[1] + ROOM[1], (BOX[0] + 2.0 * ROOM[0]) * SIZE[1] / SIZE[0])


if __name__ == "__main__":
    main()
