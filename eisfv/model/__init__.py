"""What a case is made of: one frozen record per law, contact, region, material, waveform and option.

The records are the schema of the case file and what the solver reads, in SI. They know no files, no mesh and no solver.
"""

from eisfv.model.case_file import CaseFile, read_resolved

__all__ = ["CaseFile", "read_resolved"]
