"""Configs of a run: YAML files with units in, a validated frozen RunConfig in SI out.

`load_config` reads files, `build_config` a mapping, `dump_config` writes; `ConfigError` says what is wrong.
"""

from sim.config.cell import (
    Cell,
    FlatProfile,
    MeshProfile,
    NucleiProfile,
    Nucleus,
    RoughProfile,
    SinusoidProfile,
    TableProfile,
)
from sim.config.dump import dump_config
from sim.config.electrodes import Electrode, Stern
from sim.config.errors import ConfigError
from sim.config.interface import ImageMap, Interface, RandomMap, Site, StripesMap, TableMap
from sim.config.limits import limiting_current_problem
from sim.config.loader import build_config, load_config
from sim.config.materials import Electrolyte, Separator
from sim.config.numerics import Mesh, Output, Solver
from sim.config.operation import Operation
from sim.config.run import RunConfig
from sim.config.schema import json_schema

__all__ = [
    "Cell",
    "ConfigError",
    "Electrode",
    "Electrolyte",
    "FlatProfile",
    "ImageMap",
    "Interface",
    "Mesh",
    "MeshProfile",
    "NucleiProfile",
    "Nucleus",
    "Operation",
    "Output",
    "RandomMap",
    "RoughProfile",
    "RunConfig",
    "Separator",
    "SinusoidProfile",
    "Site",
    "Solver",
    "Stern",
    "StripesMap",
    "TableMap",
    "TableProfile",
    "build_config",
    "dump_config",
    "json_schema",
    "limiting_current_problem",
    "load_config",
]
