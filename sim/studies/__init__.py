"""Programs that run many cells: comparisons, the demo."""
