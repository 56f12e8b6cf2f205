"""Finite-volume simulation of coupled ion transport and electrochemistry in electrochemical ionic synapses."""

import os

# numba takes settings from a .numba_config.yaml of the working directory. Of a cache named there the pickles would be
# executed; a variable, an empty one too, goes before that.
os.environ.setdefault("NUMBA_CACHE_DIR", "")

__version__ = "0.1.0"
