"""Characteristic scales of a config, for ``sim validate``: what a user checks before a run."""

from __future__ import annotations

from sim.config import RunConfig
from sim.domain.layout import debye_length_of
from sim.physics.scaling import limiting_current_density, nernst_einstein, thermal_voltage


def scale_lines(config: RunConfig) -> list[str]:
    """Scales of a config, one per line; needs no mesh."""
    electrolyte, separator = config.electrolyte, config.separator
    if electrolyte.diffusivity_li is not None and electrolyte.diffusivity_anion is not None:
        d_li, d_anion = electrolyte.diffusivity_li, electrolyte.diffusivity_anion
    else:
        conductivity, transference = separator.conductivity or 0.0, separator.transference_number or 0.0
        d_li, d_anion = nernst_einstein(
            conductivity, transference, electrolyte.concentration, config.temperature
        )
    mean_height = config.cell.mean_height() or 0.0
    gap = config.cell.width - mean_height
    ambipolar = 2 * d_li * d_anion / (d_li + d_anion)
    reservoir = "reservoir" in (config.anode.kind, config.counter.kind)
    limit = limiting_current_density(d_li, electrolyte.concentration, gap, against_reservoir=reservoir)
    debye = debye_length_of(config)
    return [
        f"thermal voltage            {1e3 * thermal_voltage(config.temperature):.4f} mV",
        f"Debye length               {1e9 * debye:.4g} nm, {debye / gap:.3g} of the gap",
        f"mean gap                   {1e6 * gap:.4g} um",
        f"diffusivities Li+, anion   {d_li:.4g}, {d_anion:.4g} m^2/s",
        f"limiting current density   {limit:.4g} A/m^2",
        f"double-layer charging time {debye * gap / ambipolar:.3g} s",
        f"diffusion time of the gap  {gap**2 / ambipolar:.3g} s",
    ]
