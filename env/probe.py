"""Exit 0 when this Python can run the simulator; else print what it lacks, if it has dolfinx at all.

Modules are looked up, not imported, so that asking costs milliseconds at every start of `sim.sh`.
"""

import sys
from importlib.util import find_spec

OLDEST_DOLFINX = (0, 9)
MODULES = (
    *(
        "petsc4py",
        "mpi4py",
        "basix",
        "ffcx",
        "ufl",
        "gmsh",
        "meshio",
        "numpy",
        "scipy",
        "pandas",
        "matplotlib",
        "h5py",
    ),
    *("pydantic", "pint", "ruamel.yaml", "typer", "rich"),
)


def has(name: str) -> bool:
    """Whether `import name` would find something."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # of the parent package
        return False


def dolfinx_release() -> tuple[int, ...]:
    """Major and minor release of dolfinx."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        text = version("fenics-dolfinx")
    except PackageNotFoundError:  # built without a Python package's metadata
        import dolfinx

        text = dolfinx.__version__
    return tuple(int(part) for part in text.split(".")[:2])


if __name__ == "__main__":
    if sys.version_info < (3, 11) or not has("dolfinx"):
        sys.exit(1)
    missing = [name for name in MODULES if not has(name)]
    if dolfinx_release() < OLDEST_DOLFINX:
        missing.append("dolfinx >= 0.9")
    if missing:
        print("this Python has dolfinx, but not", ", ".join(missing))
        sys.exit(1)
