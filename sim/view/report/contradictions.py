"""What a reader must know before believing a number: where the paper's numbers contradict each other, where a value
was fitted and where it is an assumption of ours. Each is told where it applies, with what the model gives.

The numbers are those of ``sim experiment paper`` (results/reference/paper-contradictions.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sim.view.caption import CALIBRATED
from sim.view.labels import number
from sim.view.report.markup import Html, element, join
from sim.view.settings import Settings

#: the two drives of the paper [V, 1/h], its concentration [mol/m³], exchange current densities [A/m²], t₊ of PIA
VOLTAGE, C_RATE, CONCENTRATION, TAFEL, TRANSFERENCE = 0.5, 0.5, 2500.0, (3.3, 6.4), 0.78

G_REF, K_P = "G$_\\mathrm{ref}$", "k$_\\mathrm{p}$"
FITTED = frozenset({"interface.reference_energy", "interface.plating_rate"})


@dataclass(frozen=True)
class Case:
    """What one run brings: its settings and the numbers that decide what applies."""

    settings: Settings
    share_of_limit: float  #: j/j_lim, nan where unknown
    exchange_current_densities: tuple[float, ...]  #: of the lithium electrodes [A/m²]
    fixed_charge: float  #: [C/m³]


@dataclass(frozen=True)
class Contradiction:
    """Head, words, to which runs they apply, and keys on which they rest, so that where these vary nothing is said."""

    head: str
    words: str
    applies: Callable[[Case], bool]
    rests_on: frozenset[str] = frozenset()


CONTRADICTIONS = (
    Contradiction(
        "0.5 V and 0.5 C cannot both hold.",
        "The paper gives both for one cell. In this model 0.5 V drives 21.8 times (PP) and 64.4 times (PIA) the "
        "current of 0.5 C, which needs only 76 mV and 61 mV. At 0.5 V PP stands at 92 % of its limiting current and "
        "the anode's shape decides; at 0.5 C it stands at 4 % and the electrodes' kinetics even the current out. Each "
        "result holds in its own mode only.",
        lambda case: (
            case.settings.voltage == VOLTAGE
            if case.settings.mode == "potentiostatic"
            else case.settings.c_rate == C_RATE
        ),
    ),
    Contradiction(
        "2500 mol/m³ in the paper's model, 1 M in its cells.",
        "κ and t₊ are measured and go in as they are, so the concentration leaves the limiting current alone; "
        "diffusivities go as 1/c, Sand's time as c, the Debye length as 1/√c. With 1000 mol/m³ the current at 0.5 V "
        "changes from 109 to 107.4 A m⁻² (PP) and from 321.8 to 291.2 A m⁻² (PIA).",
        lambda case: case.settings.concentration == CONCENTRATION,
    ),
    Contradiction(
        "The exchange current density of the Tafel plot does not give the measured polarisation.",
        "With j₀ = 0.64 mA cm⁻² and κ, t₊ of a 50 µm separator the model predicts 80.9, 140.8, 185.4 and 252.3 mV at "
        "1, 2, 3 and 5 mA cm⁻², where the paper measured 29.5, 54.6, 78.2 and 120.1 mV. The measurement asks for "
        "j₀ = 2.7 mA cm⁻², or 1.94 mA cm⁻² with a free resistance of 1.97 Ω cm², less than the electrolyte alone has.",
        lambda case: any(math.isclose(j0, one) for j0 in case.exchange_current_densities for one in TAFEL),
    ),
    Contradiction(
        "t₊ = 0.78 cannot come from positive fixed charge.",
        "Protonated amines keep Li⁺ out: in PP's liquid (t₊ = 0.39) at 1 M every positive charge lowers t₊, and 0.78 "
        "needs a negative one of −1.93 F c₀. The bulk therefore takes the measured κ and t₊, and the sites act at the "
        "interface alone, so that nothing counts twice.",
        lambda case: case.settings.bulk[1] == TRANSFERENCE or case.fixed_charge > 0,
    ),
    Contradiction(
        "Two constants are fitted.",
        f"{G_REF} = {CALIBRATED[0]:g} eV puts PIA at half coverage at rest, {K_P} = {CALIBRATED[1]:g} s⁻¹ gives it its "
        "measured exchange current; both are then held for every separator.",
        lambda case: (
            bool(case.settings.sites)
            and (case.settings.reference_energy, case.settings.plating_rate) == CALIBRATED
        ),
        FITTED,
    ),
    Contradiction(
        f"{G_REF} and {K_P} are not the values fitted to PIA.",
        f"The fitted ones are {CALIBRATED[0]:g} eV and {CALIBRATED[1]:g} s⁻¹.",
        lambda case: (
            bool(case.settings.sites)
            and (case.settings.reference_energy, case.settings.plating_rate) != CALIBRATED
        ),
        FITTED,
    ),
    Contradiction(
        "Controls inherit PIA's bulk.",
        "The paper gives neither κ nor t₊ for them; that they share PIA's is an assumption. What PP and the others "
        "differ in is then mainly the bulk.",
        lambda case: case.settings.name.startswith("control"),
    ),
)


def applying(cases: Sequence[Case], varied: Collection[str] = ()) -> list[Contradiction]:
    """Those that concern at least one run and do not rest on keys that a sweep varies."""
    known = [one for one in CONTRADICTIONS if one.rests_on.isdisjoint(varied)]
    return [one for one in known if any(one.applies(case) for case in cases)]


def contradiction_list(cases: Sequence[Case], varied: Collection[str] = ()) -> Html:
    """What applies, and what this report's runs stand at; nothing where nothing applies."""
    said = []
    for one in applying(cases, varied):
        words = one.words
        if one is CONTRADICTIONS[0]:
            words = f"{words} {_stands(cases)}"
        said.append(element("li", join([element("b", one.head), words], " ")))
    return element("ul", join(said)) if said else Html("")


def _stands(cases: Sequence[Case]) -> str:
    """Mode and share of the limiting current of each run."""
    shares: dict[str, list[str]] = {}
    for case in cases:
        if math.isfinite(case.share_of_limit):
            said = f"{number(case.share_of_limit)} ({case.settings.title})"
            shares.setdefault(case.settings.drive, []).append(said)
    told = [f"{drive}, j/j$_\\mathrm{{lim}}$ = {', '.join(said)}" for drive, said in shares.items()]
    return f"Here: {'; '.join(told)}." if told else ""
