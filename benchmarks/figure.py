"""benchmarks.png: seconds of each code by case with its error, and how the cost grows with the unknowns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.model import AS_WRITTEN, OUR_FORMULATION, OURS
from benchmarks.verdict import exponent

#: by code and usage; bright ones hold in print
_COLOURS = {
    OURS: "#0072b2",
    f"NGSolve, {AS_WRITTEN}": "#d55e00",
    f"NGSolve, {OUR_FORMULATION}": "#e8a33d",
    f"scikit-fem, {AS_WRITTEN}": "#6b3e8f",
    f"scikit-fem, {OUR_FORMULATION}": "#b79bd0",
    f"Firedrake, {AS_WRITTEN}": "#1b7837",
    f"Firedrake, {OUR_FORMULATION}": "#7fbf7b",
}
#: height of the panel of the scaling [inch]
_SQUARE = 5.0
_MARKERS = ("o", "s", "D", "^", "v")
Row = Mapping[str, str]


def group(row: Row) -> str:
    """The name under which a row is coloured."""
    return OURS if row["code"] == OURS else f"{row['code']}, {row['usage']}"


def draw(rows: Sequence[Row], titles: Mapping[str, str], path: Path) -> None:
    """Draw the rows of benchmarks.csv that have seconds."""
    from matplotlib.figure import Figure

    bars = [row for row in rows if row["whole_s"] and not row["case"].startswith("scaling")]
    points = [row for row in rows if row["whole_s"] and row["case"].startswith("scaling")]
    count = len(bars) + len({row["case"] for row in bars})
    height = max(_SQUARE, 0.24 * count + 1.0)
    figure = Figure(figsize=(12.5, height), layout="constrained")
    grid = figure.add_gridspec(
        2, 2, width_ratios=(1.5, 1), height_ratios=(_SQUARE, max(height - _SQUARE, 0.1))
    )
    _bars(figure.add_subplot(grid[:, 0]), bars, titles)
    if points:
        _growth(figure.add_subplot(grid[0, 1]), points)
    figure.savefig(path, dpi=150)


def _bars(axes, rows: Sequence[Row], titles: Mapping[str, str]) -> None:  # type: ignore[no-untyped-def]
    """Whole process as a pale bar, its solve as a full one, the error at the end."""
    place, ticks, names, seen = 0.0, [], [], ""
    shortest = min((float(row["solve_s"]) for row in rows), default=0.1) / 2
    longest = max((float(row["whole_s"]) for row in rows), default=1.0)
    for row in rows:
        if row["case"] != seen:
            axes.text(
                shortest,
                place + 0.1,
                titles.get(row["case"], row["case"]),
                va="center",
                fontsize=8.5,
                weight="bold",
            )
            place, seen = place + 1, row["case"]
        colour, whole = _COLOURS.get(group(row), "#777777"), float(row["whole_s"])
        axes.barh(place, whole - shortest, left=shortest, height=0.8, color=colour, alpha=0.4)
        axes.barh(place, float(row["solve_s"]) - shortest, left=shortest, height=0.8, color=colour)
        told = f" {whole:.3g} s" + (f", error {float(row['error']):.1e}" if row["error"] else "")
        axes.text(whole, place, told, va="center", fontsize=7)
        ticks.append(place)
        names.append(f"{row['code']}, {row['label']}")
        place += 1
    axes.set_xscale("log")
    axes.set_xlim(shortest, longest * 12)
    axes.set_yticks(ticks, names, fontsize=7)
    axes.set_ylim(place, -0.7)
    axes.set_xlabel("seconds: whole process (pale), its solve (full)")
    axes.spines[["top", "right"]].set_visible(False)


def _growth(axes, rows: Sequence[Row]) -> None:  # type: ignore[no-untyped-def]
    """Solve seconds against unknowns, with the fitted exponent."""
    groups: dict[str, list[tuple[int, float]]] = {}
    for row in rows:
        compiled = " compiled" if "compiled" in row["label"] else ""
        groups.setdefault(group(row) + compiled, []).append((int(row["unknowns"]), float(row["solve_s"])))
    for (name, found), marker in zip(groups.items(), _MARKERS * len(groups), strict=False):
        sizes, seconds = zip(*sorted(found), strict=True)
        power = f": exponent {exponent(sizes, seconds):.2f}" if len(set(sizes)) > 1 else ""
        colour, style = (
            _COLOURS.get(name.removesuffix(" compiled"), "#777777"),
            "--" if "compiled" in name else "-",
        )
        axes.loglog(sizes, seconds, style, marker=marker, color=colour, label=name + power)
    axes.set_xlabel("unknowns, wavy anode")
    axes.set_ylabel("seconds: solve")
    axes.grid(alpha=0.3)
    axes.minorticks_off()
    axes.spines[["top", "right"]].set_visible(False)
    if groups:
        axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(0.0, -0.14))
