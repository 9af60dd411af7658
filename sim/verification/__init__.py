"""The verification book: every exact case defined once, run by the tests (small) and by `sim verify` (whole)."""
