"""The book's pages in Markdown: one for each case, and the summary that opens it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.verification.case import Case, Check, Outcome, Profile

SUMMARY = "README"


@dataclass(frozen=True)
class Performed:
    """A case with what came out of it, the YAML and command that its page shows, and the time it took [s]."""

    case: Case
    outcome: Outcome
    shown: tuple[str, str] | None
    seconds: float


def case_page(done: Performed, *, has_figure: bool, before: Case | None, after: Case | None) -> str:
    """The page of one case."""
    case, outcome = done.case, done.outcome
    parts = [
        f"# {case.number}. {case.title}",
        _navigation(before, after),
        f"**{_verdict(outcome)}** ({', '.join(case.modes)})",
        "## Problem",
        case.problem.strip(),
        "## Exact solution",
        case.exact.strip(),
        "Source: " + "; ".join(case.sources) + ".",
    ]
    if done.shown is not None:
        text, command = done.shown
        parts += [
            "## How to run it",
            f"Save as `case.yaml`, then `{command} case.yaml`:",
            f"```yaml\n{text}```",
        ]
    parts.append("## Comparison")
    if has_figure:
        parts.append(f"![{case.title}]({case.name}.svg)")
    if outcome.numbers:
        parts.append(_numbers(outcome))
    if outcome.orders:
        parts += ["### Convergence", _orders(outcome)]
    parts += [f"{remark.strip()}" for remark in outcome.remarks]
    module = f"sim/verification/cases/case{case.number:02d}_{case.slug.replace('-', '_')}.py"
    parts.append(f"Definition: `{module}`; `sim verify {case.number}` performs it.")
    return "\n\n".join(parts) + "\n"


def summary_page(performed: Sequence[Performed], head: str) -> str:
    """The table that opens the book."""
    rows = [["case", "modes", "worst error", "its tolerance", "order found (expected)", ""]]
    for done in performed:
        case, outcome = done.case, done.outcome
        worst = max(outcome.numbers, key=lambda one: one.error / one.tolerance, default=None)
        error, tolerance = ("–", "–") if worst is None else (_short(worst.error), _short(worst.tolerance))
        orders = ", ".join(f"{one.observed:.2f} ({one.expected:g})" for one in outcome.orders) or "–"
        state = "pass" if outcome.passed else "**fail**"
        name = f"[{case.number}. {case.title}]({case.name}.md)"
        rows.append([name, ", ".join(case.modes), error, tolerance, orders, state])
    return f"# Verification book\n\n{head.strip()}\n\n{_table(rows)}\n"


def _navigation(before: Case | None, after: Case | None) -> str:
    links = [f"[Summary]({SUMMARY}.md)"]
    if before is not None:
        links.append(f"[← {before.number}. {before.title}]({before.name}.md)")
    if after is not None:
        links.append(f"[{after.number}. {after.title} →]({after.name}.md)")
    return " · ".join(links)


def _verdict(outcome: Outcome) -> str:
    if outcome.passed:
        numbers = _count(len(outcome.numbers), "comparison")
        orders = _count(len(outcome.orders), "order") + " of convergence" if outcome.orders else ""
        return (
            "Passed: " + " and ".join(part for part in (numbers, orders) if part) + " within their tolerances"
        )
    return "Failed: " + "; ".join(outcome.failures or ["nothing was compared"])


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number > 1 else ''}" if number else ""


def _numbers(outcome: Outcome) -> str:
    rows = [["", "found", "exact", "error", "tolerance"]]
    for check in outcome.checks:
        unit = f" {check.unit}" if check.unit else ""
        rows.append([check.label, f"{check.found:.9g}{unit}", f"{check.exact:.9g}{unit}", *_error(check)])
    for curve in outcome.profiles:
        rows.append([curve.label, f"{curve.x.size} points", "curve", *_error(curve)])
    return _table(rows)


def _error(one: Check | Profile) -> list[str]:
    return [_short(one.error), f"{_short(one.tolerance)}{'' if one.passed else ' **exceeded**'}"]


def _orders(outcome: Outcome) -> str:
    rows = [["", "steps", "errors", "order found", "expected"]]
    for one in outcome.orders:
        steps, errors = (", ".join(_short(value) for value in values) for values in (one.steps, one.errors))
        found = f"{one.observed:.3f}{'' if one.passed else ' **missed**'}"
        expected = f"{one.expected:g} ± {one.tolerance:g}"
        rows.append([one.label, f"{one.step_label}: {steps}", errors, found, expected])
    return _table(rows)


def _table(rows: list[list[str]]) -> str:
    """A Markdown table; the first row is its head."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def _short(value: float) -> str:
    return f"{value:.2g}"
