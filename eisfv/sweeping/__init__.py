"""Many variants of a case: planned, run anywhere, never twice, gathered into one data set."""
