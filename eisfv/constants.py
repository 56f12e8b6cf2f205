"""Physical constants, SI (CODATA 2018, exact by definition of the SI), and bounds of the laws."""

FARADAY = 96485.33212331001  # C/mol
GAS_CONSTANT = 8.31446261815324  # J/(mol K)
VACUUM_PERMITTIVITY = 8.8541878128e-12  # F/m
ELEMENTARY_CHARGE = 1.602176634e-19  # C
AVOGADRO = FARADAY / ELEMENTARY_CHARGE  # 1/mol


def thermal_voltage(temperature: float) -> float:
    """Return RT/F in volts for a temperature in kelvin."""
    return GAS_CONSTANT * temperature / FARADAY


# Below this share of vacant metal sites the logarithm goes on as its tangent: a steep barrier that a Newton iterate of
# a divalent ion can cross back. One electron an ion (z = 1) never meets it: its vacancies are the ion's own free sites.
VACANT_MIN = 1e-4

# V/m: above what any solid bears; silicon dioxide, among the strongest, breaks down at 1.5e9.
# J. McPherson et al., Appl. Phys. Lett. 82 (2003) 2121.
BREAKDOWN = 2e9
# V/m: what no surface bears; tungsten, the last of all solids, evaporates at 57 V/nm.
# T. T. Tsong, Surf. Sci. 70 (1978) 211.
EVAPORATES = 57e9
# V/m across a whole layer: electrons tunnel from bond to bond, which in no solid leaves a current to ions. Through a
# gap of 9 eV, silicon dioxide's, with half an electron's mass, at every two-thousandth attempt of some 1e15 a second:
# exp(-pi m^(1/2) Eg^(3/2)/(8^(1/2) e hbar E)).
# C. Zener, Proc. R. Soc. A 145 (1934) 523; E. O. Kane, J. Appl. Phys. 32 (1961) 83.
TUNNELS = 10e9
# V between the terminals, where a current sets them: at BREAKDOWN over half a micrometre, more than a stack of films
# holds off; what asks for more is a current without a way.
BEYOND_REASON = 1000.0
# V: more than any two electrodes are apart, and than any host is from M | Mz+.
COUPLE = 10.0
