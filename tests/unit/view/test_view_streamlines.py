"""Streamlines of Li⁺: they follow the flux, start evenly in it, end on the metal and never cross it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import synthetic_run as synthetic
from matplotlib.figure import Figure

from sim.view import Run
from sim.view.figures import concentration_figure
from sim.view.panel import STREAMS, panel_figure
from sim.view.snapshot import Snapshot
from sim.view.streamlines import FLUX, GID, LINES, draw_streamlines, has_flux, streamlines


@pytest.fixture(scope="module")
def snapshot(runs: dict[str, Path]) -> Snapshot:
    """The last fields of a run."""
    return Run.from_folder(runs["pp"]).last_fields


def drawn(figure: Figure) -> int:
    return sum(line.get_gid() == GID for axes in figure.axes for line in axes.lines)


def test_a_line_keeps_the_value_of_the_stream_function(snapshot: Snapshot):
    for line in streamlines(snapshot, 9):
        values = synthetic.stream(*line.points.T) / (synthetic.FLUX * synthetic.LENGTH)
        assert np.ptp(values) < 1e-3


def test_lines_start_evenly_in_flux(snapshot: Snapshot):
    """Between neighbours, and half as much at the sides, flows the same."""
    starts = np.array([line.points[0] for line in streamlines(snapshot, 9)])
    share = synthetic.stream(*starts.T) / (synthetic.FLUX * synthetic.LENGTH)
    assert share == pytest.approx((np.arange(9) + 0.5) / 9, abs=2e-3)


def test_lines_begin_evenly_also_where_the_flux_at_the_start_is_not(snapshot: Snapshot):
    flux = snapshot.vectors[FLUX] * (1 + snapshot.x / synthetic.LENGTH)[:, None]
    uneven = replace(snapshot, vectors={FLUX: flux})
    x = np.array([line.points[0, 0] for line in streamlines(uneven, 9)]) / synthetic.LENGTH
    assert (x + x**2 / 2) / 1.5 == pytest.approx((np.arange(9) + 0.5) / 9, abs=0.01)
    assert x[4] > 0.55


def test_lines_run_from_the_counter_electrode_to_the_metal_and_not_into_it(snapshot: Snapshot):
    lines = streamlines(snapshot)
    columns = np.unique(snapshot.x)  # between them the sides of the triangles are straight
    assert len(lines) == LINES
    for line in lines:
        x, y = line.points.T
        above = y - np.interp(x, columns, synthetic.height(columns))
        assert line.forward
        assert y[0] > 0.98 * synthetic.WIDTH
        assert above.min() > -1e-12
        assert above[-1] < 0.02 * synthetic.WIDTH / 2**5
        assert np.hypot(*np.diff(line.points, axis=0).T).max() < 0.011 * synthetic.WIDTH


def test_arrows_turn_with_the_flux(snapshot: Snapshot):
    back = replace(snapshot, vectors={FLUX: -snapshot.vectors[FLUX]})
    forth, turned = streamlines(snapshot, 5), streamlines(back, 5)
    assert not any(line.forward for line in turned)
    for first, second in zip(forth, turned, strict=True):
        assert first.points == pytest.approx(second.points)


def test_a_stagnant_or_missing_flux_has_no_lines(snapshot: Snapshot):
    axes = Figure().subplots()
    for vectors in (
        {},
        {FLUX: np.zeros((len(snapshot.x), 2))},
        {FLUX: np.full((len(snapshot.x), 2), np.nan)},
    ):
        still = replace(snapshot, vectors=vectors)
        assert not has_flux(still)
        assert draw_streamlines(axes, still) == 0
    assert not axes.lines


def test_the_concentration_carries_them_and_the_potential_is_free_of_them(runs: dict[str, Path]):
    run = Run.from_folder(runs["pp"])
    assert drawn(concentration_figure(run)) == LINES
    run.last_fields.vectors.clear()  # a folder of an earlier version
    assert drawn(concentration_figure(run)) == 0
    pair = [Run.from_folder(runs[name]) for name in ("pp", "pia")]
    figure = panel_figure(pair)
    assert drawn(figure) == 2 * STREAMS
    assert not any(line.get_gid() == GID for axes in figure.axes[:2] for line in axes.lines)
