"""How the numbers of an impedance spectrum are read, and when they cannot be, in sentences."""

from __future__ import annotations

from math import pi
from typing import Any

from sim.solve.parameters import Parameters

#: displacement over conduction current from which the two-electrode reading suffers
DIELECTRIC = 0.03


def shares(p: Parameters, conductivity: float | None) -> dict[str, float | None]:
    """The frequency [Hz] at which displacement equals conduction, kappa/(2 pi eps eps_p)."""
    relaxation = None if conductivity is None else conductivity / (2 * pi * p.permittivity * p.porosity)
    return {"dielectric_relaxation_frequency_Hz": relaxation}


def remarks_of(p: Parameters, bias: str, summary: dict[str, Any], highest: float) -> tuple[str, ...]:
    """Sentences about a summary; ``highest`` is the highest frequency of the spectrum [Hz]."""
    remarks = [*_conductivity(p, bias, summary, highest), *_resistances(summary)]
    return (*remarks, *(_layers(summary, highest) if p.poisson else [_no_layers(p)]))


def _conductivity(p: Parameters, bias: str, summary: dict[str, Any], highest: float) -> list[str]:
    found = summary["conductivity_frequency_Hz"]
    if found is None:
        return [
            "conductivity: none; the cell is too thin for potential probes outside the double layers (Debye length "
            f"{p.debye_length:.3g} m)"
        ]
    remarks = [
        "conductivity: four probes, real part of current density over the mean field between a quarter and three "
        f"quarters of the way from the anode's highest point to the counter electrode, at {found:.4g} Hz"
    ]
    if found > highest:
        remarks.append(
            "conductivity: read above the highest frequency of the spectrum, at which the salt still follows between "
            "the probes"
        )
    if bias == "operation":
        remarks.append("conductivity: under bias it is that of the polarised electrolyte between the probes")
    return remarks


def _resistances(summary: dict[str, Any]) -> list[str]:
    if summary["dc_resistance_ohm_m2"] is None:
        return [
            "charge transfer and direct current: none; an electrode lets no lithium through at steady state"
        ]
    return [
        "charge-transfer resistance: of both electrodes and of each, per cell length, from the limit of low "
        "frequencies with lithium reference electrodes in front of them; with sites it holds the direct and the "
        "adsorbed channel"
    ]


def _layers(summary: dict[str, Any], highest: float) -> list[str]:
    names = ("anode", "counter")
    remarks = []
    if all(summary[f"{name}_double_layer_capacitance_F_m2"] is None for name in names):
        remarks.append("double-layer capacitance: none could be read")
    else:
        remarks.append(
            "double-layer capacitance: differential, of the pore liquid per cell length (porosity included), Stern and "
            "diffuse layer in series"
        )
    if summary["two_electrode_conductivity_S_m"] is None:
        remarks.append(
            "two-electrode conductivity: none; the spectrum shows no high-frequency intercept, try other frequencies"
        )
    else:
        remarks.append(
            "two-electrode conductivity: gap to the anode's mean height over Re Z at the least -Im Z before the first "
            "arc, as from a Nyquist plot"
        )
    relaxation = summary["dielectric_relaxation_frequency_Hz"]
    if relaxation is not None and highest > DIELECTRIC * relaxation:
        remarks.append(
            f"displacement is {highest / relaxation:.2g} of the conduction current at the highest frequency; the "
            "four-probe conductivity is free of it, the two-electrode one is read below"
        )
    return remarks


def _no_layers(p: Parameters) -> str:
    which = "thin double layers that store no charge" if p.closure else "no double layers"
    return f"the electroneutral cell has {which}: its impedance has no arc of charge transfer"
