"""plots/section_*.png and .gif: a section in colours, stretched so that films can be seen, and at true aspect."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.fields.blocks import Block, block_of, polygons_of
from eisfv.postprocess.fields.vectors import VECTOR
from eisfv.postprocess.fields.vtu import field_records
from eisfv.result import ResultError, Run
from eisfv.result.errors import clear_errors
from eisfv.result.file_names import PLOTS, section_file

from .contact_marks import contacts_of
from .current_arrows import draw_arrows
from .moments import moment
from .section_bands import Band, stretched_bands, true_band
from .section_picture import SectionPicture
from .section_quantities import SectionQuantity, is_section, profile_of, scales_of, with_current
from .style import save

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FRAMES = 100  # of an animation: they are held in memory until it is written
FRAMES_PER_SECOND = 8
FRAME_DPI = 110


def draw_sections(run: Run, ending: str = "png") -> list[Path]:
    """Draw every quantity of a section at the last field time and return the paths; none of a stack."""
    from matplotlib.figure import Figure

    if not is_section(run):
        return []
    blocks = _blocks(run)
    record = field_records(run)[-1]
    bands, true = stretched_bands(list(blocks.values())), true_band(list(blocks.values()), _channel(blocks))
    contacts = contacts_of(run, blocks)
    written = []
    for shown in with_current(run):
        scales = scales_of(run, shown, [record])
        views = (("", holding(bands, shown, blocks), "stretched"), ("_true", [true], _true_words(true, blocks)))
        for view, laid_out, words in views:
            figure = Figure()
            picture = SectionPicture(figure, blocks, laid_out, shown, scales, contacts)
            _fill(picture, run, record, words)
            written.append(save(figure, run.path / PLOTS / section_file(shown.variable + view, ending)))
    return written


def names_of_sections(run: Run) -> list[str]:
    """Return the quantities of a section that are drawn; none of a stack."""
    if not is_section(run):
        return []
    return [shown.variable for shown in with_current(run)]


def draw_quantity(run: Run, variable: str, figure: "Figure") -> None:
    """Draw a quantity of a section at the last field time into a figure, stretched so that films can be seen."""
    record = field_records(run)[-1]
    _fill(_stretched(run, _chosen(run, variable), [record], figure), run, record, "stretched")


def animate_section(run: Run, variable: str | None = None) -> Path:
    """Write a quantity, by default the filling of the hosts, over the field times; return the path.

    Raises ResultError for a stack, for a run of one field time, and for a quantity that is not drawn.
    """
    from matplotlib.animation import PillowWriter
    from matplotlib.figure import Figure

    if not is_section(run):
        raise ResultError(f"{run.path}: no section to animate; a stack's profiles are in plots/profiles.png")
    records = _frames(run)
    shown = _chosen(run, variable)
    path = run.path / PLOTS / section_file(shown.variable, "gif")
    figure = Figure()
    picture = _stretched(run, shown, records, figure)
    writer = PillowWriter(FRAMES_PER_SECOND)
    with clear_errors(path):
        path.parent.mkdir(exist_ok=True)
        with writer.saving(figure, path, FRAME_DPI):
            for record in records:
                picture.show(profile_of(run.profiles_at(record), shown.variable))
                picture.heading(run.title, _about(run, shown, record, "stretched"))
                writer.grab_frame()
    return path


def _stretched(run: Run, shown: SectionQuantity, records: Sequence[int], figure: "Figure") -> SectionPicture:
    """Return the picture, still without colours, of a quantity in bands, its scales for some times."""
    blocks = _blocks(run)
    bands = holding(stretched_bands(list(blocks.values())), shown, blocks)
    return SectionPicture(figure, blocks, bands, shown, scales_of(run, shown, records), contacts_of(run, blocks))


def _fill(picture: SectionPicture, run: Run, record: int, words: str) -> None:
    """Give a picture the colours of a time, of the current its arrows as well, and its heading."""
    values, variable = run.profiles_at(record), picture.quantity.variable
    picture.show(profile_of(values, variable))
    if variable == VECTOR:
        draw_arrows(picture.panels, picture.blocks, values)
    picture.heading(run.title, _about(run, picture.quantity, record, words))


def holding(bands: list[Band], shown: SectionQuantity, blocks: dict[str, Block]) -> list[Band]:
    """Return the bands that show a region which holds a quantity; the others would be empty."""
    return [band for band in bands if any(band.sees(polygons_of(blocks[region])).any() for region in shown.regions)]


def _frames(run: Run) -> Sequence[int]:
    records = field_records(run)
    if len(records) < 2:
        records = list(range(run.profile_times.size))
    if len(records) < 2:
        raise ResultError(f'{run.path}: one time makes no animation; ask for more, as output.profiles.every = "1 s"')
    chosen = np.linspace(0, len(records) - 1, min(FRAMES, len(records))).round().astype(int)
    return [records[k] for k in chosen]


def _chosen(run: Run, variable: str | None) -> SectionQuantity:
    found = with_current(run)
    if variable is None:
        return next((q for q in found if q.variable.startswith("site_fraction_")), found[0])
    for shown in found:
        if shown.variable == variable:
            return shown
    raise ResultError(f'{run.path}: no section of "{variable}"; there are {", ".join(q.variable for q in found)}')


def _blocks(run: Run) -> dict[str, Block]:
    return {region: block_of(run.cells, region) for region in run.regions}


def _channel(blocks: dict[str, Block]) -> Block:
    return blocks.get("channel", list(blocks.values())[-1])


def _true_words(band: Band, blocks: dict[str, Block]) -> str:
    points = np.concatenate([block.points for block in blocks.values()])
    whole = np.array([points.min(axis=0), points.max(axis=0)]).T
    if np.allclose([band.x, band.y], whole, rtol=1e-6, atol=0.0):
        return "true aspect"
    return "true aspect, a part of the section"


def _about(run: Run, shown: SectionQuantity, record: int, words: str) -> str:
    return f"{shown.label} at t = {moment(run, record)}, {words}"
