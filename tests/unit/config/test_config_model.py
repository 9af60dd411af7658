"""What a config holds, its defaults, and what its keys must satisfy together."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from sim.config import FlatProfile, NucleiProfile, Nucleus, Stern, build_config
from sim.config.cell import Cell


def test_natural_defaults(minimal) -> None:
    config = build_config(minimal)
    assert (config.temperature, config.separator.porosity) == (298.15, 1.0)
    assert config.cell.anode_profile == FlatProfile()
    assert (config.cell.sides, config.anode.kind, config.anode.transfer_coefficient) == (
        "symmetry",
        "lithium",
        0.5,
    )
    assert config.anode.stern == Stern(thickness="0.3 nm", relative_permittivity=30)
    assert (config.electrolyte.electrostatics, config.electrolyte.relative_permittivity) == ("poisson", 30.0)
    assert (config.interface.sites, config.interface.overlap) == ({}, "mean_field")
    assert (config.interface.barrier_position, config.interface.area_factor) == (0.5, 12.0)
    assert (config.operation.duration, config.operation.history) == ("steady", False)
    assert (config.name, config.title) == ("unnamed", "")
    assert build_config(minimal | {"name": "x"}).title == "x"


def test_everything_else_is_required(build_errors) -> None:
    messages = build_errors({})
    assert [message.split(":")[0] for message in messages] == [
        "cell",
        "electrolyte",
        "anode",
        "counter",
        "operation",
    ]
    assert all(": required: " in message for message in messages)


def test_a_config_is_frozen(minimal) -> None:
    config = build_config(minimal)
    with pytest.raises(ValidationError, match="frozen"):
        config.cell.width = 1.0


def test_null_stern_is_no_stern_layer_and_absent_is_the_default(minimal, changed) -> None:
    config = build_config(changed(minimal, anode={"stern": None}))
    assert config.anode.stern is None
    assert config.counter.stern == Stern()


def test_null_means_absent(minimal, changed) -> None:
    config = build_config(changed(minimal, temperature=None, mesh=None, cell={"sides": None}))
    assert config == build_config(minimal)


def test_the_closure_is_the_default_of_electroneutral_only(minimal, changed) -> None:
    assert build_config(minimal).electrolyte.double_layer is None
    config = build_config(changed(minimal, electrolyte={"electrostatics": "electroneutral"}))
    assert config.electrolyte.double_layer == "closure"


def test_an_absent_reference_concentration_stays_absent(minimal) -> None:
    assert build_config(minimal).electrolyte.reference_concentration is None


CONSISTENCY = [
    ({"separator": {"conductivity": None}}, "separator.conductivity: required: conductivity and transf"),
    ({"separator": {"transference_number": None}}, "separator.transference_number: required: conduct"),
    ({"separator": None}, "separator.conductivity: required, e.g. '0.92 mS/cm', with transference_number"),
    ({"electrolyte": {"diffusivity_li": "1e-10 m^2/s"}}, "electrolyte.diffusivity_anion: required: diffus"),
    (
        {"electrolyte": {"diffusivity_li": "1e-10 m^2/s", "diffusivity_anion": "1e-10 m^2/s"}},
        "electrolyte.diffusivity_li: give 'separator.conductivity' or 'electrolyte.diffusivity_li', not both",
    ),
    ({"anode": {"exchange_current_density": None}}, "anode.exchange_current_density: required for 'kind: l"),
    ({"counter": {"exchange_current_density": None}}, "counter.exchange_current_density: required for 'kin"),
    ({"electrolyte": {"double_layer": "none"}}, "electrolyte.double_layer: only with 'electrostatics: elec"),
    (
        {"operation": {"voltage": None}},
        "operation.voltage: required for 'mode: potentiostatic', e.g. '0.5 V'",
    ),
    ({"operation": {"mode": "galvanostatic"}}, "operation.current_density: required for 'mode: galvanostat"),
    (
        {"operation": {"mode": "galvanostatic", "c_rate": 0.5}},
        "operation.areal_capacity: required with c_rate, e.g. '1 mAh/cm^2'",
    ),
    (
        {"operation": {"current_density": "5 A/m^2", "c_rate": 0.5}},
        "operation.c_rate: give 'current_density' or 'c_rate', not both",
    ),
    (
        {"anode": {"kind": "blocking"}, "operation": {"mode": "galvanostatic", "current_density": "5 A/m^2"}},
        "anode.kind: a blocking electrode passes no current: use 'mode: potentiostatic'",
    ),
    ({"operation": {"output_times": ["1 s"]}}, "operation.output_times: a steady state has no times"),
    (
        {"operation": {"duration": "3 s", "output_times": ["2 s", "1 s"]}},
        "operation.output_times.1: times must increase, got 1 s after 2 s",
    ),
    (
        {"operation": {"duration": "3 s", "output_times": ["4 s"]}},
        "operation.output_times.0: 4 s is after the end of the run at 3 s",
    ),
    ({"operation": {"duration": "3 s", "history": True}}, "operation.history: only with 'duration: steady'"),
    ({"mesh": {"wall_cell": "1 nm", "max_cell": "0.5 nm"}}, "mesh.max_cell: must not be below wall_cell"),
    (
        {"cell": {"anode_profile": {"kind": "sinusoid", "amplitude": "8 um", "wavelength": "1 um"}}},
        "cell.anode_profile: the anode rises to 8e-06 m and touches the counter electrode at 8e-06 m",
    ),
    (
        {"cell": {"anode_profile": {"kind": "nuclei", "nuclei": []}}},
        "cell.anode_profile.nuclei: expected at least one bump {position, height, width}; or 'kind: flat'",
    ),
    ({"name": "a/b"}, "name: cannot be the name of a folder, got 'a/b'"),
    ({"name": ".."}, "name: cannot be the name of a folder, got '..'"),
]


@pytest.mark.parametrize(("change", "message"), CONSISTENCY, ids=[message for _, message in CONSISTENCY])
def test_keys_that_do_not_fit_together(minimal, changed, build_errors, change, message: str) -> None:
    (found,) = build_errors(changed(minimal, **change))
    assert found.startswith(message)


def test_bumps_that_touch_the_counter_only_together(minimal, changed, build_errors) -> None:
    bump = {"position": "5 um", "height": "5 um", "width": "1 um"}
    build_config(changed(minimal, cell={"anode_profile": {"kind": "nuclei", "nuclei": [bump]}}))
    (message,) = build_errors(
        changed(minimal, cell={"anode_profile": {"kind": "nuclei", "nuclei": [bump] * 2}})
    )
    assert message.startswith("cell.anode_profile: the anode rises to 1e-05 m")


SITES = [
    ("reference_energy", "interface.reference_energy: required where there are sites: G_ref added to"),
    ("adsorption_rate", "interface.adsorption_rate: required where there are sites: rate k_a"),
    ("plating_rate", "interface.plating_rate: required where there are sites: rate k_p"),
    (
        "surface_diffusivity",
        "interface.surface_diffusivity: required where there are sites, e.g. '1e-9 m^2/s'",
    ),
]


@pytest.mark.parametrize(("key", "message"), SITES)
def test_sites_need_their_rates(with_sites, changed, build_errors, key: str, message: str) -> None:
    (found,) = build_errors(changed(with_sites, interface={key: None}))
    assert found.startswith(message)


def test_a_barrier_stands_for_the_surface_diffusivity(with_sites, changed, build_errors) -> None:
    barrier = {"diffusion_barrier": "0.146 eV"}
    config = build_config(changed(with_sites, interface=barrier | {"surface_diffusivity": None}))
    assert config.interface.diffusion_barrier == 0.146
    (message,) = build_errors(changed(with_sites, interface=barrier))
    assert message.endswith("give 'surface_diffusivity' or 'diffusion_barrier', not both")


@pytest.mark.parametrize("kind", ["reversible", "reservoir"])
def test_sites_need_a_metal_or_a_wall(with_sites, changed, build_errors, kind: str) -> None:
    build_config(changed(with_sites, anode={"kind": "blocking"}))
    (message,) = build_errors(changed(with_sites, anode={"kind": kind}))
    assert message == f"interface.sites: sites need an anode of lithium or blocking, not '{kind}'"


SITE = [
    ({"density": None}, "density: required, e.g. '0.75 / nm^2'; or give 'map'"),
    (
        {
            "map": {
                "kind": "random",
                "density": "1 / nm^2",
                "patch_length": "1 um",
                "variation": 0.1,
                "seed": 1,
            }
        },
        "map: give 'density' or 'map', not both",
    ),
    ({"charged_fraction": 1.5}, "charged_fraction: must be at most 1, got 1.5"),
    ({"charged_fraction": None}, "charged_fraction: required where charge is not 0"),
    (
        {"adsorption_energy": "-0.65 V"},
        "adsorption_energy: expected an energy per particle such as '-0.65 eV'",
    ),
]


@pytest.mark.parametrize(("change", "message"), SITE, ids=[message for _, message in SITE])
def test_a_site(with_sites, changed, build_errors, change, message: str) -> None:
    site = with_sites["interface"]["sites"]["N1"] | change
    (found,) = build_errors(changed(with_sites, interface={"sites": {"N1": site}}))
    assert found.startswith(f"interface.sites.N1.{message}")


def test_both_drives_may_stand_side_by_side(minimal, changed) -> None:
    drives = {"c_rate": 0.5, "areal_capacity": "1 mAh/cm^2"}
    held = build_config(changed(minimal, operation=drives)).operation
    assert held.applied_voltage == 0.5
    with pytest.raises(ValueError, match="potentiostatic"):
        _ = held.applied_current_density
    driven = build_config(changed(minimal, operation=drives | {"mode": "galvanostatic"})).operation
    assert driven.applied_current_density == 5.0
    with pytest.raises(ValueError, match="galvanostatic"):
        _ = driven.applied_voltage


def test_a_given_current_density_is_applied(minimal, changed) -> None:
    drive = {"mode": "galvanostatic", "current_density": "-0.1 mA/cm^2"}
    assert build_config(changed(minimal, operation=drive)).operation.applied_current_density == -1.0


def _mean_by_sampling(cell: Cell, height, samples: int = 20000) -> float:
    xs = [(i + 0.5) * cell.length / samples for i in range(samples)]
    return sum(map(height, xs)) / samples


@pytest.mark.parametrize("sides", ["symmetry", "periodic"])
def test_mean_height_of_bumps(sides: str) -> None:
    bumps = (
        Nucleus(position="2 um", height="0.6 um", width="0.6 um"),
        Nucleus(position="9.8 um", height="-0.5 um", width="0.5 um"),
    )
    profile = NucleiProfile(kind="nuclei", nuclei=bumps)
    cell = Cell(length="10 um", width="8 um", sides=sides, anode_profile=profile)
    shifts = (-1e-5, 0.0, 1e-5) if sides == "periodic" else (0.0,)
    images = [(n, n.position + shift) for n in bumps for shift in shifts]
    expected = _mean_by_sampling(
        cell, lambda x: sum(n.height * math.exp(-(((x - x0) / n.width) ** 2)) for n, x0 in images)
    )
    assert cell.mean_height() == pytest.approx(expected, rel=1e-6)


def test_mean_height_of_other_profiles(minimal, changed, tmp_path) -> None:
    def cell(profile):
        return build_config(changed(minimal, cell={"anode_profile": profile})).cell

    wave = cell({"kind": "sinusoid", "amplitude": "1 um", "wavelength": "3 um", "phase": 0.4})
    expected = _mean_by_sampling(wave, lambda x: 1e-6 * math.cos(2 * math.pi * x / 3e-6 + 0.4))
    assert wave.mean_height() == pytest.approx(expected, rel=1e-6)
    assert cell({"kind": "flat"}).mean_height() == 0.0
    rough = {"kind": "rough", "rms": "0.1 um", "correlation_length": "1 um", "seed": 1}
    assert cell(rough).mean_height() == 0.0
    table = tmp_path / "profile.csv"
    table.write_text("x_m,y_m\n0,0\n1e-5,0\n")
    assert cell({"kind": "table", "file": table}).mean_height() is None
