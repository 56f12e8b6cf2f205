"""What is typed to make a case, to look at it, to run it, and to hold it against what is known."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from eisfv.cli.shared import QuietOption, SetOption, TrustOption

CaseArgument = Annotated[Path, typer.Argument(help="Case directory, case file, or run directory.", show_default=False)]
ProtocolOption = Annotated[
    Path | None,
    typer.Option(
        "--protocol",
        metavar="FILE",
        help="Drive this protocol file, as cases/protocols/ppf.toml, in place of the case's own protocol.",
        show_default=False,
    ),
]


def new(
    directory: Annotated[Path, typer.Argument(help="Where to make the case.")],
    shipped: Annotated[
        str | None, typer.Option("--from", metavar="CASE", help="Copy a shipped case, as mg_wo3_pulses.")
    ] = None,
) -> int:
    """Make a small commented case to start from."""
    from eisfv.commands.new import new_case

    return new_case(directory, shipped)


def check(
    case: CaseArgument,
    set_: SetOption = None,
    protocol: ProtocolOption = None,
    refine: Annotated[
        bool, typer.Option("--refine", metavar="", help="Also run to the first pulse's end on a mesh twice as fine.")
    ] = False,
    trust: TrustOption = False,
) -> int:
    """Show a case as it is understood: values, lengths and times, mesh, warnings."""
    from eisfv.commands.check import check_case

    return check_case(case, set_ or [], refine, trust, protocol)


def run(
    case: CaseArgument,
    out: Annotated[
        Path | None, typer.Option("--out", help="Run directory; default: runs/latest in the case, or the run given.")
    ] = None,
    set_: SetOption = None,
    protocol: ProtocolOption = None,
    resume: Annotated[bool, typer.Option("--resume", metavar="", help="Go on from the last checkpoint.")] = False,
    force: Annotated[bool, typer.Option("--force", metavar="", help="Replace what an earlier run wrote.")] = False,
    quiet: QuietOption = False,
    petsc: Annotated[
        str | None,
        typer.Option("--petsc", metavar="OPTIONS", help='PETSc options, as "-ksp_type gmres".', show_default=False),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="Measures made at the same time; default: the processors there are."),
    ] = None,
    trust: TrustOption = False,
) -> int:
    """Run a case and write its tables, fields and pictures; under mpirun on several processes."""
    from eisfv.commands.run import run_command

    overrides = [*(set_ or []), *([f"solver.petsc='{petsc}'"] if petsc is not None else [])]
    return run_command(
        case, out, overrides, resume=resume, force=force, quiet=quiet, trust=trust, workers=workers, protocol=protocol
    )


def compare(
    cases: Annotated[list[Path], typer.Argument(help="Case directories.", metavar="CASE", show_default=False)],
    run: Annotated[
        Path | None, typer.Option("--run", help="Run directory of a single case; default: runs/latest in each.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.md", help="Also write the table and the cases' pictures.")
    ] = None,
    head: Annotated[
        Path | None, typer.Option("--head", metavar="FILE.md", help="Title and first paragraphs of the report.")
    ] = None,
) -> int:
    """Compare runs with their cases' expected.toml; exit code 1 where a predicted or exact value is outside."""
    from eisfv.commands.compare import compare_cases

    return compare_cases(cases, run, report, head)


def calibrate(
    case: Annotated[Path, typer.Argument(help="Case directory with a calibrate table.", show_default=False)],
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Runs at the same time; default: the processors there are.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where to write; default: calibrated in the case.")] = None,
    force: Annotated[bool, typer.Option("--force", metavar="", help="Replace what an earlier fit wrote.")] = False,
    quiet: QuietOption = False,
) -> int:
    """Fit parameters to quantities of cases; write the fitted materials, errors and covariance."""
    from eisfv.commands.calibrate import calibrate_command

    return calibrate_command(case, workers, out, force=force, quiet=quiet)


def characterise(
    case: Annotated[Path, typer.Argument(help="Case directory with a pulse table.", show_default=False)],
    force: Annotated[bool, typer.Option("--force", metavar="", help="Make all runs anew.")] = False,
    quiet: QuietOption = False,
) -> int:
    """Run the nine shipped protocol files on a case; write a card of what its device does, with a picture."""
    from eisfv.commands.characterise import characterise_command

    return characterise_command(case, force=force, quiet=quiet)


# Each command with an example, in the order of the help.
COMMANDS: dict[Callable[..., int], str] = {
    new: "eisfv new my_synapse",
    check: 'eisfv check cases/mg_wo3_pulses --set device.temperature="350 K"',
    run: "eisfv run cases/mg_wo3_pulses --out /tmp/first --set solver.tolerance=1e-3",
    characterise: "eisfv characterise cases/h_ysz_compact",
    compare: "eisfv compare cases/mg_wo3_pulses cases/mg_wo3_poor_contact --report report.md",
    calibrate: "eisfv calibrate cases/mg_calibration --workers 2 --out calibrated",
}
