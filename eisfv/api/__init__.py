"""The way in from Python: what `import eisfv` gives. The command line does everything by these functions."""
