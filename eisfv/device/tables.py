"""The device as the compiled kernels read it: plain arrays, everything over RT and RT/F.

Amounts are in mol, potentials phi in RT/F and mu in RT, flows in mol/s; charge over F counts as mol. A law is a row
[kind, parameters...] of the kernel that reads it, rows of different length filled up with zeros.
"""

from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ELECTRON = "electron"


class Tables(NamedTuple):
    """Shapes: s species, u unknowns of a cell, r regions, n cells, f faces, j interface faces, b contact faces, t traps
    of c numbers, m regions of recombination, d, k and h regions or none where no region has the law; g faces or
    none likewise, e terminals, v axes of the mesh; `.` as long as need be.
    """

    charge: Annotated[Ints, "s"]
    kind: Annotated[Ints, "r s"]  # ABSENT, DILUTE, LATTICE, OHMIC, SOLVATED of eisfv.physics.statistics
    density: Annotated[Floats, "r s"]  # site or reference density                              mol/m3
    mu0: Annotated[Floats, "r s"]  # standard potential                                          RT
    frumkin: Annotated[Floats, "r s"]  # g of RT g (1 - 2 theta)                                 -
    diffusivity: Annotated[Floats, "r s"]  #                                                     m2/s
    conduct: Annotated[Floats, "r s"]  # ohmic species: sigma RT / (z F)^2                       mol/(m s)
    hop: Annotated[Floats, "r s"]  # z a / 2                                                     m
    hop_limit: Annotated[Floats, "r s"]  # largest factor of the mobility, a^2 nu / D            -
    hop_threshold: Annotated[Floats, "r s"]  # threshold field over RT/F and half a hop: w that enhances nothing   -
    sublattice: Annotated[Ints, "r s"]  # number of the sublattice, -1 outside a lattice
    size: Annotated[Floats, "k s"]  # solvent molecules that make the room of a solvated species, 0 of others   -
    fixed: Annotated[Floats, "r"]  # immobile charge                                             mol/m3
    permittivity: Annotated[Floats, "r"]  # eps RT / F^2                                         mol/m
    ion: Annotated[Ints, "r"]  # working ion of a host, -1 elsewhere
    sites: Annotated[Floats, "r"]  # what electrons are counted against: a host's sites, a band's states  mol/m3
    background: Annotated[Floats, "r"]  # electrons of the empty host per site                   -
    curve: Annotated[Floats, "r ."]  # row of eisfv.physics.open_circuit
    gradient: Annotated[Floats, "r"]  # kappa of equations.gradient, 0 without                   m2
    sigma: Annotated[Floats, "r ."]  # row of eisfv.physics.conductivity
    diffusion: Annotated[Floats, "d ."]  # cubic of ln D (m2/s) of a host's ion against y, zeros where D is constant
    mobility: Annotated[Floats, "r"]  # RT / (F^2 site density), turns sigma/(electrons per site) into D_e
    trap: Annotated[Floats, "t c"]  # region, free and bound species, capture and release 1/s, z a/2 m, nu over release
    recombination: Annotated[Floats, "m w"]  # region and k of equations.recombination, m3/(mol s)
    hole_excess: Annotated[Floats, "h ."]  # row of physics.open_circuit with the E of holes, zeros where dilute
    electron: Annotated[Ints, "1"]  # number of the electrons among the species, -1 without
    hole: Annotated[Ints, "1"]  # number of the holes, -1 without
    follow: Annotated[Floats, "r u"]  # what an unknown does when the potential rises by one, see equations.unknowns
    thin: Annotated[Ints, "r"]  # 1 of planes so thin that what is free there does not count, `device.planes`
    fieldless: Annotated[Ints, "e"]  # semiconductor behind each terminal whose metal ends no field, -1 where none is
    sealed: Annotated[Ints, "e"]  # the same where only its metal changes its charge
    region: Annotated[Ints, "n"]  # row of the laws: of a region, or of a plane at its end
    volume: Annotated[Floats, "n"]  # that stores                                                m3
    test: Annotated[Floats, "n"]  # test function of the terminal current, 1 at the gate         -
    wetting: Annotated[Floats, "n"]  # g A / RT of the walls of a cell                           mol
    left: Annotated[Ints, "f"]
    right: Annotated[Ints, "f"]
    slope_left: Annotated[Floats, "g v"]  # fall across a face in the gradient of its left cell, `cell_gradients` 1/m
    slope_right: Annotated[Floats, "g v"]  # and of its right cell                                 1/m
    aspect: Annotated[Floats, "f"]  # area over distance, 0 on interfaces                        m
    distance: Annotated[Floats, "f"]  #                                                          m
    test_fall: Annotated[Floats, "f"]  # fall of the test function across the face               -
    interface: Annotated[Ints, "f"]  # row in the arrays of interface faces, -1 in the bulk
    transfer: Annotated[Floats, "j s ."]  # row of eisfv.physics.transfer
    transfer_rate: Annotated[Floats, "j s"]  # k0 A; of a continuous species see equations.interfaces  mol/s
    compact_layer: Annotated[Floats, "j"]  # C_S A RT / F^2                                      mol
    contact: Annotated[Floats, "b ."]  # row of eisfv.equations.contacts
    contact_cell: Annotated[Ints, "b"]
    terminal: Annotated[Ints, "b"]
    contact_aspect: Annotated[Floats, "b"]  # area over distance                                 m
    contact_distance: Annotated[Floats, "b"]  # from the cell's point to the metal               m
    contact_layer: Annotated[Floats, "b"]  # C A RT / F^2 of the compact layer and half a cell   mol
    contact_zero: Annotated[Floats, "b"]  # terminal minus phi where the wall is uncharged       RT/F
    contact_level: Annotated[Floats, "b s"]  # y of a bath; electrochemical level of a reactive contact's ion at V = 0


def checked(tables: Tables) -> Tables:
    """Return the tables when every array has the shape and the type that `Tables` says; ValueError naming the first
    that has not."""
    sizes: dict[str, int] = {"1": 1}
    hints: dict[str, Any] = get_type_hints(Tables, include_extras=True)
    for name, array in tables._asdict().items():
        kind, shape = get_args(hints[name])
        letters = shape.split()
        wanted = np.int64 if kind is Ints else np.float64
        found = tuple(
            size if letter == "." else sizes.setdefault(letter, size)
            for letter, size in zip(letters, array.shape, strict=False)
        )
        if array.dtype != wanted or array.ndim != len(letters) or found != array.shape:
            raise ValueError(f"tables.{name}: {array.dtype} of shape {array.shape} is not {np.dtype(wanted)} ({shape})")
        if not array.flags.c_contiguous:
            raise ValueError(f"tables.{name} is not contiguous")
    return tables


def padded(rows: list[Floats], width: int = 1) -> Floats:
    """Return rows of different length as one array, zeros behind; at least `width` long."""
    out = np.zeros((len(rows), max([width, *(len(row) for row in rows)])))
    for k, row in enumerate(rows):
        out[k, : len(row)] = row
    return out
