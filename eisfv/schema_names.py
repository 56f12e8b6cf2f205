"""The files that have a JSON schema, by name."""

from typing import Literal, get_args

SchemaName = Literal["case", "sweep", "expected", "calibrate", "material"]
SCHEMA_NAMES: tuple[str, ...] = get_args(SchemaName)
