"""Values with units: what is read, what is refused and with which words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sim.config import build_config
from sim.config.conversions import KNOWN
from sim.config.shipped import shipped_config
from sim.config.units import Quantity, _by_pint, conversion

CELL = {"length": "10 um", "width": "8 um"}


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("10 um", "m", 1e-5),
        ("10 µm", "m", 1e-5),  # micro sign
        ("10 μm", "m", 1e-5),  # Greek mu
        ("10um", "m", 1e-5),
        (" 3.4e-1 nm ", "m", 3.4e-10),
        ("0.92 mS/cm", "S/m", 0.092),
        ("2500 mol/m^3", "mol/m^3", 2500.0),
        ("2.5 M", "mol/m^3", 2500.0),
        ("1e-12 m^2/s", "m^2/s", 1e-12),
        ("1.37e-10 cm²/s", "m^2/s", 1.37e-14),
        ("0.33 mA/cm^2", "A/m^2", 3.3),
        ("1 mAh/cm^2", "C/m^2", 3.6e4),
        ("-6 mC/m^2", "C/m^2", -0.006),
        ("0.75 / nm^2", "1/m^2", 7.5e17),
        ("0.75 nm^-2", "1/m^2", 7.5e17),
        ("1.74e4 / s", "1/s", 1.74e4),
        ("3.2 Hz", "1/s", 3.2),
        ("-0.65 eV", "eV", -0.65),
        ("280 meV", "eV", 0.28),
        ("25 degC", "K", 298.15),
        ("298.15 K", "K", 298.15),
        ("2 min", "s", 120.0),
        ("+1 h", "s", 3600.0),
        ("500 mV", "V", 0.5),
    ],
)
def test_reads_as_people_write(text: str, unit: str, value: float) -> None:
    """The conversion is in decimals: the float is the nearest one to the exact value."""
    assert Quantity(unit, "thing", "1").parse(text) == value


def test_energy_per_mole_becomes_energy_per_particle() -> None:
    """50 kJ/mol / (F · 1 V) = 0.518214 eV."""
    energy = Quantity("eV", "energy", "1 eV").parse("50 kJ/mol")
    assert energy == pytest.approx(50e3 / 96485.33212, rel=1e-10)


def test_an_si_value_needs_no_unit_library() -> None:
    """A finished run's config loads without importing pint."""
    code = """
import sys
from sim.config.units import Quantity
assert Quantity("m", "length", "1 m").parse("1e-05 m") == 1e-5
assert "pint" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_import_brings_no_solver_and_no_unit_library() -> None:
    code = """
import sys
import sim.config
heavy = {"pint", "numpy", "dolfinx", "mpi4py", "petsc4py", "ufl"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_conversions_are_cached() -> None:
    conversion("mS/cm", "S/m")
    hits = conversion.cache_info().hits
    conversion("mS/cm", "S/m")
    assert conversion.cache_info().hits == hits + 1


@pytest.mark.parametrize("value", [1e-5, 1 / 3, 2.0, 1e300, -0.006])
def test_text_of_a_value_parses_to_the_same_float(value: float) -> None:
    quantity = Quantity("C/m^2", "charge per area", "1 C/m^2")
    assert quantity.parse(quantity.text(value)) == value


LENGTH = "expected a length such as '10 um'"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (10, f"a unit is missing: {LENGTH}, got 10"),
        (1e-5, f"a unit is missing: {LENGTH}, got 1e-05"),
        ("10", f"a unit is missing: {LENGTH}, got '10'"),
        ("10 mS", f"{LENGTH}, got '10 mS': 'mS' is of another dimension"),
        ("10 umm", f"{LENGTH}, got '10 umm': cannot read the unit 'umm'"),
        ("10 m//s", f"{LENGTH}, got '10 m//s': cannot read the unit 'm//s'"),
        ("10 m^", f"{LENGTH}, got '10 m^': cannot read the unit 'm^'"),
        ("10 20 m", f"{LENGTH}, got '10 20 m': cannot read the unit '20 m'"),
        ("1,5 um", f"{LENGTH}, got '1,5 um': cannot read the unit ',5 um'"),
        ("wide", f"{LENGTH}, got 'wide'"),
        ("nan um", f"{LENGTH}, got 'nan um'"),
        ("inf um", f"{LENGTH}, got 'inf um'"),
        (True, f"{LENGTH}, got True"),
        (["1 um"], f"{LENGTH}, got ['1 um']"),
        ("1e999 m", "expected a finite number, got '1e999 m'"),
        ("0 um", "must be above 0 m, got '0 um'"),
        ("-8 um", "must be above 0 m, got '-8 um'"),
    ],
)
def test_refuses_what_is_no_length(minimal, changed, build_errors, value: object, message: str) -> None:
    assert build_errors(changed(minimal, cell={"width": value})) == [f"cell.width: {message}"]


def test_refuses_nan_where_a_unit_is_needed(minimal, changed, build_errors) -> None:
    (message,) = build_errors(changed(minimal, cell={"width": float("nan")}))
    assert message == f"cell.width: a unit is missing: {LENGTH}, got nan"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (True, "expected a number without a unit, got true"),
        ("0.5", "expected a number without a unit, got '0.5'"),
        ("50 %", "expected a number without a unit, got '50 %'"),
        (float("nan"), "expected a finite number, got nan"),
        (float("inf"), "expected a finite number, got inf"),
        (1, "must be below 1, got 1"),
        (0.0, "must be above 0, got 0.0"),
    ],
)
def test_refuses_what_is_no_fraction(minimal, changed, build_errors, value: object, message: str) -> None:
    mapping = changed(minimal, separator={"transference_number": value})
    assert build_errors(mapping) == [f"separator.transference_number: {message}"]


def test_absolute_zero_is_a_bound_for_celsius_too(minimal, build_errors) -> None:
    (message,) = build_errors(minimal | {"temperature": "-300 degC"})
    assert message == "temperature: must be above 0 K, got '-300 degC'"


def test_a_stern_layer_may_have_no_thickness(minimal, changed) -> None:
    config = build_config(changed(minimal, anode={"stern": {"thickness": "0 nm"}}))
    assert config.anode.stern is not None
    assert config.anode.stern.thickness == 0.0


@pytest.mark.parametrize(("unit", "target"), KNOWN)
def test_the_usual_conversions_are_those_of_pint(unit: str, target: str) -> None:
    factor, offset = _by_pint(unit, target)
    assert conversion(unit, target) == (factor, offset)
    assert offset == 0


def test_shipped_configs_do_not_wait_for_pint() -> None:
    script = "import sys; from sim.config import load_config; load_config(sys.argv[1]); print('pint' in sys.modules)"
    for name in ("pia", "control-3", "examples/transient", "paper/pp-cell"):
        words = [sys.executable, "-c", script, str(shipped_config(name))]
        assert subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip() == "False", (
            name
        )
