"""Fits of parameters to quantities of cases, by running the cases."""
