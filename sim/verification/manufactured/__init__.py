"""Chosen fields and what they leave of the equations: the pieces of the case of manufactured solutions."""
