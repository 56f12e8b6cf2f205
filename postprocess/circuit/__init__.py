"""The dynamic compact model: a reduced set of equations for circuit simulators, fitted to a run and held against it."""
