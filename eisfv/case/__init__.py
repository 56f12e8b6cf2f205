"""The border: case directories in, records in SI out."""

from eisfv.case.case import Case
from eisfv.case.loading import load
from eisfv.case.problems import CaseError

__all__ = ["Case", "CaseError", "load"]
