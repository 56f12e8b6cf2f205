"""Options that several commands have."""

from typing import Annotated

import typer

QuietOption = Annotated[bool, typer.Option("--quiet", "-q", metavar="", help="Print nothing but errors.")]
TrustOption = Annotated[
    bool, typer.Option("--trust", metavar="", help="Execute the programs it names: a .geo file, Parsl's, a preamble.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help='Override a key, as device.temperature="350 K".', show_default=False
    ),
]
