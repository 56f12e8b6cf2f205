"""The base of the tables that are read beside a case: `[calibrate]` and those of a sweep file."""

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A table of a file: unknown keys are refused, nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
