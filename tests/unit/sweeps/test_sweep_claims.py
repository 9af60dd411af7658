"""The claim map: verdicts against mesh errors, the criterion for sites, the table of a sweep, its words and figure."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from finished_sweep import finished

from sim.config import load_config
from sim.config.shipped import shipped_config
from sim.sweeps import load_sweep, plan_sweep
from sim.sweeps.claims import CLAIMS, claim_slice, claim_table, fast_mode_errors, report, spot_check
from sim.sweeps.claims.check import changed_verdicts
from sim.sweeps.claims.groups import mean_energy, rest_coverage, site_capacity, spreading_number
from sim.sweeps.claims.statistics import shares, threshold
from sim.sweeps.claims.verdicts import FAILS, HOLDS, OPEN, UNKNOWN, Estimate, together, verdict
from sim.terminal import claim_map
from sim.view.sweeps.claim_map import draw_claim_map

NAN = float("nan")


@pytest.mark.parametrize(
    ("larger", "smaller", "found"),
    [
        ((0.3, 0.01), (0.2, 0.01), HOLDS),
        ((0.2, 0.01), (0.3, 0.01), FAILS),
        ((0.21, 0.006), (0.2, 0.006), OPEN),  # each error alone is smaller than the difference
        ((0.2, 0.006), (0.21, 0.006), OPEN),
        ((0.2, 0.0), (0.2, 0.0), OPEN),
        ((NAN, 0.01), (0.2, 0.01), UNKNOWN),
        ((0.3, NAN), (0.2, 0.01), UNKNOWN),
    ],
)
def test_a_claim_counts_beyond_the_errors_of_both_meshes(larger, smaller, found):
    assert verdict(Estimate(*larger), Estimate(*smaller)) == found


def test_claims_made_together():
    assert together(HOLDS, HOLDS) == HOLDS
    assert together(HOLDS, OPEN) == OPEN
    assert together(UNKNOWN, FAILS, OPEN) == FAILS
    assert together(OPEN, UNKNOWN) == UNKNOWN


def test_the_shipped_separators_at_rest():
    pia, bare = (load_config(shipped_config(name)) for name in ("pia", "pia-bulk"))
    assert mean_energy(pia) == pytest.approx(-0.4175)
    assert rest_coverage(mean_energy(pia), 0.4175, 298.15) == pytest.approx(0.5)
    assert rest_coverage(-0.65, 0.4175, 298.15) == pytest.approx(0.99988, abs=1e-5)
    assert 12 * site_capacity(pia) == pytest.approx(2e-5, rel=0.01)
    assert math.isnan(mean_energy(bare))


def response(conductances, surface, transport):
    """δj/(j a k coth kH) with sites and without; conductances of direct channel, adsorption, plating [S/m²]."""
    direct, adsorption, plating = conductances
    total = adsorption + plating + surface
    entering = direct + adsorption * (plating + surface) / total
    plated = direct + adsorption * plating / total
    return plated / (entering + transport), direct / (direct + transport)


def test_sites_even_a_wave_out_where_the_spreading_number_exceeds_one():
    """Against the linear response of the whole model, at random conductances; the rate of adsorption does not count."""
    generator = np.random.default_rng(0)
    seen = set()
    for direct, adsorption, plating, surface, transport in 10 ** generator.uniform(-3, 3, (500, 5)):
        with_sites, without = response((direct, adsorption, plating), surface, transport)
        number = spreading_number(surface / transport, plating / (direct + plating))
        assert (with_sites < without) == (number > 1)
        seen.add(with_sites < without)
    assert seen == {True, False}
    assert math.isnan(spreading_number(1.0, 0.0))


@pytest.fixture
def written(tmp_path):
    """A shipped sweep with few samples, as a file."""

    def written(name, samples):
        text = f"extends: {shipped_config(f'sweeps/{name}')}\n"
        if samples:
            text += f"random: {{samples: {samples}}}\n"
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def small(written):
    """The plan of such a file."""
    return lambda name, samples: plan_sweep(load_sweep(written(name, samples)))


CVS = {"pp": 0.3, "control-2": 0.034, "control-3": 0.033, "pia-bulk": 0.033, "pia": 0.027}


def metrics(factor=1.0):
    """CVs as shipped, times the height of the bumps, the better the poorer a control's bulk; PIA's by its mobility."""

    def of(base, values):
        name = base.removeprefix("shipped-")
        cv = CVS[name] * factor * values.get("cell.anode_profile.nuclei.1.height", 1e-6) / 1e-6
        if name == "pia":
            cv *= 1.5 if (values.get("interface.surface_diffusivity") or 1e-9) < 1e-9 else 0.9
        return {
            "current_density_cv": cv,
            "mesh_error_current_density_cv": 1e-3 * cv,
            "surface_dukhin_number": 0.1 * values.get("interface.surface_diffusivity", 0) / 1e-9,
            "adsorption_damkoehler_number": 100.0,
            "wagner_number": 92.0,
            "coverage_mean": 0.8,
            "adsorbed_channel_fraction": 0.25,
            "j_over_j_lim": 0.3,
        }

    return of


def test_the_table_has_a_row_per_world_and_mode(small, tmp_path):
    plan = small("claim-map", 8)
    table = claim_table(finished(plan, tmp_path / "map", metrics()).root)
    assert len(table) == 2 * (1 + 8)
    assert table["sample"].tolist()[:3] == ["shipped", "shipped", "0"]
    shipped = table.iloc[0]
    assert shipped["mode"] == "potentiostatic"
    assert [shipped[one] for one in ("charge", "roughness", "bulk_of_controls")] == pytest.approx([1, 1, 1])
    assert shipped["rest_coverage"] == pytest.approx(0.5)
    assert shipped["adsorption_over_plating"] == pytest.approx(1.74e4 / 3.2)
    assert shipped["spreading_number"] == pytest.approx(0.1 * 0.8 * 0.2 / 0.25 * 3)
    assert shipped["part_bulk"] == pytest.approx(0.3 - 0.033)
    assert shipped["part_sites"] == pytest.approx(0.033 - 0.027 * 0.9)
    assert shipped["share_sites"] == pytest.approx((0.033 - 0.027 * 0.9) / (0.3 - 0.027 * 0.9))
    slow = table["surface_diffusivity_m2_s"] < 1e-9
    assert set(table.loc[slow, "control_2_above_pia"]) == {FAILS}
    assert set(table.loc[~slow, "all_claims"]) == {HOLDS}
    assert table["roughness"].between(0.3, 1.2).all()
    assert table["bulk_of_controls"].between(0, 1).all()
    drawn = table[(table["sample"] != "shipped") & (table["mode"] == "galvanostatic")]
    assert drawn["roughness"].tolist() == table[table["mode"] == "potentiostatic"]["roughness"].tolist()[1:]


def test_the_fast_mode_counts_as_an_error_in_its_mode(small, tmp_path):
    root = finished(small("claim-map", 4), tmp_path / "map", metrics()).root
    exact, unsure = claim_table(root), claim_table(root, {"galvanostatic": 0.1})
    held = exact["mode"] == "potentiostatic"
    assert unsure[held].equals(exact[held])
    shipped = unsure[(unsure["sample"] == "shipped") & ~held].iloc[0]
    assert shipped["error_pia"] == pytest.approx((0.1 + 1e-3) * shipped["cv_pia"])
    assert shipped["pp_above_control_2"] == HOLDS
    assert shipped["sites_help"] == HOLDS  # 0.033 against 0.0243: 0.0087 is more than the errors 0.0058
    assert claim_table(root, {"galvanostatic": 0.2}).iloc[1]["sites_help"] == OPEN


def test_a_world_that_lacks_a_separator_has_unknown_claims(small, tmp_path):
    plan = small("claim-map", 4)
    control = next(p.point.index for p in plan.points if p.point.base == "control-2")
    table = claim_table(finished(plan, tmp_path / "map", metrics(), missing=[control]).root)
    row = table[(table["sample"] == "0") & (table["mode"] == "potentiostatic")].iloc[0]
    assert row["order"] in (UNKNOWN, FAILS)
    assert row["pp_above_control_2"] == row["control_2_above_pia"] == UNKNOWN
    assert row["control_3_above_pia"] in (HOLDS, FAILS)


def test_the_spot_check_pairs_the_same_points(small, tmp_path):
    fast = finished(small("claim-map", 8), tmp_path / "map", metrics()).root
    slow = finished(small("claim-map-check", 4), tmp_path / "check", metrics(0.99)).root
    check = spot_check(slow, fast)
    assert len(check) == 2 * 5 * (1 + 4)
    assert check["difference"].to_numpy() == pytest.approx(1 / 0.99 - 1)
    assert fast_mode_errors(check) == pytest.approx(
        {"potentiostatic": 1 / 0.99 - 1, "galvanostatic": 1 / 0.99 - 1}
    )
    assert changed_verdicts(check, CLAIMS) == dict.fromkeys(CLAIMS, (0, 10))
    check.loc[(check["base"] == "shipped-pia") & (check["operation.mode"] == "galvanostatic"), "cv_fast"] = (
        1.0
    )
    assert changed_verdicts(check, CLAIMS)["order"] == (1, 10)
    assert changed_verdicts(check, CLAIMS)["pp_above_control_2"] == (0, 10)


def test_a_threshold_parts_what_holds_from_what_fails():
    number = np.array([0.01, 0.1, 0.4, 0.9, 3.0, 20.0, 7.0])
    told = [FAILS, FAILS, FAILS, HOLDS, HOLDS, HOLDS, OPEN]
    worlds = pd.DataFrame({"x": number, "claim": told})
    found = threshold(worlds, "claim", "x")
    assert (found.value, found.agreement, found.worlds) == (pytest.approx(0.6), 1.0, 6)
    assert shares(worlds, "claim") == pytest.approx({HOLDS: 3 / 7, FAILS: 3 / 7, OPEN: 1 / 7, UNKNOWN: 0})
    worlds.loc[0, "claim"] = HOLDS
    assert threshold(worlds, "claim", "x").agreement == pytest.approx(5 / 6)


def slices(small, tmp_path):
    def of(base, values):
        slow = values.get("interface.surface_diffusivity", 1e-9) < 1e-10
        return {"current_density_cv": CVS[base] * (1.5 if slow and base == "pia" else 1)}

    plans = {name: small(f"claim-map-{name}", 0) for name in ("rates", "capacity")}
    return [claim_slice(finished(plan, tmp_path / name, of).root) for name, plan in plans.items()]


def test_slices_pass_through_the_default(small, tmp_path):
    rates, capacity = slices(small, tmp_path)
    assert rates.keys == ("interface.surface_diffusivity", "interface.plating_rate")
    assert (rates.shipped, capacity.shipped) == ((1e-9, 3.2), (1e-9, 12.0))
    assert rates.pia.shape == (11, 11)
    assert rates.ratio[0, 0] == pytest.approx(1.5 * 0.027 / 0.033)
    assert rates.margin[5, 10] == pytest.approx(0.033 / 0.027)
    assert np.isfinite(capacity.control_2).all()


def test_words_and_figure(small, tmp_path):
    table = claim_table(finished(small("claim-map", 8), tmp_path / "map", metrics()).root)
    check = spot_check(tmp_path / "map", tmp_path / "map")
    text = report(table, check)
    assert "8 at 0.5 V and 8 at 0.5 C" in text
    assert "0 of 18 worlds" in text
    assert "nan" not in text
    assert "Not checked" in report(table)
    (written,) = draw_claim_map(table, slices(small, tmp_path), tmp_path)
    assert written.stat().st_size > 10_000
    assert draw_claim_map(table[table["sample"] == "shipped"], [], tmp_path)


@pytest.fixture
def command(written, monkeypatch):
    """``sim claim-map`` on few samples, its points computed by nobody: answers with the code given for each sweep."""
    codes = {}

    def run_sweep(plan, folder, make, *, resume, overwrite, retry_failed):
        code = codes.get(folder.name, 0)
        if code in (0, 3):
            finished(plan, folder, metrics(), missing=[3] if code else [])
        return code

    samples = {"claim-map": 8, "claim-map-check": 4}
    monkeypatch.setattr(claim_map, "run_sweep", run_sweep)
    monkeypatch.setattr(claim_map, "shipped_config", lambda name: written(name[7:], samples.get(name[7:], 0)))
    return codes, lambda out: claim_map.run_claim_map(out, jobs=1, resume=False, overwrite=False)


def test_one_command_makes_table_words_and_figure(command, tmp_path):
    _, run = command
    assert run(tmp_path / "out") == 0
    assert len(pd.read_csv(tmp_path / "out" / "claim-map.csv")) == 18
    assert "# Where the paper's claims hold" in (tmp_path / "out" / "claim-map.md").read_text()
    assert (tmp_path / "out" / "claim-map.png").is_file()


def test_a_stop_ends_the_command_and_failed_points_do_not(command, tmp_path):
    codes, run = command
    codes["check"] = 130
    assert run(tmp_path / "stopped") == 130
    assert not (tmp_path / "stopped" / "claim-map.csv").exists()
    codes["check"] = 3
    assert run(tmp_path / "failed") == 3
    assert (tmp_path / "failed" / "claim-map.csv").is_file()
