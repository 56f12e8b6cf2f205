"""Integrate and fire: pulses raise the conductance, a clock reads it, a threshold fires and resets it.

    I = G V_D                   read at every tick of the clock, between two pulses
    I >= I_th                   fires: the gate stands at the reset voltage, tick by tick, until G <= G_0 (1 + share)
    count                       ticks that fired within the window

    G     conductance of the channel as it stands     S
    G_0   that before the first pulse                 S

What a pulse does while it is on is not read: the clock is low then. For a device whose G rises by g a tick the first
spike is at tick I_th/(g V_D), rounded up, and the others follow at that distance and the ticks of the reset.

`python cases/table1/09_mos2/firing.py` prints the count against the height of the pulses. The threshold is 11 nS,
where the table's range ends; heights, clock and reset are assumed (the review says 0.5 and 1.5 V in its text, 5 and
1.5 V in its caption).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import eisfv

HERE = Path(__file__).parent
WINDOW = 10.0  # s, over which the review counts
HEIGHTS = (1.5, 2.8, 2.9, 3.0, 3.1, 3.2)  # V
Drive = Callable[[float, float], float]


@dataclass(frozen=True)
class Neuron:
    """A neuron.

    drain      V_D                                        V
    threshold  I_th                                       A
    width      of a pulse, and of a reset                 s
    gap        from its end to the tick of the clock      s
    reset      voltage                                    V
    share      of G_0 that a reset may leave above it
    """

    drain: float
    threshold: float
    width: float
    gap: float
    reset: float
    share: float = 1.0


MOS2 = Neuron(drain=0.1, threshold=0.1 * 11e-9, width=0.1, gap=0.1, reset=-3.0)


def spikes(drive: Drive, neuron: Neuron, start: float, height: float, window: float = WINDOW) -> list[float]:
    """Return when a neuron fires, s.

    drive   holds the gate at a voltage (V) for a time (s) and returns the conductance then, S
    start   G_0, S
    """
    fired: list[float] = []
    resetting = False
    ticks = round(window / (neuron.width + neuron.gap))
    for tick in range(1, ticks + 1):
        drive(neuron.reset if resetting else height, neuron.width)
        conductance = drive(0.0, neuron.gap)
        if resetting:
            resetting = conductance > start * (1.0 + neuron.share)
        elif conductance * neuron.drain >= neuron.threshold:
            fired.append(tick * (neuron.width + neuron.gap))
            resetting = True
    return fired


def device() -> tuple[Drive, float]:
    """Return the device of this case at rest, and its conductance, S."""
    simulation = eisfv.Simulation(HERE)
    simulation.drive("open_circuit", duration="1 s")
    start = simulation.drive("voltage", "0 V", "10 s").conductance
    return lambda volt, time: simulation.drive("voltage", f"{volt!r} V", f"{time!r} s").conductance, start


def main() -> None:
    """Print the counts, each from rest."""
    print("height (V)  spikes in 10 s  first (s)")
    for height in HEIGHTS:
        drive, start = device()
        fired = spikes(drive, MOS2, start, height)
        print(f"{height:10g}  {len(fired):14d}  {f'{fired[0]:.1f}' if fired else '-':>9}", flush=True)


if __name__ == "__main__":
    main()
