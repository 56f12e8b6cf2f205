"""`eisfv schema`."""

from json import dumps

from eisfv.errors import DONE


def schema_command(of: str) -> int:
    """Print the JSON schema of a kind of file; return the exit code."""
    from eisfv.case import json_schema

    if of == "sweep":
        from eisfv.sweeping.schema import SweepFile

        found = json_schema.schema_of(SweepFile, "eisfv sweep")
    elif of == "expected":
        from eisfv.postprocess.quantities.expected import json_schema as expected

        found = {"$schema": json_schema.DIALECT, "title": "eisfv expected", **expected()}
    else:
        found = getattr(json_schema, f"{of}_schema")()
    print(dumps(found, indent=1))
    return DONE
