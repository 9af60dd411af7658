"""The model of the cell as pure functions of UFL expressions or NumPy arrays (no mesh, no measure, no solver)."""
