"""What is typed to make something of runs, and to look things up."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from eisfv.cli.shared import SetOption, TrustOption
from eisfv.schema_names import SchemaName

# Of what looks at a quantity of a whole run.
CaseArgument = Annotated[Path, typer.Argument(help="Case directory, case file, or run directory.", show_default=False)]
QuantityOption = Annotated[str, typer.Option("--quantity", help="conductance, voltage or x_channel.")]
PulseOption = Annotated[
    int | None,
    typer.Option(
        "--pulse", metavar="N", help="What the Nth pulse changes; default: where the protocol ends.", show_default=False
    ),
]


def extract(
    runs: Annotated[
        list[Path],
        typer.Argument(
            help="Run directories, or case directories for their last runs; of one device, the first is the main one.",
            metavar="RUN",
            show_default=False,
        ),
    ],
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            metavar="NAME",
            help="circuit, aihwkit, crosssim, neurosim, spiking or network; may be repeated; default: all.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where to write; default: extract in the run.")] = None,
    residual: Annotated[
        float | None,
        typer.Option(
            "--residual",
            metavar="SHARE",
            help="What a law for spiking networks may leave of the data and still be written; default: 0.2.",
            show_default=False,
        ),
    ] = None,
    devices: Annotated[
        Path | None,
        typer.Option(
            "--devices",
            metavar="SWEEP",
            help="Gathered sweep whose values scatter: how devices differ.",
            show_default=False,
        ),
    ] = None,
    noise: Annotated[
        list[Path] | None,
        typer.Option(
            "--noise",
            metavar="DIR",
            help="Directory of `eisfv noise CASE --pulse N`: how pulses scatter from cycle to cycle; may be repeated.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", metavar="", help="Replace an earlier extraction.")] = False,
) -> int:
    """Make compact models of runs: for circuit, array and network simulators, with a report."""
    from eisfv.commands.extract import extract_command

    return extract_command(runs, target or [], out, residual, devices, noise or [], force=force)


def plot(
    runs: Annotated[
        list[Path], typer.Argument(help="Run directories, or case directories for their last runs.", metavar="RUN")
    ],
    x: Annotated[
        str | None, typer.Option("--x", metavar="COLUMN", help="Along: a column of a table, or arithmetic over them.")
    ] = None,
    y: Annotated[
        list[str] | None, typer.Option("--y", metavar="COLUMN", help="Up, a panel each; may be repeated.")
    ] = None,
    log: Annotated[str, typer.Option("--log", help="x, y or both: logarithmic axes.", show_default=False)] = "",
    start: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help='Start of the window, as "10 s" or "pulse 3".')
    ] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="TIME", help="End of the window, the same.")] = None,
    over: Annotated[
        Path | None, typer.Option("--over", metavar="DATA.csv", help='Also measured data; header "time (s),G (uS)".')
    ] = None,
    ending: Annotated[str, typer.Option("--format", help="png, pdf or svg.")] = "png",
    style: Annotated[Path | None, typer.Option("--style", metavar="FILE", help="Style file of matplotlib.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where the picture of chosen columns goes.")
    ] = None,
    animate: Annotated[
        bool, typer.Option("--animate", metavar="", help="Also write an animation of a section over its field times.")
    ] = False,
    quantity: Annotated[
        str | None,
        typer.Option("--quantity", help="What is animated, as conductivity; default: the hosts' site fraction."),
    ] = None,
    pyvista: Annotated[
        bool, typer.Option("--pyvista", metavar="", help="Also draw the last fields of a section with pyvista.")
    ] = False,
) -> int:
    """Draw the pictures of a run and the figures of its case; or chosen columns, several runs in one picture."""
    from eisfv.commands.plot import plot_command
    from eisfv.postprocess.pictures.chosen_picture import Choice

    choice = Choice(x, tuple(y or ()), log, start, end, over)
    return plot_command(runs, choice, ending, style, out, animate, quantity, pyvista)


def impedance(
    run: Annotated[
        Path,
        typer.Argument(help="Run directory, or case directory for its last run.", metavar="RUN", show_default=False),
    ],
    frequencies: Annotated[
        str, typer.Option("--frequencies", metavar="FROM:TO:N", help="Lowest, highest, and how many a decade.")
    ] = "1 mHz:1 MHz:10",
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="TIME",
            help='When, as "10 s": the run is driven again up to there; default: where it stands.',
            show_default=False,
        ),
    ] = None,
    noise: Annotated[
        bool, typer.Option("--noise", metavar="", help="Also the noise of current, voltage and conductance.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Where to write; default: impedance in the run.")] = None,
    force: Annotated[bool, typer.Option("--force", metavar="", help="Replace an earlier spectrum.")] = False,
) -> int:
    """Take the impedance and dG/dV of a run by a small wave of its gate voltage: tables and pictures."""
    from eisfv.commands.impedance import impedance_command

    return impedance_command(run, frequencies, at, out, noise=noise, force=force)


def sensitivity(
    case: CaseArgument,
    quantity: QuantityOption = "conductance",
    pulse: PulseOption = None,
    scatter: Annotated[
        Path | None,
        typer.Option(
            "--scatter", metavar="SWEEP", help="Sweep file whose values scatter: also their sd.", show_default=False
        ),
    ] = None,
    set_: SetOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where to write; default: sensitivity in the case.")] = None,
    force: Annotated[bool, typer.Option("--force", metavar="", help="Replace an earlier table.")] = False,
    trust: TrustOption = False,
) -> int:
    """Rank the numbers of a case by what they do to a quantity of its run: table and bars."""
    from eisfv.commands.sensitivity import sensitivity_command

    return sensitivity_command(case, quantity, pulse, set_ or [], scatter, out, force=force, trust=trust)


def noise(
    case: CaseArgument,
    quantity: QuantityOption = "conductance",
    pulse: PulseOption = None,
    set_: SetOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where to write; default: noise in the case.")] = None,
    force: Annotated[bool, typer.Option("--force", metavar="", help="Replace an earlier table.")] = False,
    trust: TrustOption = False,
) -> int:
    """Tell how a quantity of a case's run scatters by thermal and reaction noise."""
    from eisfv.commands.noise import noise_command

    return noise_command(case, quantity, pulse, set_ or [], out, force=force, trust=trust)


def benchmark(
    name: Annotated[
        str,
        typer.Argument(
            help="stp: class separability behind a short-term synapse; stdp: coincidences learnt from pairs of spikes.",
            metavar="NAME",
        ),
    ],
    device: Annotated[
        Path | None,
        typer.Argument(
            help="Extraction, or run or case directory with one; stp alone: the table of Wan 2021.", show_default=False
        ),
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", help="Repetitions with trains of their own.")] = 20,
    out: Annotated[Path, typer.Option("--out", help="Where to write.")] = Path("benchmark"),
    force: Annotated[bool, typer.Option("--force", metavar="", help="Replace an earlier benchmark.")] = False,
) -> int:
    """Tell what a synapse is worth in a small network of spikes: table and picture."""
    from eisfv.commands.benchmark import benchmark_command

    return benchmark_command(name, device, seeds, out, force=force)


def info(
    run: Annotated[
        Path | None,
        typer.Argument(help="Run, material or its file, cases: those shipped, or reductions; else what is installed."),
    ] = None,
    png: Annotated[
        Path | None, typer.Option("--png", metavar="FILE", help="Draw the curves of a material into a file.")
    ] = None,
) -> int:
    """Tell how a run went and which of its files are damaged; of a material values, sources, curves."""
    from eisfv.commands.info import info_command

    return info_command(run, png)


def schema(of: Annotated[SchemaName, typer.Argument(help="Which file.", show_default=False)]) -> int:
    """Print the JSON schema of a file, for editors that complete and check TOML."""
    from eisfv.commands.schema import schema_command

    return schema_command(of)


# Each command with an example, in the order of the help.
COMMANDS: dict[Callable[..., int], str] = {
    extract: "eisfv extract cases/mg_wo3_pulses --target circuit --out compact",
    plot: "eisfv plot cases/mg_wo3_pulses --y current_A --from 'pulse 3' --to 'pulse 3'",
    impedance: "eisfv impedance cases/mg_wo3_pulses --frequencies 1mHz:1MHz:10",
    sensitivity: "eisfv sensitivity cases/mg_wo3_pulses --pulse 1 --out /tmp/sensitivity",
    noise: "eisfv noise cases/mg_wo3_pulses --pulse 1 --out /tmp/noise",
    benchmark: "eisfv benchmark stp --seeds 100",
    info: "eisfv info cases/mg_wo3_pulses/runs/latest",
    schema: "eisfv schema case",
}
