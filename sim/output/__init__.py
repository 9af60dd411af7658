"""What a run leaves: metrics, budgets, fields, its folder and checkpoints."""
