"""The border: case directories in, records in SI out."""

from eisfv.case.loading import load
from eisfv.case.problems import CaseError
from eisfv.case.records import Case

__all__ = ["Case", "CaseError", "load"]
