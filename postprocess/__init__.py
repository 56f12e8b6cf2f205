"""What is made of a result directory afterwards: tables, pictures, fields for ParaView, comparisons.

Reads results through `eisfv.result` and never imports the solver.
"""
