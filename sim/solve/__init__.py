"""Unknowns, residuals and solvers of one cell."""
