"""The device as the compiled kernels read it: plain arrays, everything over RT and RT/F."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ELECTRON = "electron"
BLOCKED, CONTINUOUS, BUTLER_VOLMER = 0, 1, 2
OHMIC_CONTACT, BLOCKING_CONTACT, REACTIVE_CONTACT, BATH_CONTACT, INSULATING_CONTACT = 0, 1, 2, 3, 4


class Tables(NamedTuple):
    """Shapes: s species, r regions, n cells, f faces, j interface faces, b contact faces.

    Amounts are in mol, potentials phi in RT/F and mu in RT, flows in mol/s; charge over F counts as mol.
    """

    charge: Ints  # (s)
    kind: Ints  # (r, s) ABSENT, DILUTE, LATTICE, OHMIC of eisfv.physics.statistics
    density: Floats  # (r, s) site or reference density                      mol/m3
    mu0: Floats  # (r, s) standard potential                                  RT
    frumkin: Floats  # (r, s) g of RT g (1 - 2 theta)                         -
    diffusivity: Floats  # (r, s)                                             m2/s
    conduct: Floats  # (r, s) ohmic species: sigma RT / (z F)^2               mol/(m s)
    hop: Floats  # (r, s) z a / 2                                             m
    hop_limit: Floats  # (r, s) largest factor of the mobility, a^2 nu / D     -
    sublattice: Ints  # (r, s) number of the sublattice, -1 outside a lattice
    fixed: Floats  # (r) immobile charge                                      mol/m3
    permittivity: Floats  # (r) eps RT / F^2                                  mol/m
    ion: Ints  # (r) working ion of a host, -1 elsewhere
    background: Floats  # (r) electrons of the empty host per site            -
    curve: Floats  # (r, .) row of eisfv.physics.open_circuit
    sigma: Floats  # (r, .) row of eisfv.physics.conductivity
    mobility: Floats  # (r) RT / (F^2 site density), turns sigma/(electrons per site) into D_e
    region: Ints  # (n)
    volume: Floats  # (n) volume that stores                                  m3
    test: Floats  # (n) test function of the terminal current, 1 at the gate      -
    left: Ints  # (f)
    right: Ints  # (f)
    shape: Floats  # (f) area / distance, 0 on interfaces                     m
    distance: Floats  # (f)                                                   m
    weight: Floats  # (f) fall of the test function across the face            -
    joint: Ints  # (f) row in the arrays of interface faces, -1 in the bulk
    law: Ints  # (j, s) BLOCKED, CONTINUOUS, BUTLER_VOLMER
    rate: Floats  # (j, s) k0 A, or the conductance of a continuous species   mol/s
    alpha: Floats  # (j, s)
    capacity: Floats  # (j) C_S A RT / F^2                                    mol
    electron: Ints  # (1) number of the electrons among the species, -1 without
    contact_kind: Ints  # (b)
    contact_cell: Ints  # (b)
    terminal: Ints  # (b)
    contact_shape: Floats  # (b) area / distance                                m
    contact_distance: Floats  # (b) from the cell's point to the metal         m
    contact_capacity: Floats  # (b) C A RT / F^2                              mol
    contact_zero: Floats  # (b) terminal minus phi where the wall is uncharged   RT/F
    contact_ion: Ints  # (b) species of a reactive contact, -1
    contact_rate: Floats  # (b) k0 A                                          mol/s
    contact_alpha: Floats  # (b)
    contact_level: Floats  # (b, s) y in a bath; electrochemical level of the ion at V = 0 of a reactive contact
