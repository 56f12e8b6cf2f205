"""Finite-volume simulation of coupled ion transport and electrochemistry in electrochemical ionic synapses."""

__version__ = "0.1.0"
