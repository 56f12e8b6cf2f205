"""The command line. Everything heavy is imported inside the commands, so that `--help` answers at once."""

import atexit
import gc
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from eisfv.errors import EisfvError


class Commands(TyperGroup):
    """All commands; the one place where an error of ours becomes lines and an exit code."""

    def invoke(self, ctx: Any) -> Any:  # a class of click or of typer, by typer's version
        """Run a command; EisfvError ends it with what it says, without a traceback."""
        try:
            return super().invoke(ctx)
        except EisfvError as error:
            from eisfv.commands.common import complain

            complain(str(error))
            raise typer.Exit(error.exit_code) from None


app = typer.Typer(
    name="eisfv",
    cls=Commands,
    help="Ion transport and electrochemistry in electrochemical ionic synapses, by finite volumes.",
    epilog="Exit codes: 0 done, 1 the run failed or was interrupted, or a comparison failed, 2 the input is wrong.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

CaseArgument = Annotated[Path, typer.Argument(help="Case directory, case file, or run directory.", show_default=False)]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help='Override a key, as device.temperature="350 K".', show_default=False
    ),
]
TrustOption = Annotated[
    bool, typer.Option("--trust", metavar="", help="Execute the programs it names: a .geo file, Parsl's, a preamble.")
]
RunArgument = Annotated[Path, typer.Argument(help="Run directory, or a case directory for its last run.")]


@app.command(epilog="Example: eisfv new my_synapse")
def new(directory: Annotated[Path, typer.Argument(help="Where to make the case.")]) -> None:
    """Make a small commented case to start from."""
    from eisfv.commands.new import new_case

    leave(new_case(directory))


@app.command(epilog='Example: eisfv check cases/mg_wo3_pulses --set device.temperature="350 K"')
def check(
    case: CaseArgument,
    set_: SetOption = None,
    refine: Annotated[
        bool, typer.Option("--refine", metavar="", help="Also run to the first pulse's end on a mesh twice as fine.")
    ] = False,
    trust: TrustOption = False,
) -> None:
    """Show a case as it is understood: values, lengths and times, mesh, warnings."""
    from eisfv.commands.check import check_case

    leave(check_case(case, set_ or [], refine, trust))


@app.command(epilog="Example: eisfv run cases/mg_wo3_pulses --out /tmp/first --set solver.tolerance=1e-3")
def run(
    case: CaseArgument,
    out: Annotated[
        Path | None, typer.Option("--out", help="Run directory; default: runs/latest in the case, or the run given.")
    ] = None,
    set_: SetOption = None,
    resume: Annotated[bool, typer.Option("--resume", metavar="", help="Go on from the last checkpoint.")] = False,
    force: Annotated[bool, typer.Option("--force", metavar="", help="Replace what an earlier run wrote.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", metavar="", help="Print nothing but errors.")] = False,
    petsc: Annotated[
        str | None,
        typer.Option("--petsc", metavar="OPTIONS", help='PETSc options, as "-ksp_type gmres".', show_default=False),
    ] = None,
    trust: TrustOption = False,
) -> None:
    """Run a case and write its tables, fields and pictures; under mpirun on several processes."""
    from eisfv.commands.run import run_command

    overrides = [*(set_ or []), *([f"solver.petsc='{petsc}'"] if petsc is not None else [])]
    leave(run_command(case, out, overrides, resume=resume, force=force, quiet=quiet, trust=trust))


@app.command(epilog="Example: eisfv compare cases/mg_wo3_pulses cases/mg_wo3_poor_contact --report report.md")
def compare(
    cases: Annotated[list[Path], typer.Argument(help="Case directories.", metavar="CASE", show_default=False)],
    run: Annotated[
        Path | None, typer.Option("--run", help="Run directory of a single case; default: runs/latest in each.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.md", help="Also write the table and the cases' pictures.")
    ] = None,
) -> None:
    """Compare runs with their cases' expected.toml; exit code 1 where a predicted or exact value is outside."""
    from eisfv.commands.compare import compare_cases

    leave(compare_cases(cases, run, report))


@app.command(epilog="Example: eisfv calibrate cases/mg_calibration --workers 2 --out calibrated")
def calibrate(
    case: Annotated[Path, typer.Argument(help="Case directory with a calibrate table.", show_default=False)],
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Runs at the same time; default: the processors there are.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where to write; default: calibrated in the case.")] = None,
    force: Annotated[bool, typer.Option("--force", metavar="", help="Replace what an earlier fit wrote.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", metavar="", help="Print nothing but errors.")] = False,
) -> None:
    """Fit parameters to quantities of cases; write the fitted materials, errors and covariance."""
    from eisfv.commands.calibrate import calibrate_command

    leave(calibrate_command(case, workers, out, force=force, quiet=quiet))


class SweepGroup(TyperGroup):
    """`eisfv sweep SWEEP.toml` is `eisfv sweep run SWEEP.toml`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # a class of click or of typer, by typer's version
        """Put the command that is meant before what is no command."""
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = ["run", *args]
        return super().parse_args(ctx, args)


sweeps = typer.Typer(
    cls=SweepGroup,
    no_args_is_help=True,
    subcommand_metavar="[run] SWEEP.toml | gather | plot",
    epilog="Example: eisfv sweep cases/sweeps/mg_electrolyte --dry-run",
)
app.add_typer(sweeps, name="sweep", help="Run many variants of a case, never one twice, and gather them.")
SweepArgument = Annotated[
    Path, typer.Argument(help="Sweep file, or a directory with a sweep.toml.", metavar="SWEEP.toml", show_default=False)
]
SweepPlace = Annotated[Path, typer.Argument(help="The sweep's directory, or its file.", metavar="SWEEP")]


@sweeps.command("run", epilog="Example: eisfv sweep cases/sweeps/mg_electrolyte --workers 2")
def sweep_run(
    file: SweepArgument,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", metavar="", help="Tell the points, what is done, what it would cost.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Runs at the same time; default: what the file says.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where the sweep is kept; default: what it says.")] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", metavar="", help="Also run those again that failed.")
    ] = False,
    trust: TrustOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", metavar="", help="Print nothing but errors.")] = False,
) -> None:
    """Run what is not done yet, then gather: runs.parquet, a row a point, and traces.zarr. The default.

    Stopped or killed, the same command goes on. Runs that fail do not stop the others.
    """
    from eisfv.commands.sweep import sweep_command

    leave(sweep_command(file, workers, out, dry_run=dry_run, retry_failed=retry_failed, quiet=quiet, trust=trust))


@sweeps.command("gather", epilog="Example: eisfv sweep gather cases/sweeps/mg_electrolyte")
def sweep_gather(place: SweepPlace) -> None:
    """Make runs.parquet and traces.zarr from the runs that are done."""
    from eisfv.commands.sweep import gather_command

    leave(gather_command(place))


@sweeps.command("plot", epilog="Example: eisfv sweep plot cases/sweeps/mg_electrolyte --y dG")
def sweep_plot(
    place: SweepPlace,
    x: Annotated[str | None, typer.Option("--x", metavar="NAME", help="Axis along the picture.")] = None,
    y: Annotated[str | None, typer.Option("--y", metavar="NAME", help="Quantity; default: all.")] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="line, map, parallel, sobol, scatter; default: what suits.")
    ] = None,
) -> None:
    """Draw what was gathered: lines, maps, parallel coordinates, Sobol indices, scatter over devices."""
    from eisfv.commands.sweep import plot_command

    leave(plot_command(place, x, y, kind))


@app.command(epilog="Example: eisfv extract cases/mg_wo3_pulses --target circuit --out compact")
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
    force: Annotated[bool, typer.Option("--force", metavar="", help="Replace an earlier extraction.")] = False,
) -> None:
    """Make compact models of runs: for circuit, array and network simulators, with a report."""
    from eisfv.commands.extract import extract_command

    leave(extract_command(runs, target or [], out, residual, force=force))


@app.command(epilog="Example: eisfv plot cases/mg_wo3_pulses/runs/latest")
def plot(
    run: RunArgument,
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
) -> None:
    """Draw the pictures of a run again."""
    from eisfv.commands.plot import plot_command

    leave(plot_command(run, animate, quantity, pyvista))


@app.command(epilog="Example: eisfv info cases/mg_wo3_pulses/runs/latest")
def info(
    run: Annotated[Path | None, typer.Argument(help="Run directory; without one: versions and materials.")] = None,
) -> None:
    """Tell how a run went and which of its files are damaged; without a run: versions, linear solvers, materials."""
    from eisfv.commands.info import info_command

    leave(info_command(run))


def leave(code: int) -> None:
    """End the command with an exit code."""
    if code:
        raise typer.Exit(code)


def main() -> None:
    """Run the command line."""
    # Small banded systems: a second BLAS thread only waits for the first. Whoever wants more sets the environment.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # where there is no micro sign a question mark stands for it
            stream.reconfigure(errors="replace")
    # What is imported stays: looking through it for garbage, again and again and once more at the end, took 0.4 s.
    gc.set_threshold(50_000, 20, 100)
    atexit.register(gc.freeze)
    app()


if __name__ == "__main__":
    main()
