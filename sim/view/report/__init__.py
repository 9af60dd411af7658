"""Reports: one self-contained HTML file about a run, a comparison, a sweep or an experiment.

`write_report` makes it from finished or unfinished folders alone. Styles and the page's program are the files
``page.html``, ``page.css`` and ``page.js`` beside this one; plotly is taken from its Python package.
"""

from sim.view.report.assumptions import KnownConfig
from sim.view.report.kinds import SWEEP, kind_of
from sim.view.report.writer import write_report

__all__ = ["SWEEP", "KnownConfig", "kind_of", "write_report"]
