"""Constants that checks of configs need; the simulator's own live in sim/physics, which a config may not import."""

#: Faraday constant [C/mol], CODATA 2018
FARADAY = 96485.33212331001
#: molar gas constant [J/(mol K)], CODATA 2018
GAS_CONSTANT = 8.31446261815324
