"""The house rules that no linter knows: which folder may import which, and what may be known where.

Read from the syntax trees, so that neither dolfinx nor anything else of the simulator is imported.  When a rule
stands in your way, change the table here in the same commit, and say why.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SIM = ROOT / "sim"
FILES = sorted(SIM.rglob("*.py"))

#: room -> rooms of ours that it may import; a room is a folder of sim/ or a module directly in it
MAY_IMPORT = {
    "config": set(),
    "physics": set(),
    "domain": {"config", "physics"},
    "solve": {"config", "physics", "domain", "memory"},
    "memory": set(),
    "output": {"config", "physics", "domain", "solve"},
    "view": {"output"},
    # model, system and observer of one run, and those that earlier runs left: what a run is made of
    "wiring": {"config", "domain", "solve", "output"},
    "simulation": {"config", "domain", "solve", "output", "wiring"},
    # virtual experiments drive one compiled cell through its residual: below simulation, like it
    "experiments": {"config", "physics", "domain", "solve", "output", "simulation"},
    # a study of the mesh asks the domain for coarser and finer ones
    # exact cases: programs of runs and experiments; one of them adds sources to the compiled equations
    "verification": {"config", "domain", "solve", "output", "simulation", "experiments", "view"},
    # of the solver, what a run raises
    "studies": {"config", "domain", "solve", "simulation", "output", "view"},
    # plans, folders and status of many runs; of output what reads and writes folders
    "sweeps": {"config", "output", "view"},
    "terminal": {
        "config",
        "domain",
        "solve",
        "output",
        "view",
        "simulation",
        "experiments",
        "studies",
        "sweeps",
        "verification",
        "startup",
    },
    "cli": {
        "config",
        "physics",
        "domain",
        "solve",
        "output",
        "view",
        "simulation",
        "experiments",
        "studies",
        "sweeps",
        "verification",
        "terminal",
        "startup",
    },
    # what a start waits for: begun before all else, told by the session when everything is imported
    "startup": set(),
    "__main__": {"cli", "startup"},
    # results opened in Python, from their folders alone
    "loaded": {"config", "view", "sweeps"},
    # sim.load, which imports what it opens with when it is called
    "__init__": {"loaded"},
}
#: files that may import more than their room: of the sweeps, what runs where dolfinx is, and only once it computes
MAY_ALSO_IMPORT = {"sweeps/worker.py": {"domain", "solve", "simulation", "studies", "wiring"}}
#: packages that are not on a login node, where configs are checked and figures drawn
SOLVER_PACKAGES = {"dolfinx", "mpi4py", "petsc4py", "ufl", "basix", "ffcx"}
WITHOUT_SOLVER = ("config", "loaded", "sweeps", "view")
#: physics works on UFL or NumPy arguments and knows no mesh
PHYSICS_FORBIDS = SOLVER_PACKAGES - {"ufl"}

#: the places that may know MPI: where the communicator is chosen, the mesh distributed, a system solved, values reduced
MAY_KNOW_MPI = {
    "domain/distribute.py",
    "domain/domain.py",
    "solve/assembly.py",
    "solve/numbering.py",
    "solve/parallel.py",
    "terminal/session.py",
}
#: one place decides by the version of dolfinx, one records it
MAY_KNOW_VERSIONS = {"solve/compat.py", "output/provenance.py"}
MAY_PRINT = {"cli.py"}


def room(path: Path) -> str:
    """The room that a file belongs to."""
    return path.relative_to(SIM).parts[0].removesuffix(".py")


def name(path: Path) -> str:
    return path.relative_to(SIM).as_posix()


def module(path: Path) -> str:
    """The dotted name under which a file is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def run_nodes(node: ast.AST, *, at_import: bool = False) -> Iterator[ast.AST]:
    """All nodes of a tree that run; with at_import, those that run when the module is imported."""
    for child in ast.iter_child_nodes(node):
        if is_type_checking(child):
            continue
        if at_import and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        yield child
        yield from run_nodes(child, at_import=at_import)


def imports(path: Path, *, at_import: bool = False) -> Iterator[tuple[int, str]]:
    """Line and full name of every import of a file: `from a import b` is both a and a.b."""
    package = module(path) if path.name == "__init__.py" else module(path).rpartition(".")[0]
    for node in run_nodes(tree(path), at_import=at_import):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            yield node.lineno, origin
            for alias in node.names:
                yield node.lineno, f"{origin}.{alias.name}"


def room_of_import(target: str) -> str | None:
    """The room that an import reaches into; None for other packages and for sim itself."""
    parts = target.split(".")
    if parts[0] != "sim" or len(parts) == 1:
        return None
    known = (SIM / parts[1]).is_dir() or (SIM / f"{parts[1]}.py").is_file()
    return parts[1] if known else None  # sim.__version__ is no room


def test_there_is_something_to_check():
    assert len(FILES) > 10


def test_every_room_is_in_the_table():
    assert {room(path) for path in FILES} <= set(MAY_IMPORT)


def test_rooms_import_only_what_they_may():
    wrong = []
    for path in FILES:
        here = room(path)
        allowed = MAY_IMPORT.get(here, set()) | MAY_ALSO_IMPORT.get(name(path), set())
        for line, target in imports(path):
            there = room_of_import(target)
            if there is None or there == here or there in allowed:
                continue
            wrong.append(f"sim/{name(path)}:{line}: {here} may not import {target}")
    assert not wrong, "\n".join(wrong)


@cache
def files_by_module() -> dict[str, Path]:
    return {module(path): path for path in FILES}


def loaded_with(path: Path) -> dict[Path, str]:
    """Files of ours that importing one loads, with the way there."""
    ways = {path: name(path)}
    todo = [path]
    while todo:
        current = todo.pop()
        targets = {target for _, target in imports(current, at_import=True)}
        targets |= {".".join(t.split(".")[:n]) for t in targets for n in range(1, len(t.split(".")))}
        for target in sorted(targets):
            there = files_by_module().get(target)
            if there is not None and there not in ways:
                ways[there] = f"{ways[current]} -> {name(there)}"
                todo.append(there)
    return ways


@pytest.mark.parametrize("where", WITHOUT_SOLVER)
def test_rooms_that_run_without_dolfinx(where: str):
    wrong = []
    for path in FILES:
        if room(path) != where:
            continue
        for loaded, way in loaded_with(path).items():
            packages = {target.split(".")[0] for _, target in imports(loaded, at_import=True)}
            wrong += [f"{way} imports {package}" for package in sorted(packages & SOLVER_PACKAGES)]
        packages = {target.split(".")[0] for _, target in imports(path)}
        wrong += [f"{name(path)} imports {package}" for package in sorted(packages & SOLVER_PACKAGES)]
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_physics_knows_no_mesh():
    wrong = [
        f"sim/{name(path)}:{line}: {target}"
        for path in FILES
        if room(path) == "physics"
        for line, target in imports(path)
        if target.split(".")[0] in PHYSICS_FORBIDS
    ]
    assert not wrong, "\n".join(wrong)


def test_exact_solutions_share_nothing_with_the_simulator():
    wrong = [
        f"sim/{name(path)}:{line}: {target}"
        for path in FILES
        if name(path).startswith("verification/exact/")
        for line, target in imports(path)
        if (room_of_import(target) is not None and not target.startswith("sim.verification.exact"))
        or target.split(".")[0] in SOLVER_PACKAGES
    ]
    assert not wrong, "\n".join(wrong)


def test_mpi_is_known_in_few_places():
    knowing = {name(path) for path in FILES if any(t.split(".")[0] == "mpi4py" for _, t in imports(path))}
    assert knowing <= MAY_KNOW_MPI, sorted(knowing - MAY_KNOW_MPI)


def looks_at_dolfinx_version(path: Path) -> bool:
    if any(target == "dolfinx.__version__" for _, target in imports(path)):
        return True
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "__version__"
        and ast.unparse(node.value) == "dolfinx"
        for node in ast.walk(tree(path))
    )


def test_one_seam_for_dolfinx_versions():
    looking = {name(path) for path in FILES if looks_at_dolfinx_version(path)}
    assert looking <= MAY_KNOW_VERSIONS, sorted(looking - MAY_KNOW_VERSIONS)


def test_only_the_command_line_prints():
    printing = {
        name(path)
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert printing <= MAY_PRINT, sorted(printing - MAY_PRINT)


def test_the_rules_catch_what_they_should(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A rule that never fires would pass forever: break each on purpose, in a house of our own."""
    sim = tmp_path / "sim"
    (sim / "config").mkdir(parents=True)
    (sim / "output").mkdir()
    (sim / "view").mkdir()
    for folder in ("config", "output", "view"):
        (sim / folder / "__init__.py").write_text("")
    (sim / "config" / "bad.py").write_text("def f():\n    from ..output import table\n    print(table)\n")
    (sim / "output" / "table.py").write_text(
        "import dolfinx\nfrom mpi4py import MPI\nX = dolfinx.__version__\n"
    )
    (sim / "view" / "plot.py").write_text("from sim.output.table import X\n")
    here = globals()
    monkeypatch.setitem(here, "ROOT", tmp_path)
    monkeypatch.setitem(here, "SIM", sim)
    monkeypatch.setitem(here, "FILES", sorted(sim.rglob("*.py")))
    files_by_module.cache_clear()
    try:
        for rule in (
            test_rooms_import_only_what_they_may,
            test_mpi_is_known_in_few_places,
            test_one_seam_for_dolfinx_versions,
            test_only_the_command_line_prints,
            lambda: test_rooms_that_run_without_dolfinx("view"),
        ):
            with pytest.raises(AssertionError):
                rule()
        test_rooms_that_run_without_dolfinx("config")
    finally:
        files_by_module.cache_clear()
