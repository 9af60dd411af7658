"""The kinds of value a config holds, by name. Attributes are SI; energies per particle stay in eV."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from sim.config.units import Quantity

Length = Annotated[float, Quantity("m", "length", "10 um")]
PositiveLength = Annotated[float, Quantity("m", "length", "10 um", above=0.0)]
NonNegativeLength = Annotated[float, Quantity("m", "length", "0.3 nm", at_least=0.0)]
Temperature = Annotated[float, Quantity("K", "temperature", "298.15 K", above=0.0)]
Concentration = Annotated[float, Quantity("mol/m^3", "concentration", "2500 mol/m^3", above=0.0)]
Conductivity = Annotated[float, Quantity("S/m", "conductivity", "0.92 mS/cm", above=0.0)]
Diffusivity = Annotated[float, Quantity("m^2/s", "diffusivity", "1e-10 m^2/s", above=0.0)]
SurfaceDiffusivity = Annotated[float, Quantity("m^2/s", "diffusivity", "1e-9 m^2/s", at_least=0.0)]
ChargeDensity = Annotated[float, Quantity("C/m^3", "charge per volume", "-1e6 C/m^3")]
SurfaceCharge = Annotated[float, Quantity("C/m^2", "charge per area", "-6 mC/m^2")]
ArealCapacity = Annotated[float, Quantity("C/m^2", "charge per area", "1 mAh/cm^2", above=0.0)]
SurfaceEnergy = Annotated[float, Quantity("J/m^2", "energy per area", "0.5 J/m^2", at_least=0.0)]
CurrentDensity = Annotated[float, Quantity("A/m^2", "current density", "0.5 mA/cm^2")]
ExchangeCurrentDensity = Annotated[float, Quantity("A/m^2", "current density", "0.33 mA/cm^2", above=0.0)]
Voltage = Annotated[float, Quantity("V", "voltage", "0.5 V")]
PositiveVoltage = Annotated[float, Quantity("V", "voltage", "5 mV", above=0.0)]
Frequency = Annotated[float, Quantity("Hz", "frequency", "10 kHz", above=0.0)]
ArealResistance = Annotated[float, Quantity("ohm*m^2", "resistance times area", "2 ohm*cm^2", at_least=0.0)]
Energy = Annotated[float, Quantity("eV", "energy per particle", "-0.65 eV")]
EnergyBarrier = Annotated[float, Quantity("eV", "energy per particle", "0.15 eV", at_least=0.0)]
SiteDensity = Annotated[float, Quantity("1/m^2", "number per area", "0.75 / nm^2", at_least=0.0)]
Rate = Annotated[float, Quantity("1/s", "rate", "1.74e4 / s", at_least=0.0)]
Time = Annotated[float, Quantity("s", "time", "10 s", above=0.0)]
Duration = Annotated[float | Literal["steady"], Quantity("s", "time", "10 s", above=0.0, word="steady")]

Number = Annotated[float, Field(strict=True)]
PositiveNumber = Annotated[float, Field(strict=True, gt=0)]
Fraction = Annotated[float, Field(strict=True, ge=0, le=1)]
OpenFraction = Annotated[float, Field(strict=True, gt=0, lt=1)]
Seed = Annotated[int, Field(strict=True, ge=0)]
Count = Annotated[int, Field(strict=True, ge=1)]


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise PydanticCustomError("no_file", "{text}", {"text": f"no such file: {path}"})
    return path


def _run_name(name: str) -> str:
    if not re.fullmatch(r"[^./\\\s]([^/\\\n]*[^/\\\s])?", name):
        raise PydanticCustomError("name", "{text}", {"text": f"cannot be the name of a folder, got '{name}'"})
    return name


def _site_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        text = f"expected a name of letters, digits and '_', got '{name}'"
        raise PydanticCustomError("name", "{text}", {"text": text})
    return name


RunName = Annotated[str, AfterValidator(_run_name)]
SiteName = Annotated[str, AfterValidator(_site_name)]
File = Annotated[Path, AfterValidator(_existing)]
