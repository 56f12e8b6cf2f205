"""`eisfv schema`."""

from json import dumps

from eisfv.errors import DONE


def schema_command(of: str) -> int:
    """Print the JSON schema of a kind of file; return the exit code."""
    from eisfv.api.looking import schema

    print(dumps(schema(of), indent=1))
    return DONE
