"""The names in a sweep's directory, in one place.

    shards/*.shard   what the runs gave, appended as they end by the processes that make them; never rewritten
    points.shard     the points of the last plan in their order, each with the key of its run
    runs.parquet     one row a point: inputs, outputs, how it went; made by gathering
    traces.zarr/     the traces on one time axis a run, and the pulses; made by gathering
    plots/           pictures
    meshes/          the mesh of every shape that occurs, chosen once
    kept/<key>/      run directories, where they are kept
    cluster/         what Parsl writes: its logs and job scripts

Everything but shards/, kept/ and meshes/ can be made again from them.
"""

SHARDS = "shards"
SHARD = ".shard"
POINTS = "points.shard"
TABLE = "runs.parquet"
TRACES = "traces.zarr"
PLOTS = "plots"
MESHES = "meshes"
KEPT = "kept"
CLUSTER = "cluster"
