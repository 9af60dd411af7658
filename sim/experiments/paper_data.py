"""What the PIA separator paper measured (PNAS 2023), with its figures. Model and measurement meet in `paper`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Numbers of one separator: kappa [S/m], t_li [1], Tafel j_0 [A/m^2], D_li from full cells [m^2/s], nucleation
    overpotential [V]; and the shipped config of the cell that they are measured in."""

    title: str
    cell: str
    conductivity: float
    transference_number: float
    exchange_current_density: float
    diffusivity: float
    nucleation_overpotential: float


#: Fig. 3A (kappa, t_li), 3C (j_0), 3D (D_li: LFP full cells), text to Fig. S17 (nucleation)
SEPARATORS = (
    Measured("PP", "paper/pp-cell", 0.023, 0.39, 3.3, 1.37e-14, 0.90),
    Measured("PIA", "paper/pia-cell", 0.092, 0.78, 6.4, 2.41e-14, 0.34),
)
#: Fig. 5E: polarisation [V] of the symmetric PIA cell at current densities [A/m^2]
POLARISATION_CURRENTS = (10.0, 20.0, 30.0, 50.0)
POLARISATION_VOLTAGES = (29.5e-3, 54.6e-3, 78.2e-3, 120.1e-3)
#: concentrations of the paper's model and of its cells [mol/m^3]
MODEL_CONCENTRATION, CELL_CONCENTRATION = 2500.0, 1000.0
