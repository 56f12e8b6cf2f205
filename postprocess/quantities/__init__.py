"""The language of expected.toml: a number taken from a run, and what it is held against."""
