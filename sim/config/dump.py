"""A RunConfig as YAML text in SI units that loads back to an equal one."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from sim.config.experiments import Experiments
from sim.config.layers import Layer, Mark
from sim.config.loader import normalised
from sim.config.run import RunConfig

#: the config written last, and its text: a run writes its config and hashes it
_latest: list[tuple[RunConfig, str]] = []


def dump_config(config: RunConfig) -> str:
    """YAML text of every value of a config, defaults included, SI with units; files absolute.

    Settings of the experiments, which a run ignores, are left out where they are the defaults.
    """
    if not _latest or _latest[0][0] is not config:
        _latest[:] = [(config, _dump(config))]
    return _latest[0][1]


def _default_experiments(config: RunConfig) -> bool:
    return "experiments" not in config.model_fields_set or config.experiments == Experiments()


def _dump(config: RunConfig) -> str:
    layer = Layer({}, {(): Mark("", Path("/"))})
    unused = {"experiments"} if _default_experiments(config) else None
    tree = normalised(config.model_dump(mode="json", exclude=unused), layer)
    yaml = YAML(typ="safe")  # in C where ruamel has it: half the time
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    yaml.allow_unicode = True
    yaml.width = 120
    text = StringIO()
    yaml.dump(tree, text)
    return text.getvalue()
