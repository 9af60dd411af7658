"""Reports in a browser, opened as files without a network: they load in silence, respond, print, fit a phone."""

from __future__ import annotations

import base64
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

REPORTS = ["run", "transient", "killed", "comparison", "sweep", "experiment"]
PHONE = {"width": 375, "height": 812, "deviceScaleFactor": 2, "mobile": True}
DESK = {"width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": False}
FLAGS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")
FIELDS, TABLES = "#fields-view", "#tables-view"


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    """A browser without a window, which records what it logs and asks for."""
    options = webdriver.ChromeOptions()
    for flag in FLAGS:
        options.add_argument(flag)
    options.binary_location = "/usr/bin/chromium"
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    yield driver
    driver.quit()


def load(browser: webdriver.Chrome, path: Path, screen: dict[str, Any] = DESK) -> None:
    """Open a report and wait for its views; forgets what was logged before."""
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.get("about:blank")
    for log in ("browser", "performance"):
        browser.get_log(log)
    browser.get(path.as_uri())
    WebDriverWait(browser, 60).until(lambda b: b.execute_script("return document.body.dataset.views"))
    assert browser.execute_script("return document.body.dataset.views") == "ready"


def requested(browser: webdriver.Chrome) -> set[str]:
    """Every address that the page asked for, without those that are data of its own."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = {m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"}
    assert urls, "the browser records no requests: nothing is tested"
    return {url for url in urls if not url.startswith(("data:", "blob:"))}


def shown(browser: webdriver.Chrome, box: str, expression: str) -> Any:
    """Something of the drawn plot, such as layout.xaxis.range."""
    return browser.execute_script(f"return document.querySelector('{box} .plot').{expression}")


def grid(browser: webdriver.Chrome) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y and z of the map that is drawn; nan in the lithium."""
    x, y = (np.array(shown(browser, FIELDS, f"data[0].{axis}"), float) for axis in "xy")
    rows = shown(browser, FIELDS, "data[0].z.map((row) => [...row].map((v) => Number.isNaN(v) ? null : v))")
    return x, y, np.array(rows, float)


def choose(browser: webdriver.Chrome, box: str, name: str, value: str) -> None:
    """Choose from a list, and wait until the plot is another."""
    select = Select(browser.find_element(By.CSS_SELECTOR, f"{box} select[name='{name}']"))
    if select.first_selected_option.get_attribute("value") == value:
        return
    browser.execute_script(f"window.shown = document.querySelector('{box} .plot').data")
    select.select_by_value(value)
    WebDriverWait(browser, 10).until(lambda _: shown(browser, box, "data !== window.shown"))


def place_of(browser: webdriver.Chrome, box: str, x: float, y: float) -> tuple[int, int]:
    """Where a point of the plot's axes lies, from the middle of the plot [pixels]."""
    script = f"""
        const plot = document.querySelector('{box} .plot'), area = plot._fullLayout;
        const own = plot.getBoundingClientRect();
        return [area.xaxis._offset + area.xaxis.d2p(arguments[0]) - own.width / 2,
                area.yaxis._offset + area.yaxis.d2p(arguments[1]) - own.height / 2];"""
    across, down = browser.execute_script(script, x, y)
    return round(across), round(down)


def point_at(browser: webdriver.Chrome, box: str, x: float, y: float) -> ActionChains:
    """The mouse over a point of the plot."""
    plot = browser.find_element(By.CSS_SELECTOR, f"{box} .plot")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", plot)
    return ActionChains(browser).move_to_element_with_offset(plot, *place_of(browser, box, x, y))


def hovered(browser: webdriver.Chrome, box: str) -> str:
    """The text of the label at the mouse."""
    WebDriverWait(browser, 10).until(
        lambda b: b.find_elements(By.CSS_SELECTOR, f"{box} .hoverlayer .hovertext")
    )
    return browser.find_element(By.CSS_SELECTOR, f"{box} .hoverlayer .hovertext").text


def between(x: np.ndarray, y: np.ndarray, z: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Values of a map between its points, linearly."""
    i = np.clip(np.searchsorted(x, points[:, 0]) - 1, 0, x.size - 2)
    j = np.clip(np.searchsorted(y, points[:, 1]) - 1, 0, y.size - 2)
    s, t = (points[:, 0] - x[i]) / (x[i + 1] - x[i]), (points[:, 1] - y[j]) / (y[j + 1] - y[j])
    low, high = z[j, i] * (1 - s) + z[j, i + 1] * s, z[j + 1, i] * (1 - s) + z[j + 1, i + 1] * s
    return low * (1 - t) + high * t


@pytest.mark.parametrize("name", REPORTS)
def test_it_loads_in_silence_and_alone(browser: webdriver.Chrome, made: Path, name: str):
    page = made / f"report-{name}.html"
    load(browser, page)
    assert browser.get_log("browser") == []
    assert requested(browser) == {page.as_uri()}
    pictures = browser.find_elements(By.TAG_NAME, "img")
    assert all(picture.get_attribute("alt") for picture in pictures)
    assert all(browser.execute_script("return arguments[0].naturalWidth > 50", one) for one in pictures)
    assert browser.execute_script("return document.documentElement.lang") == "en"


@pytest.mark.parametrize("name", ["run", "comparison", "sweep", "experiment"])
def test_it_fits_a_phone(browser: webdriver.Chrome, made: Path, name: str):
    load(browser, made / f"report-{name}.html", PHONE)
    assert browser.execute_script("return document.scrollingElement.scrollWidth") <= 375
    browser.execute_script("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert browser.execute_script("return document.scrollingElement.scrollWidth") <= 375


@pytest.mark.parametrize("name", ["run", "comparison", "sweep"])
def test_it_prints(browser: webdriver.Chrome, made: Path, name: str):
    load(browser, made / f"report-{name}.html")
    printed = base64.b64decode(
        browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    )
    assert printed.startswith(b"%PDF") and len(printed) > 50_000
    assert printed.count(b"/Type /Page\n") >= 3
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    hidden = browser.execute_script("return document.getElementById('explore').offsetParent === null")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert hidden  # figures tell the same


@pytest.mark.parametrize("name", ["c_li_mol_m3", "phi_V", "c_anion_mol_m3"])
def test_the_map_shows_the_solvers_field(browser: webdriver.Chrome, made: Path, name: str):
    load(browser, made / "report-run.html")
    choose(browser, FIELDS, "field", name)
    reference = np.load(made / "reference.npz")
    found = between(*grid(browser), 1e6 * reference["points"])
    span = np.ptp(reference[name])
    # four digits in the page, straight lines over 50 nm where the solver has curves
    np.testing.assert_allclose(found, reference[name], atol=2e-3 * span)


def test_the_label_at_the_mouse_and_a_click_tell_the_value(browser: webdriver.Chrome, made: Path):
    load(browser, made / "report-run.html")
    x, y, z = grid(browser)
    row, column = 120, 150
    point_at(browser, FIELDS, x[column], y[row]).click().perform()
    label = hovered(browser, FIELDS)
    assert f"x {x[column]:.3f} µm" in label and f"y {y[row]:.3f} µm" in label
    value = float(label.split("µm")[2].split()[0])
    assert value == pytest.approx(z[row, column], rel=1e-4)
    kept = browser.find_element(By.CSS_SELECTOR, f"{FIELDS} .picked").text
    assert float(kept.split("=")[-1].split()[0]) == pytest.approx(z[row, column], rel=1e-4)


def test_dragging_zooms_and_a_choice_changes_the_map(browser: webdriver.Chrome, made: Path):
    load(browser, made / "report-run.html")
    before, first = shown(browser, FIELDS, "layout.xaxis.range.slice()"), grid(browser)[2]
    plot = browser.find_element(By.CSS_SELECTOR, f"{FIELDS} .plot")
    start, end = place_of(browser, FIELDS, 3.0, 2.0), place_of(browser, FIELDS, 7.0, 5.0)
    point_at(browser, FIELDS, 3.0, 2.0).click_and_hold().move_to_element_with_offset(
        plot, *end
    ).release().perform()
    assert start != end
    after = shown(browser, FIELDS, "layout.xaxis.range.slice()")
    assert before[0] < after[0] < after[1] < before[1]
    assert after[1] - after[0] < 0.7 * (before[1] - before[0])
    choose(browser, FIELDS, "field", "phi_V")
    assert shown(browser, FIELDS, "layout.xaxis.range.slice()") == after  # the same place, another field
    second = grid(browser)[2]
    assert np.nanmax(second) < 1.0 < np.nanmin(first)
    choose(browser, FIELDS, "view", "wall")
    _, distance, near = grid(browser)
    assert distance[0] == pytest.approx(0.1) and distance[-1] > 1000  # nm
    assert np.isfinite(near).all()
    assert shown(browser, FIELDS, "layout.yaxis.type") == "log"


def test_a_turned_screen_is_drawn_anew(browser: webdriver.Chrome, made: Path):
    load(browser, made / "report-run.html", PHONE)
    assert shown(browser, FIELDS, "data[0].colorbar.orientation") == "h"
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", DESK)
    WebDriverWait(browser, 10).until(lambda _: shown(browser, FIELDS, "_fullLayout.width") > 600)
    # as wide as high as in the cell, 10 by 8.64 with the strips of lithium
    wide, high = (shown(browser, FIELDS, f"_fullLayout.{axis}axis._length") for axis in "xy")
    assert wide / high == pytest.approx(10 / 8.64, rel=0.02)
    assert browser.get_log("browser") == []


def test_the_slider_goes_through_the_times(browser: webdriver.Chrome, made: Path):
    load(browser, made / "report-transient.html")
    slider = browser.find_element(By.CSS_SELECTOR, f"{FIELDS} input[name='time']")
    last = grid(browser)[2]
    script = "arguments[0].value = 0; arguments[0].dispatchEvent(new Event('input'))"
    browser.execute_script(script, slider)
    at_rest = grid(browser)[2]
    assert np.nanmax(at_rest) == pytest.approx(2500.0, rel=1e-3) == np.nanmin(at_rest)
    assert np.nanmax(last) > 1.0001 * np.nanmax(at_rest)
    assert "0 s" in browser.find_element(By.CSS_SELECTOR, f"{FIELDS} .controls").text


def test_curves_are_the_rows_of_the_files(browser: webdriver.Chrome, made: Path):
    load(browser, made / "report-run.html")
    with (made / "steady" / "interface.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    np.testing.assert_allclose(
        shown(browser, TABLES, "data[0].y"), [float(row["current_density_A_m2"]) for row in rows], rtol=1e-8
    )
    x = shown(browser, TABLES, "data[0].x")
    np.testing.assert_allclose(x, [1e6 * float(row["x_m"]) for row in rows], rtol=1e-8, atol=1e-8)
    choose(browser, TABLES, "up", "coverage")
    np.testing.assert_allclose(
        shown(browser, TABLES, "data[0].y"), [float(row["coverage"]) for row in rows], rtol=1e-8
    )


def test_a_sweep_is_explored(browser: webdriver.Chrome, made: Path):
    load(browser, made / "report-sweep.html")
    assert sum(len(trace) for trace in shown(browser, TABLES, "data.map((trace) => trace.x)")) == 4
    choose(browser, TABLES, "colour", "operation.mode")
    assert sorted(shown(browser, TABLES, "data.map((trace) => trace.name)")) == [
        "galvanostatic",
        "potentiostatic",
    ]


def test_without_scripts_the_figures_and_tables_are_there(browser: webdriver.Chrome, made: Path):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get((made / "report-run.html").as_uri())
        assert len(browser.find_elements(By.TAG_NAME, "img")) >= 4
        assert len(browser.find_elements(By.TAG_NAME, "table")) >= 5
        assert not any(box.is_displayed() for box in browser.find_elements(By.CSS_SELECTOR, ".live"))
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
