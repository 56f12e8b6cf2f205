"""From runs to compact models: what the pulses did, measured, fitted and written for other simulators."""
