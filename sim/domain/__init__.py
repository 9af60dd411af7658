"""Geometry, mesh and site maps: from a `RunConfig` to a distributed dolfinx mesh with named boundaries."""
