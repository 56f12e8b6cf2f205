"""The command line. Everything heavy is imported inside the commands, so that `--help` answers at once."""

import atexit
import gc
import os
import sys
from io import TextIOWrapper
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from eisfv.cli import cases, results, sweeps
from eisfv.errors import EisfvError
from eisfv.remedies import COMMAND_LINE, told_to

# click's own class, or that of the copy which newer versions of typer carry.
UsageError: Any = typer.BadParameter.__mro__[1]


class Commands(TyperGroup):
    """All commands; the one place where what they return, or an error of ours, becomes the exit code."""

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """Read what is typed before the command's name."""
        try:
            return super().make_context(*args, **extra)
        except UsageError as error:
            mistyped(error, "eisfv")

    def invoke(self, ctx: Any) -> Any:  # a class of click or of typer, by typer's version
        """Run a command, which returns its exit code; EisfvError ends it with what it says, without a traceback."""
        try:
            with told_to(COMMAND_LINE):
                code = super().invoke(ctx)
        except EisfvError as error:
            from eisfv.commands.common import complain_last

            complain_last(str(error))
            code = error.exit_code
        except UsageError as error:
            mistyped(error, f"eisfv {ctx.invoked_subcommand or ''}".rstrip())
        if code:
            raise typer.Exit(code)


def mistyped(error: Any, command: str) -> NoReturn:
    """Tell what is wrong with an option or an argument in one line; without arguments let typer show the help."""
    message = " ".join(error.format_message().split())
    if not message or "Usage:" in message:
        raise error
    from eisfv.commands.common import complain_last

    command = error.ctx.command_path if error.ctx is not None else command
    remedy = "" if message.endswith("?") else f"; {command} --help has what it takes"
    complain_last(f"{command}: {message.rstrip('.')}{remedy}")
    raise typer.Exit(2)


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


def tell_version(asked: bool) -> None:
    """Print the version and leave."""
    if asked:
        from eisfv import __version__

        print(f"eisfv {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", metavar="", is_eager=True, callback=tell_version, help="Print the version."),
    ] = False,
) -> None:
    """Ion transport and electrochemistry in electrochemical ionic synapses, by finite volumes."""


for function, example in (cases.COMMANDS | results.COMMANDS).items():
    app.command(epilog=f"Example: {example}")(function)

sweep = typer.Typer(
    cls=sweeps.SweepGroup,
    no_args_is_help=True,
    subcommand_metavar="[run] SWEEP.toml | gather | plot",
    epilog="Example: eisfv sweep cases/sweeps/mg_electrolyte --dry-run",
)
for function, example in sweeps.COMMANDS.items():
    sweep.command(epilog=f"Example: {example}")(function)
app.add_typer(sweep, name="sweep", help="Run many variants of a case, never one twice, and gather them.")


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
