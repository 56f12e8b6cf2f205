"""Pairs of spikes of biphasic shape in words."""

TABLE = """
[spikes]
pre = { shape = "biphasic", peak = "6.5 V", arm = "80 ms", edge = "2 ms" }
post = "-pre"
read_after = "20 s"
read = "last 100 ms"
"""
ENTRY = '\n[[protocol]]\ndrive = "spikes"\nintervals = ["5 ms", "-20 ms", "pre"]\nrepeat = 2\n'
