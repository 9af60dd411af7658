"""Geometry, mesh and site maps of a cell: from a `RunConfig` to a distributed dolfinx mesh with named boundaries."""
