"""Two-dimensional reference solutions for rough cells, and the tests of all references.

The exact and one-dimensional ones are `sim.verification.exact`; none shares code with the simulator.
"""
