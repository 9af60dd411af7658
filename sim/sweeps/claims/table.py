"""One row per sample and mode: the world's constants, dimensionless groups, unevenness of the separators, verdicts.

Columns: sample (`shipped`, or the row of the design), mode; the drawn constants in SI; groups [1]; ``cv_SEPARATOR`` and
``error_SEPARATOR`` of the plating current [1] (mesh and fast mode); `CLAIMS`; and the parts of CV(PP) − CV(PIA):

    part_bulk  = CV(PP) − CV(PIA's bulk without sites)         on the same anode
    part_sites = CV(PIA's bulk without sites) − CV(PIA)
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config import RunConfig, load_config
from sim.sweeps.claims.groups import (
    mean_energy,
    rest_coverage,
    site_capacity,
    spreading_number,
    steady_dukhin_number,
)
from sim.sweeps.claims.verdicts import Estimate, together, verdict
from sim.sweeps.load import load_sweep
from sim.sweeps.table import sweep_dataset, sweep_frame

if TYPE_CHECKING:
    import pandas as pd

SEPARATORS = ("pp", "pia", "control-2", "control-3", "pia-bulk")
SHIPPED = "shipped"
MODE = "operation.mode"
CV, CV_ERROR = "current_density_cv", "mesh_error_current_density_cv"
#: claim -> the separators that it says are less and more even; those of several pairs are made together
CLAIMS = {
    "pp_above_control_2": (("pp", "control-2"),),
    "control_2_above_pia": (("control-2", "pia"),),
    "order": (("pp", "control-2"), ("control-2", "pia")),
    "control_3_above_pia": (("control-3", "pia"),),
    "all_claims": (("pp", "control-2"), ("control-2", "pia"), ("control-3", "pia")),
    "sites_help": (("pia-bulk", "pia"),),
}
#: column of the sweep's table -> name in this one, of PIA's row
_DRAWN = {
    "interface.surface_diffusivity_m2_s": "surface_diffusivity_m2_s",
    "interface.area_factor": "area_factor",
    "interface.adsorption_rate_per_s": "adsorption_rate_per_s",
    "interface.plating_rate_per_s": "plating_rate_per_s",
    "interface.reference_energy_eV": "reference_energy_eV",
}
_HEIGHT = "cell.anode_profile.nuclei.1.height_m"
_CHARGE = "interface.sites.N1.charged_fraction"
_CONDUCTIVITY = "separator.conductivity_S_m"


def claim_table(root: str | Path, model_errors: Mapping[str, float] | None = None) -> pd.DataFrame:
    """The table of a sweep like configs/sweeps/claim-map.yaml, also of a part of it: worlds that lack a separator have
    unknown claims, those without PIA no row.

    model_errors: mode → part of every CV [1] by which the equations solved may be off, added to the error of the mesh
    (see `fast_mode_errors`); absent: none. Raises SweepFolderError where there is no sweep.
    """
    import pandas as pd

    root = Path(root)
    spec = load_sweep(root / "sweep.yaml").spec
    configs = {name: load_config(spec.base[f"{SHIPPED}-{name}"].file) for name in SEPARATORS}
    frame = sweep_frame(sweep_dataset(root))
    errors = model_errors or {}
    rows = [
        _row(world, configs, errors) for world in _worlds(frame[frame["status"] == "done"]) if "pia" in world
    ]
    return pd.DataFrame(rows)


def _worlds(frame: pd.DataFrame) -> Iterator[dict[str, dict[str, Any]]]:
    """What belongs together, separator → its row: those shipped, then each sample, in each mode."""
    found: dict[tuple[int, str], dict[str, dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        name = str(row["base"])
        key = (-1 if name.startswith(SHIPPED) else int(row["sample"]), str(row[MODE]))
        found.setdefault(key, {})[name.removeprefix(f"{SHIPPED}-")] = row
    for key in sorted(found, key=lambda one: (one[0], one[1] != "potentiostatic")):
        yield found[key]


def _row(
    world: dict[str, dict[str, Any]], configs: dict[str, RunConfig], model_errors: Mapping[str, float]
) -> dict[str, Any]:
    pia = world["pia"]
    model_error = model_errors.get(str(pia[MODE]), 0.0)
    shipped = str(pia["base"]).startswith(SHIPPED)
    estimates = {name: _estimate(world.get(name), model_error) for name in SEPARATORS}
    verdicts = {
        claim: together(*(verdict(estimates[a], estimates[b]) for a, b in pairs))
        for claim, pairs in CLAIMS.items()
    }
    return {
        "sample": SHIPPED if shipped else str(pia["sample"]),
        "mode": pia[MODE],
        **{name: pia[column] for column, name in _DRAWN.items()},
        **_scales(world, configs),
        **_groups(world, configs),
        **{f"cv_{name}": one.value for name, one in estimates.items()},
        **{f"error_{name}": one.error for name, one in estimates.items()},
        **verdicts,
        **_parts(estimates),
    }


def _estimate(row: dict[str, Any] | None, model_error: float) -> Estimate:
    if row is None:
        return Estimate(math.nan, math.nan)
    return Estimate(row[CV], row.get(CV_ERROR, math.nan) + model_error * row[CV])


def _scales(world: dict[str, dict[str, Any]], configs: dict[str, RunConfig]) -> dict[str, float]:
    """What was drawn as a part of something shipped [1]."""
    pia, control = world["pia"], world.get("control-2")
    heights = configs["pia"].cell.anode_profile.nuclei  # type: ignore[union-attr]
    low, high = (configs[name].separator.conductivity or math.nan for name in ("pp", "pia"))
    share = math.nan if control is None else (control[_CONDUCTIVITY] - low) / (high - low)
    return {
        "charge": pia[_CHARGE] / configs["pia"].interface.sites["N1"].charged_fraction,
        "roughness": pia[_HEIGHT] / heights[1].height,
        "bulk_of_controls": share,
    }


def _groups(world: dict[str, dict[str, Any]], configs: dict[str, RunConfig]) -> dict[str, float]:
    """Dimensionless groups of PIA in its world, and coverage and share of the sites of control 2."""
    pia, control = world["pia"], world.get("control-2", {})
    reference, temperature = pia["interface.reference_energy_eV"], configs["pia"].temperature
    rest = rest_coverage(mean_energy(configs["pia"]), reference, temperature)
    dukhin = steady_dukhin_number(pia["surface_dukhin_number"], rest, pia["coverage_mean"])
    return {
        "site_capacity_mol_m2": pia["interface.area_factor"] * site_capacity(configs["pia"]),
        "adsorption_over_plating": pia["interface.adsorption_rate_per_s"]
        / pia["interface.plating_rate_per_s"],
        "rest_coverage": rest,
        "rest_coverage_control-2": rest_coverage(mean_energy(configs["control-2"]), reference, temperature),
        "surface_dukhin_number": pia["surface_dukhin_number"],
        "adsorption_damkoehler_number": pia["adsorption_damkoehler_number"],
        "wagner_number": pia["wagner_number"],
        "coverage": pia["coverage_mean"],
        "steady_dukhin_number": dukhin,
        "adsorbed_fraction": pia["adsorbed_channel_fraction"],
        "adsorbed_fraction_control-2": control.get("adsorbed_channel_fraction", math.nan),
        "spreading_number": spreading_number(dukhin, pia["adsorbed_channel_fraction"]),
        "j_over_j_lim": pia["j_over_j_lim"],
        "j_over_j_lim_pp": world.get("pp", {}).get("j_over_j_lim", math.nan),
    }


def _parts(estimates: dict[str, Estimate]) -> dict[str, float]:
    """What of CV(PP) − CV(PIA) is the bulk's and the sites' [1]; no share where PIA is not the more even."""
    pp, bulk, pia = (estimates[name].value for name in ("pp", "pia-bulk", "pia"))
    return {
        "part_bulk": pp - bulk,
        "part_sites": bulk - pia,
        "share_sites": (bulk - pia) / (pp - pia) if pp > pia else math.nan,
        "pia_over_bulk": pia / bulk,
    }
