"""The error of this package: a geometry, mesh or map that cannot be used."""


class DomainError(Exception):
    """The cell, a mesh file or a site map is unusable; the message says what and where (exit code 2)."""
