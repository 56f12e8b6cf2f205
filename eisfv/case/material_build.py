"""From the validated tables of a material file to its record in SI."""

from eisfv.case import material_schema as schema
from eisfv.case.fields import Quantity, Sourced
from eisfv.materials import records


def electrode(name: str, file: schema.Electrode) -> records.Electrode:
    """Return the record of an electrode."""
    sources = {"potential": file.potential.source}
    return records.Electrode(name, file.ion, file.charge, file.potential.value.si, sources)


def material(name: str, file: schema.Host | schema.Electrolyte) -> records.Material:
    """Return the record of a host, whose donors are its fixed charge, or of an electrolyte."""
    species = tuple(_species(key, entry, isinstance(file, schema.Host)) for key, entry in file.species.items())
    permittivity = file.relative_permittivity.value
    if isinstance(file, schema.Electrolyte):
        return records.Material(name, permittivity, species, _si(file.fixed_charge), file.electroneutral)
    host = records.Host(
        file.ion,
        _open_circuit(file.open_circuit),
        _conductivity(file.conductivity),
        file.zero_charge_x.value,
        _si(file.background),
    )
    return records.Material(name, permittivity, species, fixed_charge=host.background, host=host)


def _species(name: str, entry: schema.Ohmic | schema.Dilute | schema.Lattice, in_host: bool) -> records.Species:
    energy = _si(entry.activation_energy)
    if isinstance(entry, schema.Ohmic):
        conductivity = records.Activated(entry.conductivity.value.si, energy)
        return records.Species(name, entry.charge, "ohmic", conductivity=conductivity)
    concentration = None if in_host or entry.concentration is None else entry.concentration.value.si
    density = entry.density or entry.concentration
    lattice = entry if isinstance(entry, schema.Lattice) else None
    return records.Species(
        name,
        entry.charge,
        entry.statistics,
        density=_si(density),
        diffusivity=None if entry.diffusivity is None else records.Activated(entry.diffusivity.value.si, energy),
        concentration=concentration,
        hop_length=_si(entry.hop_length),
        offset=_si(entry.offset),
        frumkin=lattice.frumkin.value if lattice and lattice.frumkin else 0.0,
        sublattice=lattice.sublattice if lattice else None,
    )


def _open_circuit(
    entry: schema.AnalyticPotential | schema.PotentialTable,
) -> records.AnalyticOpenCircuit | records.TabulatedOpenCircuit:
    if isinstance(entry, schema.PotentialTable):
        return records.TabulatedOpenCircuit(tuple(entry.x), tuple(u.si for u in entry.potential))
    terms = () if entry.redlich_kister is None else tuple(a.si for a in entry.redlich_kister.value)
    return records.AnalyticOpenCircuit(entry.standard.value.si, entry.polarons, _si(entry.slope), terms)


def _conductivity(
    entry: schema.PercolationCurve | schema.ConductivityTable,
) -> records.PercolationConductivity | records.TabulatedConductivity:
    energy = _si(entry.activation_energy)
    if isinstance(entry, schema.ConductivityTable):
        return records.TabulatedConductivity(tuple(entry.gamma), tuple(s.si for s in entry.conductivity), energy)
    return records.PercolationConductivity(
        entry.background.value.si, entry.slope.value.si, entry.threshold.value, entry.exponent.value, energy
    )


def _si(entry: Sourced[Quantity] | None) -> float:
    return 0.0 if entry is None else entry.value.si
