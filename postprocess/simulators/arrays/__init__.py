"""Synapse arrays: aihwkit, CrossSim, NeuroSim."""
