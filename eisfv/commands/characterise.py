"""`eisfv characterise`."""

from pathlib import Path

from eisfv.commands.common import complain
from eisfv.errors import DONE, FAILED


def characterise_command(case: Path, *, force: bool, quiet: bool) -> int:
    """Run the protocol files, write the card and print it; return the exit code. Raises EisfvError."""
    from eisfv.api.characterising import characterised

    def say(line: str) -> None:
        if not quiet:
            complain(line)

    try:
        found = characterised(case, say, force=force, quiet=quiet)
    except KeyboardInterrupt:
        complain(f"{case}: interrupted; called again it goes on")
        return FAILED
    if not quiet:
        print(found)
        print(*found.files, sep="\n")
    return DONE
