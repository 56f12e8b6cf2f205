"""The table and the picture of the benchmark of class separability."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eisfv.postprocess.pictures.png import png
from eisfv.postprocess.pictures.style import DARK, LIGHT

from .class_separability import SYNAPSES, Separability

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Separability and how many times that of NO-STP it is, by tau_m: Figure 6f, g and the text of the source.
PAPER = {0.01: (3.8e-4, 4.9e-2, 8.6e-2), 0.1: (8.4e-2, 1.2e-1, 1.4e-1)}
COLUMNS = ("tau_m_s", "synapse", "k", "separability", "standard_error", "times_no_stp", "times_standard_error", "seeds")


def rows(found: Sequence[Separability]) -> list[tuple[float | int | str, ...]]:
    """Return a row a neuron and synapse, as COLUMNS."""
    made: list[tuple[float | int | str, ...]] = []
    for one in found:
        columns = (one.means, one.errors, one.times, one.times_errors)
        for i, name in enumerate(SYNAPSES):
            k = one.k if name == "NO-STP" else ""
            made.append((one.tau_m, name, k, *(float(column[i]) for column in columns), one.values.shape[1]))
    return made


def csv_text(found: Sequence[Separability], unit: str) -> str:
    """Return separability.csv; a unit stands in the header where there is one."""
    named = {"k": f"k_{unit}s", "separability": f"separability_{unit}", "standard_error": f"standard_error_{unit}"}
    header = [named.get(name, name) if unit else {"k": "k_s"}.get(name, name) for name in COLUMNS]
    lines = [",".join(f"{x:.6g}" if isinstance(x, float) else str(x) for x in row) for row in rows(found)]
    return "\n".join([",".join(header), *lines]) + "\n"


def table_text(found: Sequence[Separability], unit: str) -> str:
    """Return the table of the screen."""
    head = f"{'neuron':>8}  {'synapse':7}  {'separability' + (f' ({unit})' if unit else ''):>24}  times NO-STP"
    lines = [head]
    for tau_m, name, _, mean, error, times, spread, _ in rows(found):
        own = f"{mean:.3g} \N{PLUS-MINUS SIGN} {error:.2g}"
        ratio = "1" if name == "NO-STP" else f"{times:.3g} \N{PLUS-MINUS SIGN} {spread:.2g}"
        lines.append(f"{f'{1e3 * float(tau_m):g} ms':>8}  {name:7}  {own:>24}  {ratio:>12}")
    return "\n".join(lines)


def picture(found: Sequence[Separability], unit: str, paper: bool) -> bytes:
    """Return the picture: a panel a neuron, mean and standard error of each synapse; `paper`: its values too."""

    def draw(figure: "Figure") -> None:
        panels = figure.subplots(1, len(found), sharey=True)
        for axes, one in zip(panels, found, strict=True):
            place = range(len(SYNAPSES))
            if paper:
                axes.plot(place, PAPER[one.tau_m], "s", markersize=9, color=LIGHT, fillstyle="none", label="Wan 2021")
            words = f"mean of {one.values.shape[1]} seeds"
            axes.errorbar(place, one.means, one.errors, fmt="o", color=DARK, capsize=4, label=words)
            for i, times in enumerate(one.times):
                if i:
                    axes.annotate(
                        f"{times:.3g} times", (i, one.means[i]), (0, -16), textcoords="offset points", ha="center"
                    )
            axes.set_yscale("log")
            axes.set_xticks(place, SYNAPSES)
            axes.set_xlim(-0.5, len(SYNAPSES) - 0.5)
            axes.set_title(f"neuron of {1e3 * one.tau_m:g} ms", fontsize=9)
            axes.set_xlabel("synapse")
        panels[0].set_ylabel(f"separability of classes ({unit or 'unit of G'})")
        panels[-1].legend(loc="lower right")

    return png(draw)
