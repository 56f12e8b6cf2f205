"""Spiking networks: the STDP kernel and the short-term recursion, for NEST and Brian 2."""
