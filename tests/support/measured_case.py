"""A protocol, and measures from the state that it leaves."""

PREPARED = """
[[protocol]]
drive = "voltage"
value = "0.3 V"
duration = "500 ms"
"""
STEPS = """steps = [
    { drive = "voltage", value = "0.5 V", duration = "10 ms", pulse = true },
    { drive = "open_circuit", duration = "100 ms", read = "last 50 ms" },
]
"""
MEASURES = f"""
[[measure]]
name = "width"
vary = {{ "steps[0].duration" = ["10 ms", "30 ms"] }}
{STEPS}
[[measure]]
{STEPS.replace('"0.5 V"', '"-0.5 V"')}"""
# Columns of pulses.csv that do not depend on when a protocol began.
SHARED = ("amplitude", "G_before_S", "G_after_S", "dG_S", "charge_C", "energy_J", "x_channel", "width_s")
