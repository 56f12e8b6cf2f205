"""What is typed to run a sweep, to gather it, and to draw it."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from eisfv.cli.shared import QuietOption, TrustOption

SweepArgument = Annotated[
    Path, typer.Argument(help="Sweep file, or a directory with a sweep.toml.", metavar="SWEEP.toml", show_default=False)
]
SweepPlace = Annotated[Path, typer.Argument(help="The sweep's directory, or its file.", metavar="SWEEP")]


def run(
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
    quiet: QuietOption = False,
) -> int:
    """Run what is not done yet, then gather: runs.parquet, a row a point, and traces.zarr. The default.

    Stopped or killed, the same command goes on. Runs that fail do not stop the others.
    """
    from eisfv.commands.sweep import sweep_command

    return sweep_command(file, workers, out, dry_run=dry_run, retry_failed=retry_failed, quiet=quiet, trust=trust)


def gather(place: SweepPlace) -> int:
    """Make runs.parquet and traces.zarr from the runs that are done."""
    from eisfv.commands.sweep import gather_command

    return gather_command(place)


def plot(
    place: SweepPlace,
    x: Annotated[str | None, typer.Option("--x", metavar="NAME", help="Axis along the picture.")] = None,
    y: Annotated[str | None, typer.Option("--y", metavar="NAME", help="Quantity; default: all.")] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="line, map, parallel, sobol, scatter; default: what suits.")
    ] = None,
) -> int:
    """Draw what was gathered: lines, maps, parallel coordinates, Sobol indices, scatter over devices."""
    from eisfv.commands.sweep import plot_command

    return plot_command(place, x, y, kind)


# Each command with an example, in the order of the help.
COMMANDS: dict[Callable[..., int], str] = {
    run: "eisfv sweep cases/sweeps/mg_electrolyte --workers 2",
    gather: "eisfv sweep gather cases/sweeps/mg_electrolyte",
    plot: "eisfv sweep plot cases/sweeps/mg_electrolyte --y dG",
}


class SweepGroup(TyperGroup):
    """`eisfv sweep SWEEP.toml` is `eisfv sweep run SWEEP.toml`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # a class of click or of typer, by typer's version
        """Put the command that is meant before what is no command."""
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = ["run", *args]
        return super().parse_args(ctx, args)
