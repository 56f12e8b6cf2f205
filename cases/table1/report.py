"""The devices against the review, of the last runs: report.md, report.html (its columns sort) and plane.png.

`python cases/table1/report.py` after `eisfv run` of every case.
"""

from html import escape
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

import eisfv
from eisfv.postprocess.pictures.style import STYLE
from eisfv.postprocess.quantities.paper_report import report_lines
from eisfv.postprocess.quantities.rows import Row

HERE = Path(__file__).parent
HEADS = ("case", "quantity", "review", "model", "ratio", "kind", "verdict")
VOLT = 0.0257  # kT/q at 298 K
NEAR, APART = 1.6, 1.35  # lengths of one group, and how far its devices stand apart, as ratios
# Bounds of these rows were written when the output was known; a sign needs no bound.
KNOWN = ("07_moo3", "14_wox_na", "15_sns2", "16_inox")
STAR = "*: the bound was written when the output was known; no prediction."
# case: (area um2, length of a pulse s, rows of the measures from and to, open-circuit voltage V, review fJ/um2)
DEVICES = {
    "01_wo3_nafion": (5e4, 5e-3, 21, 30, -0.0957765, 0.39),
    "02_wo3_psg": (250.0, 1.0, 204, 303, 0.0, 6.75),
    "03_ndnio3": (4000.0, 5.0, 41, 60, -0.15, 0.45),
    "04_wo3_hbn": (200.0, 1e-2, 294, 439, 0.0, None),
    "05_mxene": (2e4, 4e-6, 41, 60, 0.0, 80.0),
    "06_lista": (50.0, 2.0, 21, 40, 0.0, 2e4),  # out and in: their charges cancel
    "07_moo3": (50.0, 1e-2, 111, 160, 0.0, 3.6e7),
    "08_wse2": (3.0, 0.1, 24, 33, 0.0, 10.0),
    "09_mos2": (4.0, 0.1, 204, 303, 0.0, 1.25e5),
    "10_graphene": (60.0, 1e-2, 504, 1003, 0.0, 13.9),  # in and out
    "11_lco_two_terminal": (2500.0, 1e-2, 56, 80, 0.0, 1.6e6),
    "12_mos2_sio2": (100.0, 0.1, 5, 5, 0.0, None),
    "13_pva": (1e4, 0.1, 1, 1, 0.0, 1.32e-5),  # of an area that is assumed
    "14_wox_na": (14400.0, 1.0, 62, 91, 0.0, None),
    "15_sns2": (1e4, 5e-2, 106, 155, 0.0, None),
    "16_inox": (1500.0, 1.5e-2, 113, 162, 0.0, None),
}
LOSSES = {"10 µC/cm² through 0.1 Ω cm²": (0.1, 1e-5), "10 µC/cm² through 1e4 Ω cm²": (0.1, 1.0)}  # C/m2, ohm m2


def energy(case: str) -> tuple[float, float]:
    """Return what a pulse of a case spends beyond the open-circuit voltage, and kT/q times its charge, in fJ/um2."""
    area, _, first, last, rest, _ = DEVICES[case]
    run = eisfv.open(HERE / case)
    rows = (run.pulses if run.measures.empty else run.measures).iloc[first - 1 : last]
    spent = float(np.mean(rows["energy_J"] - rest * rows["charge_C"]))
    return 1e15 * spent / area, 1e15 * VOLT * float(np.mean(np.abs(rows["charge_C"]))) / area


def places(lengths: dict[str, float]) -> dict[str, float]:
    """Return where a device stands along the axis of lengths: those that are closer than their marks stand side by
    side about their mean, so that every mark has a place of its own."""
    found: dict[str, float] = {}
    ordered = sorted(lengths, key=lambda case: (lengths[case], case))
    while ordered:
        first = lengths[ordered[0]]
        near = [case for case in ordered if lengths[case] < NEAR * first]
        middle = float(np.exp(np.mean(np.log([lengths[case] for case in near]))))
        for number, case in enumerate(near):
            found[case] = middle * APART ** (number - 0.5 * (len(near) - 1))
        ordered = ordered[len(near) :]
    return found


def draw(points: dict[str, tuple[float, float]], out: Path) -> None:
    """Draw energy over area, and kT/q times the charge, against the length of a pulse."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9.0, 6.5), layout="constrained")
        axes = figure.subplots()
        label = {"model": "model", "least": "kT/q times its charge", "review": "review"}
        for case, time in places({case: DEVICES[case][1] for case in points}).items():
            review, (model, least) = DEVICES[case][5], points[case]
            ends = [value for value in (model, least, review) if value is not None]
            axes.plot([time, time], [min(ends), max(ends)], ":", color="0.6", lw=0.8, zorder=1)
            axes.plot(time, model, "o", color="C0", label=label.pop("model", None))
            axes.plot(time, least, "_", color="0.2", ms=9, mew=1.6, label=label.pop("least", None))
            if review is not None:
                axes.plot(time, review, "D", color="C2", mfc="none", label=label.pop("review", None))
            axes.annotate(
                case[:2].lstrip("0"), (time, max(ends)), xytext=(0, 5), textcoords="offset points", ha="center"
            )
        ends = np.array([1e-6, 20.0])
        for (words, (charge, resistance)), style in zip(LOSSES.items(), ("--", "-."), strict=True):
            axes.plot(ends, 1e3 * charge**2 * resistance / ends, style, color="0.3", label=words)
        axes.set(xscale="log", yscale="log", xlim=ends, ylim=(1e-8, 1e9))
        axes.set(xlabel="length of a pulse (s)", ylabel="energy of a pulse over the area (fJ/µm²)")
        axes.legend(loc="lower left", fontsize="small")
        figure.savefig(out, dpi=110)


def devices(rows: tuple[Row, ...]) -> list[str]:
    """Return a table of the cases: sign, decade of the energy, and how many rows are within."""
    lines = ["| case | sign of G | energy, review | energy, model | calibrated | predicted | predicted* | outside |"]
    lines.append("|" + " --- |" * 8)
    for case in sorted({row.case for row in rows}):
        own = [row for row in rows if row.case == case]
        claims = [row for row in own if row.quantity.bound and row.quantity.value == 0.0]
        signs = [row.within for row in claims]
        sign = "as reviewed" if signs and all(signs) else "-" if not signs else "one of them is not"
        if any(row.quantity.kind == "calibrated" for row in claims):
            sign = "put in"
        given = DEVICES.get(case)
        review = f"{given[5]:.3g}" if given and given[5] is not None else "-"
        model = f"{energy(case)[0]:.3g}" if given else "-"
        kinds = [
            f"{sum(row.within for row in own if kind_of(row) in kind)} of {sum(kind_of(row) in kind for row in own)}"
            for kind in (("calibrated",), ("predicted", "exact"), ("predicted*",))
        ]
        missed = "; ".join(row.quantity.name for row in own if not row.within) or "-"
        lines.append(f"| {case} | {sign} | {review} | {model} | {' | '.join(kinds)} | {missed} |")
    return lines


def kind_of(row: Row) -> str:
    """Return the kind of a row, with a star where its bound was written when the output was known."""
    late = row.case in KNOWN and row.quantity.kind == "predicted" and row.quantity.value != 0.0
    return f"{row.quantity.kind}{'*' if late else ''}"


def starred(line: str, rows: tuple[Row, ...]) -> str:
    """Return a line of the report with the star of its row."""
    for row in rows:
        if kind_of(row).endswith("*") and line.startswith(f"| {row.case} | {row.quantity.name} |"):
            return line.replace("| predicted |", "| predicted* |")
    return f"{line} {STAR}" if line == "The value went into no parameter." else line


def page(rows: tuple[Row, ...]) -> str:
    """Return a page whose table sorts by the column that is clicked."""
    body = []
    for row in rows:
        case, name, expected, model, _, ratio, _, _, verdict = row.cells
        cells = "".join(
            f"<td>{escape(cell)}</td>" for cell in (case, name, expected, model, ratio, kind_of(row), verdict)
        )
        body.append(f"<tr>{cells}</tr>")
    heads = "".join(f'<th onclick="sorted_by({number})">{head}</th>' for number, head in enumerate(HEADS))
    script = (
        "function sorted_by(n){const b=document.querySelector('tbody');const t=r=>r.cells[n].textContent;"
        "const v=r=>parseFloat(t(r).replace('\\u2212','-'));[...b.rows].sort((p,q)=>HEADS_NUMBER.includes(n)"
        "?v(p)-v(q):t(p).localeCompare(t(q))).forEach(r=>b.append(r))}"
    ).replace("HEADS_NUMBER", "[4]")
    style = "body{font:14px sans-serif}td,th{padding:2px 8px;text-align:left}th{cursor:pointer}"
    return (
        f'<!doctype html><meta charset="utf-8"><title>Sixteen devices</title><style>{style}</style>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody></table><p>{STAR}</p><script>{script}</script>\n"
    )


def main() -> None:
    """Write the three files."""
    cases = sorted(file.parent for file in HERE.glob("*/expected.toml"))
    compared = eisfv.compare(cases)
    draw({case.name: energy(case.name) for case in cases if case.name in DEVICES}, HERE / "plane.png")
    head = [
        "# Sixteen devices against their review",
        "",
        "Written by `report.py` of the last runs. Energies in fJ/um2, beyond the open-circuit voltage (`README.md`).",
        "What the nine protocols make of each device is in [cards.md](cards.md).",
        "",
        *devices(compared.rows),
        "",
        "![Energy of a pulse over the area against its length, with two limits](plane.png)",
        "",
        "*Numbers are rows of the table; rows of one length stand side by side. The bars are kT/q times the charge of",
        "a pulse: what lies below is driven by less than that voltage. The lines are what 10 uC/cm2 lose in an",
        "electrolyte's resistance, Q^2 R/t.*",
        "",
        "## Model against expected",
    ]
    rest = list(report_lines(HERE / "report.md", cases, compared.rows, compared.left_out))
    ends = next((number for number, line in enumerate(rest) if line == "## Cases"), len(rest))
    lines = [starred(line, compared.rows) for line in rest[:ends]]
    (HERE / "report.md").write_text("\n".join([*head, *lines]).rstrip() + "\n", encoding="utf-8")
    (HERE / "report.html").write_text(page(compared.rows), encoding="utf-8")


if __name__ == "__main__":
    main()
