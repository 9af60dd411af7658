"""The claim map: in which worlds of unmeasured constants the paper's order of separators comes out, and what makes it.

>>> check = spot_check("results/claim-map/check", "results/claim-map/map")
>>> table = claim_table("results/claim-map/map", fast_mode_errors(check))      # a row per sample and mode
>>> report(table, check)
"""

from sim.sweeps.claims.check import fast_mode_errors, spot_check
from sim.sweeps.claims.report import report
from sim.sweeps.claims.slices import claim_slice
from sim.sweeps.claims.table import CLAIMS, claim_table

__all__ = ["CLAIMS", "claim_slice", "claim_table", "fast_mode_errors", "report", "spot_check"]
