"""The second gate of the device: conductance against the number of pulses at three voltages of the back gate.

    C_b V_b = 11.5 nF/cm2 V_b        charge that the back gate brings (300 nm of SiO2)      C/m2
    G' = u F n,  u C_b = 0.23 nS/V   of a square of the film, whatever lithium is in it

A negative V_b takes electrons that lithium has brought: the channel is off until the pulses' lithium outweighs it.

`python cases/table1/09_mos2/back_gate.py` prints the conductances between the pulses. The oxide is assumed.
"""

from pathlib import Path

import eisfv

HERE = Path(__file__).parent
OXIDE = "11.5 nF/cm^2"
BEHIND = (0.0, 10.0, -10.0)  # V
PULSES, HEIGHT = 12, "3 V"


def conductances(behind: float) -> list[float]:
    """Return the conductance (S) before and after each pulse with the back gate at a voltage (V)."""
    case = eisfv.load(HERE)
    case.set("device.contact.channel.back_gate", {"capacitance": OXIDE, "voltage": f"{behind!r} V"})
    simulation = eisfv.Simulation(case)
    simulation.drive("open_circuit", duration="1 s")
    found = [simulation.drive("voltage", "0 V", "10 s").conductance]
    for _ in range(PULSES):
        simulation.drive("voltage", HEIGHT, "100 ms")
        found.append(simulation.drive("voltage", "0 V", "900 ms").conductance)
    return found


def main() -> None:
    """Print the table."""
    columns = {behind: conductances(behind) for behind in BEHIND}
    print("pulses  " + "  ".join(f"G at {behind:g} V (nS)" for behind in columns))
    for number in range(PULSES + 1):
        print(f"{number:6d}  " + "  ".join(f"{1e9 * column[number]:14.4g}" for column in columns.values()))


if __name__ == "__main__":
    main()
