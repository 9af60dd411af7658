"""Physical constants in SI (CODATA 2018, exact where the SI fixes them) and properties of lithium metal."""

#: Faraday constant, C/mol
FARADAY = 96485.33212331001
#: molar gas constant, J/(mol K)
GAS_CONSTANT = 8.31446261815324
#: Boltzmann constant, J/K
BOLTZMANN = 1.380649e-23
#: elementary charge, C
ELEMENTARY_CHARGE = 1.602176634e-19
#: Avogadro constant, 1/mol
AVOGADRO = 6.02214076e23
#: vacuum permittivity, F/m
VACUUM_PERMITTIVITY = 8.8541878128e-12
#: molar volume of lithium metal, m^3/mol (6.941 g/mol over 0.534 g/cm^3, CRC Handbook)
LITHIUM_MOLAR_VOLUME = 1.30e-5
