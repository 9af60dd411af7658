"""The program's side that faces a terminal: signals and progress."""
