"""The compiled cell: residual, Jacobian and border, for a steady state or one implicit time level.

A time level is ``weight * S(u) + history`` added to the static residual, S the stored quantities; steady is weight 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.memory import release_freed
from sim.solve.assembly import Border, VectorForms, Weights, jacobian_forms
from sim.solve.bounds import ExponentGauge
from sim.solve.errors import Interrupted
from sim.solve.linear import DirectSolver
from sim.solve.matrix import MatrixForms, SplitMatrix
from sim.solve.model import CellModel
from sim.solve.numbering import Numbering
from sim.solve.parallel import total
from sim.solve.residual import (
    Constraint,
    Equation,
    anion_constraint,
    cell_equations,
    galvanostatic_constraint,
    lithium_constraint,
)
from sim.solve.stopwatch import Stopwatch

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TimeLevel:
    """Weight of the stored quantities; what earlier levels contribute to blocks (``None``: nothing) and constraints."""

    weight: float = 0.0
    history: Array | None = None
    constraint_history: tuple[float, ...] = ()


@dataclass(frozen=True)
class Stored:
    """Stored quantities of one state: by test function, and by constraint."""

    blocks: Array
    constraints: tuple[float, ...]


STEADY = TimeLevel()


def _locked_species(model: CellModel) -> tuple[bool, bool]:
    """Whether lithium, and whether the anion, have no electrode to leave through."""
    electrodes = (model.structure.anode, model.structure.counter)
    anion = all(electrode.kind != "reservoir" for electrode in electrodes)
    through_sites = model.surface is not None and model.structure.sites_pass
    open_to_lithium = any(electrode.open_to_lithium for electrode in electrodes)
    return not (open_to_lithium or through_sites), anion


class CellSystem:
    """Assembles and factorises; ``steady`` decides whether locked-in species need their level fixed. ``equations``
    stand in for those of the cell, e.g. with sources."""

    def __init__(
        self,
        model: CellModel,
        *,
        galvanostatic: bool,
        steady: bool,
        equations: Sequence[Equation] | None = None,
    ) -> None:
        self.model = model
        self.galvanostatic, self.steady = galvanostatic, steady
        equations = list(cell_equations(model) if equations is None else equations)
        blocks = [equation.block for equation in equations]
        submeshes = tuple(
            s for s in (model.facets.anode, model.facets.counter, model.facets.sites) if s is not None
        )
        domain = model.domain
        period = domain.length / domain.length_scale if model.structure.periodic else None
        self.numbering = Numbering(model.domain.mesh.comm, blocks, period)
        static = [(row, form) for row, equation in enumerate(equations) for form in equation.forms]
        stored = [(row, e.storage) for row, e in enumerate(equations) if e.storage is not None]
        self._residual = VectorForms(self.numbering, static, submeshes)
        self._stored = VectorForms(self.numbering, [] if steady else stored, submeshes)
        weights = None if steady else Weights()
        forms = jacobian_forms(equations, blocks, weights)
        constraints = self._constraints(galvanostatic=galvanostatic)
        self.pinned = self._pinned_dofs(constraints)
        self._matrix = MatrixForms(
            self.numbering, forms, weights, submeshes, self.pinned, equations[0].uncoupled
        )
        release_freed()
        self.submeshes = submeshes
        unknowns = [constraint.unknown for constraint in constraints]
        self.borders = [Border(c, equations, self.numbering, submeshes, unknowns) for c in constraints]
        self.exponents = ExponentGauge(model)
        self.potential_dofs = self._potential_dofs()
        self.renew()

    def renew(self) -> None:
        """Forget what solving leaves behind, as for a run of its own. Factors and their symbolic analysis go too: it
        may look at the values of the first matrix, and those of another run might then change last digits."""
        #: asked before every linear solution; the same answer on every rank
        self.stop: Callable[[], bool] = lambda: False
        #: where the time of solving goes
        self.watch = Stopwatch()
        self.linear = DirectSolver(self.numbering.comm)
        for border in self.borders:
            border.target = 0.0

    @property
    def rounding(self) -> float:
        """What the rounding of the charge may do to the potential [RT/F]: where it is resolved, and as long as no ion
        has moved to screen it, the parabola of a charge eps F c_0 across the cell, eps (W/lambda_D)^2/8 (twice that by
        both ions, half of it by lambda_D's 2). Some 1e-7 over 8 um at 2.5 mol/L."""
        if not self.model.structure.poisson:
            return 0.0
        eps, parameters = float(np.finfo(float).eps), self.model.parameters
        return eps * (self.model.domain.width / parameters.debye_length) ** 2 / 8

    def _constraints(self, *, galvanostatic: bool) -> list[Constraint]:
        model, found = self.model, []
        if galvanostatic:
            found.append(galvanostatic_constraint(model))
        lithium, anion = _locked_species(model)
        if self.steady and anion:
            found.append(anion_constraint(model))
        if self.steady and lithium:
            found.append(lithium_constraint(model))
        return found

    def _pinned_dofs(self, constraints: list[Constraint]) -> npt.NDArray[np.int64]:
        """One dof of every species whose level a constraint fixes: its equation follows from all the others."""
        pinned = []
        for constraint in constraints:
            if constraint.pinned is not None and self.numbering.comm.rank == 0:
                block, name = constraint.pinned
                dofs = block.owned_dofs(name) + self.numbering.offsets[self.numbering.blocks.index(block)]
                pinned.append(int(np.setdiff1d(dofs, self.numbering.pairs.own_slaves)[0]))
        return np.array(pinned, dtype=np.int64)

    def _potential_dofs(self) -> npt.NDArray[np.bool_]:
        """Owned entries that are potentials [kT], once each; multipliers are fluxes and enter linearly."""
        mask = np.zeros(self.numbering.n_local, dtype=bool)
        for number, block in enumerate(self.numbering.blocks):
            for name in block.names:
                if name not in ("current", "anion", "charge"):
                    mask[block.owned_dofs(name) + self.numbering.offsets[number]] = True
        mask[self.numbering.pairs.own_slaves] = False
        return mask

    def residual(self, level: TimeLevel) -> Array:
        """Owned residual of the blocks."""
        with self.watch.stage("residuals"):
            result = self._residual.assemble()
            if level.weight:
                # the difference first: next to the amounts over a small time step the fluxes would be rounded away
                rate = level.weight * self._stored.assemble()
                result += rate if level.history is None else rate + level.history
        result[self.pinned] = 0.0
        return result

    def constraint_residual(self, level: TimeLevel) -> Array:
        """Residual of the constraints, the same on every rank."""
        values = np.array([border.value() for border in self.borders])
        if level.weight:
            rates = np.array([level.weight * border.stored() for border in self.borders])
            values += rates + level.constraint_history if level.constraint_history else rates
        return values

    def stored(self) -> Stored:
        """Stored quantities of the present state."""
        return Stored(self._stored.assemble(), tuple(border.stored() for border in self.borders))

    def split(self) -> SplitMatrix:
        """The Jacobian's static and storage part at the present state."""
        return self._matrix.split()

    def factorise(self, level: TimeLevel) -> tuple[Array, Array, Array]:
        """New factors of the Jacobian; returns the border (Z = A^-1 columns, rows, corner). Raises Interrupted."""
        if self.stop():
            raise Interrupted
        with self.watch.stage("Jacobians"):
            matrix = self._matrix.assemble(level.weight, pin=bool(self.borders))
        with self.watch.stage("factorisations"):
            self.linear.factorise(matrix)
        columns = [border.column(level.weight) for border in self.borders]
        for column in columns:
            column[self.pinned] = 0.0
        shape = (len(columns), self.numbering.n_local)
        rows = np.array([border.row(level.weight) for border in self.borders]).reshape(shape)
        solved = np.array([self._back_substituted(column) for column in columns]).reshape(shape)
        corner = np.array([border.corner(level.weight) for border in self.borders])
        corner = corner.reshape(len(columns), len(columns))
        reduced = corner - total(self.numbering.comm, rows @ solved.T)
        return solved, rows, reduced

    def solve(
        self, border: tuple[Array, Array, Array], residual: Array, constraints: Array
    ) -> tuple[Array, Array]:
        """Newton update of blocks (owned) and global unknowns by block elimination."""
        update = -self._back_substituted(residual)
        solved, rows, reduced = border
        if not len(self.borders):
            return update, np.zeros(0)
        level = np.linalg.solve(reduced, -constraints - total(self.numbering.comm, rows @ update))
        return update - level @ solved, level

    def _back_substituted(self, right_hand_side: Array) -> Array:
        with self.watch.stage("back substitutions"):
            return self.linear.solve(right_hand_side)

    @property
    def globals(self) -> Array:
        """Values of the bordered unknowns."""
        return np.array([border.constraint.unknown.value for border in self.borders])

    def set_state(self, values: Array, levels: Array) -> None:
        """Set blocks and bordered unknowns."""
        self.numbering.unpack(values)
        for border, value in zip(self.borders, levels, strict=True):
            border.constraint.unknown.value = value
