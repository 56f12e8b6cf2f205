"""The cards of `eisfv characterise` side by side: a line for every case, in cards.md.

`python cases/table1/cards.py` after `eisfv characterise` of the cases; those that have no card are named in one line.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from eisfv.postprocess.extract.card_figures import figures_of
from eisfv.postprocess.extract.card_picture import PANELS
from eisfv.postprocess.extract.card_series import SERIES
from eisfv.postprocess.extract.measured import Measured
from eisfv.postprocess.extract.over_rest import answers_of
from eisfv.postprocess.extract.wording import number_text
from eisfv.result import ResultError

FOLDER = Path("runs") / "characterise"
HEADS = ("case", "jump", "tau", "PPF", "range", "N/A up", "N/A down", "asymmetry", "states", "energy", "kept")
WORDS = (
    "One line for every card of `eisfv characterise`: D at the end of a pulse up; time constant of what half a pulse",
    "leaves; second over first answer at a hundredth of a gap; largest D of twenty pulses up and twenty down, bend of",
    "both (N/A, 0: straight), their asymmetry and states; energy of a pulse, all of it; share of the train's D that is",
    "left after a hundred gaps. Then the directions of Fig. 2: what is left against rate, height, width and number of",
    "pulses, and of pairs of spikes with the post before the pre and after it. `.`: below what the run resolves, or no",
    "fit; the card says which.",
)


def cards(place: Path, names: Sequence[str]) -> list[str]:
    """Return the table of the cards below the cases of a folder, its words before it."""
    heads = (*HEADS, *(name.upper() for name in SERIES))
    lines = [
        "# Nine protocols on sixteen devices",
        "",
        *WORDS,
        "",
        f"| {' | '.join(heads)} |",
        "|" + " --- |" * len(heads),
    ]
    without = []
    for name in names:
        try:
            answers = {one: answers_of(place / name / FOLDER / one) for one in PANELS}
        except ResultError:
            without.append(name)
            continue
        figures = figures_of(answers)
        cells = [*line(figures), *(direction(one, figures) for one in SERIES)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return [*lines, *(["", f"Not run: {', '.join(without)}."] if without else [])]


def line(figures: Mapping[str, Measured]) -> list[str]:
    """Return the cells of a card's figures; "-" for those that its device has not."""
    index = [name for name in figures if name.startswith("PPF index")]
    chosen = [
        next(iter(figures)),
        next((name for name in figures if name.startswith("tau")), ""),
        index[0],
        "range",
        *("nonlinearity (N/A) up", "nonlinearity (N/A) down", "asymmetry", "number of states"),
        "energy per pulse",
        "retention",
    ]
    return [text(figures.get(name)) for name in chosen]


def text(figure: Measured | None) -> str:
    """Return a figure with three digits."""
    if figure is None:
        return "-"
    return "." if figure.value is None else number_text(figure.value, figure.unit, 3)


def direction(series: str, figures: Mapping[str, Measured]) -> str:
    """Return which way D goes along a series of which at least two are read: of STDP D at the shortest delays."""
    values = [figure.value for name, figure in figures.items() if name.startswith(f"{series.upper()}, ")]
    if series == "stdp":
        middle = len(values) // 2
        before, after = values[middle - 1], values[middle]
        return "." if before is None and after is None else f"{sign(before)} {sign(after)}"
    read = [value for value in values if value is not None]
    if len(read) < 2:
        return "."
    steps = [later - earlier for earlier, later in pairwise(read)]
    least = 0.01 * max(map(abs, read))
    if max(map(abs, steps)) < least:
        return "level"
    # The rates are driven in the order of their gaps, which is that of falling rates.
    upward = [step > 0.0 for step in (steps if series != "srdp" else [-step for step in steps])]
    return "rises" if all(upward) else "falls" if not any(upward) else "turns"


def sign(value: float | None) -> str:
    """Return the sign of what is read."""
    return "." if value is None else "+" if value > 0.0 else "\N{MINUS SIGN}"


def main() -> None:
    """Write the table."""
    here = Path(__file__).parent
    names = sorted(file.parent.name for file in here.glob("*/expected.toml"))
    (here / "cards.md").write_text("\n".join(cards(here, names)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
