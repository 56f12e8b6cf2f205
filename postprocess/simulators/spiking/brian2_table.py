"""A kernel that is a table (`pair_table`), in the words of Brian 2.

The file holds the rows and writes their straight lines out as one expression of `late`, which is |dt| in s:
    change = change_1 + sum over k of slope_k (clip(late, x_k, x_k+1) - x_k),  0 beyond the last row
"""

from collections.abc import Iterator, Sequence

from .pair_table import PairTable


def brian2_table(table: PairTable, told: Sequence[str], start: str, low: str, high: str) -> Iterator[str]:
    """Give the lines of a kernel that is a table; told: comments; start, low, high: conductances, S."""
    yield from (
        "# Synapses(pre, post, STDP_MODEL, on_pre=STDP_ON_PRE, on_post=STDP_ON_POST, namespace=STDP_NAMESPACE);",
        "# then synapses.G = STDP_START. Add what a spike does to your neuron to STDP_ON_PRE.",
        "# dt = t_post - t_pre; a spike pairs with the last one of the other neuron, straight lines between rows.",
        *told,
        "# Rows of (|dt| in s, change of G in S).",
        *rows("PRE_THEN_POST", table.side(1.0)),
        *rows("POST_THEN_PRE", table.side(-1.0)),
        "",
        "",
        "def change(rows):",
        '    """Return the change of G as an expression of `late`, |dt| in s."""',
        "    lines = [",
        '        f"({(y2 - y1) / (x2 - x1)!r})*(clip(late, {x1!r}, {x2!r}) - {x1!r})"',
        "        for (x1, y1), (x2, y2) in zip(rows[:-1], rows[1:])",
        "    ]",
        "    return f\"int(late <= {rows[-1][0]!r})*({rows[0][1]!r} + {' + '.join(lines)})\"",
        "",
        "",
        'STDP_MODEL = """',
        "G : siemens",
        "pre_fired : second",
        "post_fired : second",
        "pre_known : 1",
        "post_known : 1",
        '"""',
        'STDP_ON_PRE = f"""',
        "late = (t - post_fired)/second",
        "G = clip(G + post_known*({change(POST_THEN_PRE)})*siemens, G_min, G_max)",
        "pre_fired = t",
        "pre_known = 1",
        '"""',
        'STDP_ON_POST = f"""',
        "late = (t - pre_fired)/second",
        "G = clip(G + pre_known*({change(PRE_THEN_POST)})*siemens, G_min, G_max)",
        "post_fired = t",
        "post_known = 1",
        '"""',
        f"STDP_START = {start} * siemens",
        "STDP_NAMESPACE = {",
        f'    "G_min": {low} * siemens,',
        f'    "G_max": {high} * siemens,',
        "}",
    )


def rows(name: str, side: Sequence[tuple[float, float]]) -> Iterator[str]:
    """Give a list of rows (|dt| in s, change in S)."""
    yield f"{name} = ["
    yield from (f"    ({float(f'{x:.9g}')!r}, {float(f'{y:.9g}')!r})," for x, y in side)
    yield "]"
