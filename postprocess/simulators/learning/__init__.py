"""A small network that learns with the measured steps."""
