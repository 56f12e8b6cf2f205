"""What a notebook shows of a case and of a run: one small table each."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from eisfv.postprocess.quantities.prefixes import duration_text, quantity

if TYPE_CHECKING:
    from eisfv.api.run import Run
    from eisfv.case.case import Case
    from eisfv.model.regions import Region

SHOWN = 6  # pulses of a run


def of_case(case: "Case") -> str:
    """Return a case: its regions from the gate to the channel, and the protocol in a line."""
    device, protocol = case.device, case.protocol
    rows = [
        (region.name, region.material.name, quantity(region.height, "m", 4), start(region)) for region in device.regions
    ]
    pulses = f", {protocol.pulses} pulses" if protocol.pulses else ""
    size = f"{device.area * 1e4:.4g} cm²" if device.section is None else "section"
    line = f"{size}, {device.temperature:g} K; {len(protocol)} steps{pulses}, {duration_text(protocol.duration)}"
    return page(case.title, [line], table(("region", "material", "thickness", "start"), rows))


def start(region: "Region") -> str:
    """Return where a region starts."""
    return "" if region.initial.x is None else f"x = {region.initial.x:g}"


def of_run(run: "Run") -> str:
    """Return a run: its state, its numerical error, its first pulses."""
    pulses = run.pulses
    where = "in memory" if run.directory is None else str(run.directory)
    time = run.terminals.coords.get("time", ())  # a run that has only begun has no table yet
    reached = f" at {duration_text(float(time[-1]))}" if len(time) else ""
    lines = [f"{run.state}{reached}, {where}"]
    error = run.numerical_error
    if len(error):
        worst = ", ".join(f"{kind} {error[kind].max():.1e} ({error[kind].idxmax()})" for kind in ("mesh", "time"))
        lines.append(f"numerical error: {worst}" + ("; not resolved" if error.unresolved.any() else ""))
    if not len(pulses):
        return page(run.title, lines, "")
    rows: list[tuple[str, ...]] = [
        (
            str(number),
            quantity(row.amplitude, row.amplitude_unit, 4),
            quantity(row.G_before_S, "S", 5),
            quantity(row.dG_S, "S", 4),
            quantity(row.charge_C, "C", 4),
            quantity(row.energy_J, "J", 4),
        )
        for number, row in pulses.head(SHOWN).iterrows()
    ]
    if len(pulses) > SHOWN:
        rows.append((f"{len(pulses) - SHOWN} more", *[""] * 5))
    return page(run.title, lines, table(("pulse", "amplitude", "G before", "ΔG", "charge", "energy"), rows))


def page(title: str, lines: Iterable[str], body: str) -> str:
    """Return a title, lines, and a table below."""
    return f"<div><b>{escape(title)}</b><br>{'<br>'.join(map(escape, lines))}{body}</div>"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of texts."""
    lines = [f"<tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>"]
    lines += [f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows]
    return f"<table>{''.join(lines)}</table>"
