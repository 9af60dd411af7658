"""The whole config of one run, and what its sections must satisfy together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints, model_validator

from sim.config.cell import Cell
from sim.config.electrodes import Electrode
from sim.config.interface import Interface
from sim.config.limits import limiting_current_problem
from sim.config.materials import Electrolyte, Separator
from sim.config.numerics import Mesh, Output, Solver
from sim.config.operation import Operation
from sim.config.quantities import Temperature
from sim.config.section import Problem, Section


class RunConfig(Section):
    """One run. Frozen; every quantity a float in SI, energies of sites in eV."""

    alternatives: ClassVar = (
        (
            ("separator.conductivity", "separator.transference_number"),
            ("electrolyte.diffusivity_li", "electrolyte.diffusivity_anion"),
        ),
    )

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")] = Field(
        default="unnamed",
        description="short name, of the results folder too; absent: the file's name, never inherited",
    )
    title: str = Field(default="", description="text for figures; absent: the name, never inherited")
    temperature: Temperature = Field(default=298.15, description="temperature [K]")
    cell: Cell
    electrolyte: Electrolyte
    separator: Separator = Separator()
    anode: Electrode
    counter: Electrode
    interface: Interface = Interface()
    operation: Operation
    mesh: Mesh = Mesh()
    solver: Solver = Solver()
    output: Output = Output()

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
        if self.operation.mode == "galvanostatic":
            yield from self._galvanostatic()

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
