"""The table of the pulses, as printed at the end of a run."""

from collections.abc import Iterator

from eisfv.postprocess.quantities.prefixes import scale
from eisfv.result import Run

# header of pulses.csv, what a reader sees, unit
COLUMNS = (
    ("t_start_s", "start", "s"),
    ("G_before_S", "G before", "S"),
    ("G_after_S", "G after", "S"),
    ("dG_S", "dG", "S"),
    ("charge_C", "charge", "C"),
    ("energy_J", "energy", "J"),
)
SHOWN = 40  # rows; more than these say nothing a picture does not say better


def pulse_lines(run: Run) -> Iterator[str]:
    """Give the lines of the table: one row a pulse, each column in one prefixed unit; none without pulses."""
    pulses = run.pulses
    if not pulses or not len(pulses["index"]):
        return
    units = pulses["amplitude_unit"]
    scales = [scale(pulses[name], unit) if unit != "s" else (1.0, "s") for name, _, unit in COLUMNS]
    heads = [f"{title} ({unit})" for (_, title, _), (_, unit) in zip(COLUMNS, scales, strict=True)]
    yield f"{'pulse':>5}  {'amplitude':>10}  " + "  ".join(f"{head:>12}" for head in heads) + f"  {'x channel':>10}"
    count = len(pulses["index"])
    rows = range(count) if count <= SHOWN else [*range(SHOWN // 2), *range(count - SHOWN // 2, count)]
    for k, row in enumerate(rows):
        if k and row != rows[k - 1] + 1:
            yield f"  ...  {row - rows[k - 1] - 1} more in pulses.csv"
        factor, unit = scale([pulses["amplitude"][row]], str(units[row]))
        amplitude = f"{pulses['amplitude'][row] * factor:.4g} {unit}"
        cells = [f"{pulses[name][row] * s:12.5g}" for (name, _, _), (s, _) in zip(COLUMNS, scales, strict=True)]
        head = f"{int(pulses['index'][row]):5d}  {amplitude:>10}  "
        yield head + "  ".join(cells) + f"  {pulses['x_channel'][row]:10.6f}"
