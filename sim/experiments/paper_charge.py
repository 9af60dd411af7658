"""Which transference number a fixed charge of the separator gives: Donnan equilibrium, and the model's own answer.

A medium of fixed charge rho in equilibrium with free electrolyte c_out, r = rho/(F c_out), phi_D = asinh(r/2) in RT/F:
c_li = c_out e^(-phi_D), c_anion = c_out e^(phi_D), and with the liquid's own transference number t

    t_li(r) = t e^(-phi_D)/(t e^(-phi_D) + (1 - t) e^(phi_D))

Source: F. G. Donnan, Z. Elektrochem. 17 (1911) 572. The model's answer is measured on a cell of that medium: its
conductance at steady state (anions at rest) over that at high frequency (both ions move).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asinh, exp, log, sinh

from sim.config import RunConfig
from sim.experiments.live_cell import Lab
from sim.experiments.paper_data import CELL_CONCENTRATION, SEPARATORS
from sim.experiments.polarisation import Polariser
from sim.experiments.registry import find_experiment
from sim.physics.constants import FARADAY
from sim.physics.scaling import nernst_einstein

#: ratios rho/(F c_out) beside the one that PIA's transference number needs and its mirror image
SMALL_RATIO = 0.5
#: frequency at which salt is at rest and the conductance is that of both ions [Hz]
HIGH_FREQUENCY = 1e6


@dataclass(frozen=True)
class ChargedMedium:
    """A fixed charge and its transference number, by Donnan equilibrium and measured on the model."""

    fixed_charge_ratio: float
    fixed_charge_C_m3: float
    transference_number_donnan: float
    transference_number_model: float


def donnan_transference(ratio: float, liquid: float) -> float:
    """t_li [1] at r = rho/(F c_out) in a liquid of transference number ``liquid``."""
    potential = asinh(ratio / 2)
    lithium, anion = liquid * exp(-potential), (1 - liquid) * exp(potential)
    return lithium / (lithium + anion)


def ratio_for(transference: float, liquid: float) -> float:
    """The inverse of ``donnan_transference``: r = rho/(F c_out) [1]."""
    return 2 * sinh(-log(transference * (1 - liquid) / ((1 - transference) * liquid)) / 2)


def charged_media(config: RunConfig, lab: Lab) -> list[ChargedMedium]:
    """PP's liquid in media of fixed charge of either sign, up to the one that gives PIA's transference number; the
    geometry is that of ``config``."""
    liquid, wanted = (separator.transference_number for separator in SEPARATORS)
    needed = ratio_for(wanted, liquid)
    lab.tell("transference number of media with fixed charge")
    return [
        ChargedMedium(
            ratio,
            ratio * FARADAY * CELL_CONCENTRATION,
            donnan_transference(ratio, liquid),
            measured_transference(_medium(config, ratio), lab),
        )
        for ratio in (needed, -SMALL_RATIO, 0.0, SMALL_RATIO, -needed)
    ]


def _medium(config: RunConfig, ratio: float) -> RunConfig:
    """A flat cell of the charged medium, PP's diffusivities inside; its config states the anions inside as c_0."""
    potential = asinh(ratio / 2)
    liquid = SEPARATORS[0]
    diffusivities = nernst_einstein(
        liquid.conductivity, liquid.transference_number, CELL_CONCENTRATION, config.temperature
    )
    electrolyte = {
        "concentration": CELL_CONCENTRATION * exp(potential),
        "reference_concentration": CELL_CONCENTRATION * exp(-potential),
        "fixed_charge": ratio * FARADAY * CELL_CONCENTRATION,
        "diffusivity_li": diffusivities[0],
        "diffusivity_anion": diffusivities[1],
    }
    return config.model_copy(
        update={
            "electrolyte": config.electrolyte.model_copy(update=electrolyte),
            "separator": config.separator.model_copy(
                update={"conductivity": None, "transference_number": None}
            ),
        }
    )


def measured_transference(config: RunConfig, lab: Lab) -> float:
    """Steady conductance over high-frequency conductance of the electrolyte in a flat cell."""
    quiet = Lab(lab.comm, stop=lab.stop)
    low, high = Polariser(config, quiet).beside_rest()
    change = {key: high.row[key] - low.row[key] for key in ("electrolyte_voltage_V", "current_density_A_m2")}
    steady = change["current_density_A_m2"] / change["electrolyte_voltage_V"] * config.cell.width
    settings = config.experiments.impedance.model_copy(update={"frequencies": (HIGH_FREQUENCY,)})
    spectrum = config.experiments.model_copy(update={"impedance": settings})
    summary = find_experiment("impedance")(config.model_copy(update={"experiments": spectrum}), quiet).summary
    return float(steady / summary["conductivity_S_m"])
