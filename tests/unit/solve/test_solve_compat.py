"""Kernels whose compilation was killed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

fem = pytest.importorskip("dolfinx.fem")

import ufl  # noqa: E402
from dolfinx import mesh  # noqa: E402
from mpi4py import MPI  # noqa: E402

from sim.solve import compat  # noqa: E402

#: a time long past [s since 1970]
OLD = 1e9


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of kernels, in which nobody waits long, for a process that has loaded none."""
    monkeypatch.setattr(compat, "_kernels", {})
    options = {**compat.JIT_OPTIONS, "cache_dir": str(tmp_path), "timeout": 1}
    monkeypatch.setattr(compat, "JIT_OPTIONS", options)
    return tmp_path


def area() -> float:
    """The area of the unit square, by a form that is compiled."""
    square = mesh.create_unit_square(MPI.COMM_SELF, 1, 1)
    one = fem.Constant(square, 1.0)
    return float(fem.assemble_scalar(compat.compile_form(one * ufl.Measure("dx", domain=square))))


def files(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file()]


def kill_compilation(cache: Path, *, age_known: bool) -> None:
    """Leave of a compiled kernel what a process leaves that is killed at once; the next process begins."""
    compat._kernels.clear()
    for file in files(cache):
        if file.suffix != ".c":
            file.unlink()
        elif age_known:
            os.utime(file, (OLD, OLD))


def test_a_compilation_that_was_killed_is_done_again(cache: Path) -> None:
    assert area() == pytest.approx(1.0)
    kill_compilation(cache, age_known=True)
    assert area() == pytest.approx(1.0)


def test_a_compilation_under_way_is_not_disturbed(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    area()
    kill_compilation(cache, age_known=False)
    (source,) = cache.rglob("*.c")
    far = source.stat().st_mtime + 3600
    os.utime(source, (far, far))
    with pytest.raises(TimeoutError):
        area()
    assert source.exists()


def test_only_what_is_unfinished_and_old_is_forgotten(tmp_path: Path) -> None:
    for name in ("libffcx_a.c", "libffcx_b.c", "libffcx_b.c.cached", "libffcx_c.c", "other.c"):
        (tmp_path / name).touch()
    for name in ("libffcx_a.c", "libffcx_b.c", "other.c"):
        os.utime(tmp_path / name, (OLD, OLD))
    assert compat.forget_abandoned(tmp_path, 60.0) == 1
    assert not (tmp_path / "libffcx_a.c").exists()
    assert (tmp_path / "libffcx_c.c").exists() and (tmp_path / "other.c").exists()


def test_a_kernel_is_looked_for_once_in_a_process(cache: Path) -> None:
    assert area() == pytest.approx(1.0)
    for file in files(cache):
        file.unlink()
    assert area() == pytest.approx(1.0) and not files(cache)


def test_a_kernel_is_looked_for_among_few(cache: Path) -> None:
    """In the folder of the forms whose signature begins alike, not among all of the cache."""
    area()
    (source,) = (file for file in files(cache) if file.suffix == ".c")
    assert source.relative_to(cache).parts[0] == "separator-sim" and len(source.parent.name) == 2


def test_forms_that_differ_have_kernels_of_their_own(cache: Path) -> None:
    square = mesh.create_unit_square(MPI.COMM_SELF, 1, 1)
    x, dx = ufl.SpatialCoordinate(square), ufl.Measure("dx", domain=square)
    values = [fem.assemble_scalar(compat.compile_form(x[0] ** power * dx)) for power in (1, 2, 1)]
    assert values == pytest.approx([1 / 2, 1 / 3, 1 / 2])
