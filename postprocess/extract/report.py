"""report.html: one file that needs no other: what was measured, the fits over the data, what the targets say."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from eisfv.model import CaseFile
from eisfv.postprocess.quantities.prefixes import quantity
from eisfv.versions import package_version

from .measured import Extraction, Measured, Picture, Section, Written
from .report_pictures import pictures
from .wording import counted, interval_text, title_of, value_text

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 0 auto; max-width: 64rem;
  padding: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; } h3 { font-size: 1.05rem; }
h2 { font-size: 1.25rem; margin-top: 2.2rem; border-top: 1px solid #ccc; padding-top: 1rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 0.9rem; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 1rem 0.25rem 0; border-bottom: 1px solid #e4e4e4; }
th { border-bottom: 2px solid #888; } .measured { width: 100%; }
.measured td:nth-child(-n+4) { white-space: nowrap; } .measured td:last-child { width: 45%; }
figure { margin: 1.2rem 0; } img { max-width: 100%; height: auto; } figcaption { font-size: 0.9rem; color: #444; }
code { font-size: 0.95em; } p.none { font-size: 0.9rem; color: #555; margin: 0.5rem 0; overflow-wrap: break-word; }
p.note { border-left: 4px solid #b8a24f; padding-left: 0.8rem; }
@media (max-width: 44rem) { .measured th { display: none; } .measured td { display: block; border: 0; padding: 0; }
  .measured tr { display: block; border-bottom: 1px solid #ccc; padding: 0.4rem 0; }
  .measured td:last-child { width: auto; } .measured td:nth-child(4):not(:empty)::after { content: " points"; } }
"""
# Quantities by the beginnings of their names; the rest comes last.
GROUPS = (
    ("Levels", ("G_", "on_off", "usable", "states")),
    ("Steps", ("symmetry", "step_", "slope_", "asymmetry")),
    ("Trains", ("nonlinearity", "saturation", "cycle")),
    ("Charge, amplitude, width", ("dG_per",)),
    ("Energy", ("energy",)),
    ("Retention", ("retention",)),
    ("Short-term decay and paired pulses", ("short_term", "paired")),
    ("Open circuit", ("ocv",)),
    ("Others", ("",)),
)
HEAD = ("quantity", "value", "95 % interval", "points", "from")


def report_text(extraction: Extraction, written: Mapping[str, Written]) -> str:
    """Return the report."""
    title = title_of(extraction.runs[0])
    body = [
        f"<h1>{escape(title)}</h1>",
        *provenance(extraction),
        *(f'<p class="note">{escape(note)}</p>' for note in extraction.notes),
        "<h2>Quantities</h2>",
        "<p>Intervals are of 95 %, from the covariance of the fit with Student's t, or of a mean. They take what a fit "
        "leaves as independent; in a deterministic run it is history, not noise.</p>",
        *quantity_tables(extraction.quantities),
        *choices(extraction.choices),
        "<h2>Fits over the data</h2>",
        *(picture for one in pictures(extraction) for picture in image(one)),
        *(line for name, one in written.items() for line in target_lines(name, one)),
    ]
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    return "\n".join(
        (
            f'<!DOCTYPE html>\n<html lang="en"><head>{head}<title>{escape(title)}</title><style>{STYLE}</style></head>',
            "<body>",
            *body,
            "</body></html>",
            "",
        )
    )


def provenance(extraction: Extraction) -> Iterator[str]:
    """Give where the numbers are from."""
    yield f"<p>Compact model extracted by eisfv {escape(package_version('eisfv'))} from</p><ul>"
    for number, run in enumerate(extraction.runs):
        count = counted(int((extraction.pulses.run == number).sum()), "pulse")
        what = f"{run.status.state}, {run.status.simulated_time:.6g} s, {count}"
        yield f"<li><code>{escape(str(run.path))}</code> ({escape(what)})</li>"
    yield "</ul>"
    yield from device_lines(extraction.cases[0])
    yield "<p>The same numbers, unrounded, are in <code>extract.json</code>.</p>"


def device_lines(case: CaseFile) -> Iterator[str]:
    """Give the layers with their materials, the temperature and the area."""
    device = case.device
    facts = [f"{float(device.temperature):g} K"]
    facts += [f"area {float(device.area) * 1e12:.4g} \N{MICRO SIGN}m\N{SUPERSCRIPT TWO}"] if device.area else []
    yield f"<p>The device, from gate to channel, at {escape(', '.join(facts))}:</p><ul>"
    for region in device.region:
        thickness = f", {quantity(float(region.thickness), 'm')}" if region.thickness is not None else ""
        yield f"<li>{escape(region.name)}: <code>{escape(region.material.name)}</code>{escape(thickness)}</li>"
    yield "</ul>"


def quantity_tables(quantities: Mapping[str, Measured]) -> Iterator[str]:
    """Give the tables of the quantities by group; those null for one reason share a row."""
    left = dict(quantities)
    for title, beginnings in GROUPS:
        own = {name: left.pop(name) for name in list(left) if name.startswith(beginnings)}
        if own:
            yield f"<h3>{title}</h3>"
            yield from measured_table(own)


def measured_table(quantities: Mapping[str, Measured]) -> Iterator[str]:
    """Give a table of measured values, then what is null and why."""
    known = {name: one for name, one in quantities.items() if one.value is not None}
    if known:
        yield '<div class="wide"><table class="measured"><tr>'
        yield from (f"<th>{word}</th>" for word in HEAD)
        yield "</tr>"
    for name, one in known.items():
        fit = f"; the fit leaves {one.residual:.2g}" if one.residual is not None else ""
        cells = (escape(text) for text in (value_text(one), interval_text(one), str(one.points), one.window + fit))
        yield f"<tr><td><code>{escape(name)}</code></td>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    if known:
        yield "</table></div>"
    reasons: dict[tuple[str, str], list[str]] = {}
    for name, one in quantities.items():
        if one.value is None:
            reasons.setdefault((value_text(one), one.reason), []).append(name)
    for (value, reason), names in reasons.items():
        words = ", ".join(f"<code>{escape(name)}</code>" for name in names)
        yield f'<p class="none">{words}: {escape(value)}: {escape(reason)}</p>'


def choices(chosen: Mapping[str, str]) -> Iterator[str]:
    """Give what was taken where there was a choice."""
    if chosen:
        yield "<h3>What was taken</h3><ul>"
        yield from (f"<li><code>{escape(name)}</code>: {escape(words)}</li>" for name, words in chosen.items())
        yield "</ul>"


def target_lines(name: str, written: Written) -> Iterator[str]:
    """Give the part of a target: its section, its files, or the reason why there are none."""
    section = written.section or Section(name)
    yield f"<h2>{escape(section.title)}</h2>"
    if written.reason:
        yield f'<p class="note">{escape(name)}: nothing written: {escape(written.reason)}</p>'
    yield from (f"<p>{escape(text)}</p>" for text in section.paragraphs)
    if section.rows:
        yield from plain_table(section.rows)
    yield from (line for one in section.figures for line in image(one))
    if written.files:
        yield "<p>Files: " + ", ".join(f"<code>{escape(path.name)}</code>" for path in written.files) + "</p>"


def plain_table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Give a table of texts; the first row is its head."""
    yield '<div class="wide"><table>'
    for number, row in enumerate(rows):
        mark = "td" if number else "th"
        yield "<tr>" + "".join(f"<{mark}>{escape(cell)}</{mark}>" for cell in row) + "</tr>"
    yield "</table></div>"


def image(one: Picture) -> Iterator[str]:
    """Give a picture within the text."""
    data = b64encode(one.png).decode()
    yield f'<figure><img src="data:image/png;base64,{data}" alt="{escape(one.caption)}">'
    yield f"<figcaption>{escape(one.caption)}</figcaption></figure>"
