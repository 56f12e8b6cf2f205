"""One run of one case: what is stepped, watched, written, shown and saved, until it ends or is stopped.

`run_case` is the way in.
"""

from eisfv.running.meshing import Series
from eisfv.running.progress import Progress, Report
from eisfv.running.run import run_case
from eisfv.running.waiting import UnreachedError

__all__ = ["Progress", "Report", "Series", "UnreachedError", "run_case"]
