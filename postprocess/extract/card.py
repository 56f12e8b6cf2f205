"""card.md and card.html: what a device does under the shipped protocol files, on one page that needs no other."""

from base64 import b64encode
from collections.abc import Mapping
from html import escape
from pathlib import Path

from eisfv.result.atomic import write_atomic

from .card_figures import figures_of
from .card_picture import PANELS, card_picture
from .measured import Measured
from .over_rest import TOLERANCES, answers_of
from .report import STYLE
from .wording import interval_text, value_text

CARD, PAGE, PICTURE = "card.md", "card.html", "card.png"
HEAD = ("figure", "value", "95 % interval", "from")
WORDS = (
    "D(t) = G(t) \N{MINUS SIGN} G_rest(t): the conductance less that of the same device at rest from the same state. "
    "Of a device without a read-out G is its current. "
    f"Nothing is read where |D| is below {TOLERANCES:g} times the tolerance of a time step times G, "
    "of a current times its charge over the time since the last edge of a pulse; "
    "such a D is an empty mark, and grey in D(t)."
)
ALT = "nine panels, one of each protocol file"


def write_card(title: str, place: Path) -> tuple[Mapping[str, Measured], tuple[Path, ...]]:
    """Read the runs of the protocol files below `place`, write the card there, and return its figures and its files.

    Raises ResultError.
    """
    answers = {name: answers_of(place / name) for name in PANELS}
    figures = figures_of(answers)
    picture = card_picture(answers)
    texts = {PICTURE: picture, CARD: markdown(title, figures).encode(), PAGE: page(title, figures, picture).encode()}
    for name, data in texts.items():
        write_atomic(place / name, data)
    return figures, tuple(place / name for name in texts)


def row(name: str, figure: Measured) -> tuple[str, ...]:
    """Return a line of the table."""
    value = f"none: {figure.reason}" if figure.value is None else value_text(figure)
    return name, value, interval_text(figure), figure.window


def markdown(title: str, figures: Mapping[str, Measured]) -> str:
    """Return the card as Markdown."""
    rows = [HEAD, ("---",) * len(HEAD), *(row(name, figure) for name, figure in figures.items())]
    table = "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |" for cells in rows)
    return f"# {title}\n\n{WORDS}\n\n![{ALT}]({PICTURE})\n\n{table}\n"


def page(title: str, figures: Mapping[str, Measured], picture: bytes) -> str:
    """Return the card as a page with its picture inside."""
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    lines = ["".join(f"<th>{escape(cell)}</th>" for cell in HEAD)]
    lines += ["".join(f"<td>{escape(cell)}</td>" for cell in row(name, figure)) for name, figure in figures.items()]
    return "\n".join(
        (
            f'<!DOCTYPE html>\n<html lang="en"><head>{head}<title>{escape(title)}</title><style>{STYLE}</style></head>',
            f"<body><h1>{escape(title)}</h1><p>{escape(WORDS)}</p>",
            f'<figure><img alt="{ALT}" src="data:image/png;base64,{b64encode(picture).decode()}"></figure>',
            f'<div class="wide"><table>{"".join(f"<tr>{line}</tr>" for line in lines)}</table></div>',
            "</body></html>",
            "",
        )
    )
