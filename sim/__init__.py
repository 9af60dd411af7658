"""Simulator of lithium plating through battery separators: fields in the cell, current along the lithium."""

__version__ = "0.1.0"
