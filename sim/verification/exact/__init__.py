"""Exact and independent solutions that share no code with the simulator (NumPy and SciPy only).

`tests/reference` checks them against published and printed numbers and against each other. Signs and symbols are
those of `docs` and of the simulator: the anode lies at x = 0 (or below) at 0 V, the counter electrode at x = L at V,
a positive current plates the anode.
"""
