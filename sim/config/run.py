"""The whole config of one run, and what its sections must satisfy together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pydantic import Field, model_validator

from sim.config.cell import Cell
from sim.config.constants import FARADAY
from sim.config.electrodes import Electrode
from sim.config.experiments import Experiments
from sim.config.interface import Interface
from sim.config.limits import limiting_current_problem
from sim.config.materials import Electrolyte, Separator
from sim.config.numerics import Mesh, Output, Solver
from sim.config.operation import Operation
from sim.config.quantities import RunName, Temperature
from sim.config.section import Problem, Section, with_defaults


class RunConfig(Section):
    """One run. Frozen; every quantity a float in SI, energies of sites in eV."""

    alternatives: ClassVar = (
        (
            ("separator.conductivity", "separator.transference_number"),
            ("electrolyte.diffusivity_li", "electrolyte.diffusivity_anion"),
        ),
    )

    name: RunName = Field(
        default="unnamed",
        description="short name, of the results folder too; absent: the file's name, never inherited",
    )
    title: str = Field(default="", description="text for figures; absent: the name, never inherited")
    temperature: Temperature = Field(default=298.15, description="temperature [K]")
    cell: Cell = Field(description="geometry of the cell: length, width, sides, anode_profile")
    electrolyte: Electrolyte = Field(description="the electrolyte and how its electrostatics are solved")
    separator: Separator = with_defaults("measured bulk transport of the soaked separator")
    anode: Electrode = Field(description="lower electrode, metal at 0 V")
    counter: Electrode = Field(description="upper electrode")
    interface: Interface = with_defaults("sites on the anode and their reaction path")
    operation: Operation = Field(
        description="mode (potentiostatic or galvanostatic), its drive and the duration"
    )
    mesh: Mesh = with_defaults("sizes and order of the cells")
    solver: Solver = with_defaults("tolerances and step limits")
    output: Output = with_defaults("what the run writes")
    experiments: Experiments = with_defaults("settings of the virtual experiments; a run ignores them")

    @model_validator(mode="before")
    @classmethod
    def _title_by_default(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("name"), str):
            return {"title": data["name"]} | data
        return data

    def problems(self) -> Iterator[Problem]:
        if self.separator.conductivity is None and self.electrolyte.diffusivity_li is None:
            yield Problem(
                ("separator", "conductivity"),
                "required, e.g. '0.92 mS/cm', with transference_number; "
                "or give electrolyte.diffusivity_li and diffusivity_anion",
            )
            return
        if self.interface.sites and self.anode.kind not in ("lithium", "blocking"):
            yield Problem(
                ("interface", "sites"), f"sites need an anode of lithium or blocking, not '{self.anode.kind}'"
            )
        yield from self._fixed_charge()
        if self.operation.mode == "galvanostatic":
            yield from self._galvanostatic()

    def _fixed_charge(self) -> Iterator[Problem]:
        """Against free solution outside, Donnan equilibrium leaves some Li⁺ at any charge; else c_anion is c₀."""
        most = FARADAY * self.electrolyte.concentration
        outside = self.anode.is_outside or self.counter.is_outside
        if self.electrolyte.fixed_charge >= most and not outside:
            yield Problem(
                ("electrolyte", "fixed_charge"),
                f"must be below F·concentration = {most:.6g} C/m^3: anions rest at the concentration, and no Li⁺ "
                "would be left",
            )

    def _galvanostatic(self) -> Iterator[Problem]:
        blocking = [name for name in ("anode", "counter") if getattr(self, name).kind == "blocking"]
        for name in blocking:
            yield Problem(
                (name, "kind"), "a blocking electrode passes no current: use 'mode: potentiostatic'"
            )
        mean_height = self.cell.mean_height()
        if blocking or mean_height is None:
            return
        text = limiting_current_problem(self, mean_height)
        if text:
            key = "c_rate" if self.operation.current_density is None else "current_density"
            yield Problem(("operation", key), text)
