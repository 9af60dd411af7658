"""The book's own parts: verdicts that are strict, pages that say what failed, HTML that needs nothing else."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from sim.verification.case import Case, Check, Order, Outcome, Panel, Profile, Series
from sim.verification.figures import MARKERS, case_figure
from sim.verification.html import to_html
from sim.verification.pages import Performed, case_page, summary_page


def case(number: int = 1) -> Case:
    return Case(
        number,
        "wall",
        "A wall",
        "Problem.",
        "$$x = 1$$",
        ("Someone 1910",),
        ("Poisson",),
        lambda bench: Outcome(),
    )


def outcome(found: float = 1.0005) -> Outcome:
    x = np.linspace(0, 1, 5)
    return Outcome(
        checks=[Check("value | first", found, 1.0, 1e-3, "V")],
        profiles=[Profile("curve", x, x + 1e-4, x, 1e-3)],
        orders=[Order("P1", "h", (0.2, 0.1), (4e-2, 1e-2), 2)],
        panels=[Panel("x (m)", "y (m)", (Series("exact", x, x, True), Series("", x, x, False)))],
    )


def test_verdicts():
    assert outcome().passed
    assert outcome(1.002).failures == ["value | first: error 0.002 above 0.001"]
    assert not Check("undefined", math.nan, 1.0, 1e-3).passed
    assert not Check("nothing to compare with", 0.1, 0.0, 1e-3).passed
    assert Check("of zero", 1e-5, 0.0, 1e-3, scale=1.0).passed
    assert not Profile("broken", np.zeros(2), np.array([math.nan, 1.0]), np.ones(2), 1.0).passed
    assert not Outcome().passed, "a case that compares nothing shows nothing"


@pytest.mark.parametrize(("last", "passed"), [(1e-2, True), (1.2e-2, False), (0.8e-2, False)])
def test_an_order_is_met_from_both_sides(last, passed):
    assert Order("P1", "h", (0.2, 0.1), (4e-2, last), 2).passed is passed


def test_pages_say_what_failed():
    good = case_page(
        Performed(case(), outcome(), ("a: 1\n", "sim run"), 1.0), has_figure=True, before=None, after=case(2)
    )
    assert "**Passed: 2 comparisons and 1 order of convergence within" in good
    assert "```yaml\na: 1\n```" in good
    assert "value \\| first" in good
    assert "[2. A wall →](case-02-wall.md)" in good
    bad = case_page(Performed(case(), outcome(2.0), None, 1.0), has_figure=False, before=case(2), after=None)
    assert "**Failed: value" in bad
    assert "**exceeded**" in bad
    table = summary_page([Performed(case(), outcome(2.0), None, 1.0)], "Head")
    assert "**fail**" in table
    assert "| 1 | 0.001 |" in table


def test_html_stands_alone():
    page = to_html(
        "# T\n\nSee $x_0$ and [there](README.md) or [case](case-02-wall.md).\n\n$$\\frac{a}{b}$$\n\n`$no$`\n",
        "T",
    )
    assert page.count("<img") == 2
    assert 'alt="\\dfrac{a}{b}"' in page
    assert "<code>$no$</code>" in page
    assert 'href="index.html"' in page
    assert 'href="case-02-wall.html"' in page
    assert not re.search(r'(src|href)="(?!data:|index|case)', page)


def test_figures_mark_what_was_found():
    figure = case_figure(outcome())
    assert figure is not None
    axes = [one for one in figure.axes if one.lines]
    assert len(axes) == 2
    assert axes[0].get_xlabel() == "x (m)"
    x = np.linspace(0, 1, 500)
    many = Outcome(panels=[Panel("x", "y", (Series("f", x, x, True), Series("", x, x, False)))])
    drawn = case_figure(many)
    assert drawn is not None
    assert len(drawn.axes[0].lines[1].get_xdata()) <= MARKERS
    assert case_figure(Outcome()) is None
