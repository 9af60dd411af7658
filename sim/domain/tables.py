"""Users' tables: CSV files with a header of named columns, the first being the position along the cell."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np

from sim.domain.aliases import Floats
from sim.domain.errors import DomainError


def read_table(path: str | Path, columns: tuple[str, str], length: float) -> tuple[Floats, Floats]:
    """The two named columns of a CSV file, the first strictly increasing and covering [0, length] [m].

    Lines that start with # are comments. Raises DomainError, naming the file (and line), for a missing file
    or column, a value that is no finite number, positions that do not increase or do not reach both ends.
    """
    rows = _number_rows(Path(path), columns)
    if len(rows) < 2:
        raise DomainError(f"{path}: needs at least two rows of {columns[0]},{columns[1]}")
    x, values = np.array(rows, dtype=float).T
    if np.any(np.diff(x) <= 0.0):
        raise DomainError(f"{path}: {columns[0]} must increase from row to row")
    slack = 1e-9 * length
    if x[0] > slack or x[-1] < length - slack:
        raise DomainError(
            f"{path}: {columns[0]} runs from {x[0]:g} to {x[-1]:g} m but must cover the cell, "
            f"0 to {length:g} m"
        )
    return x, values


def _number_rows(path: Path, columns: tuple[str, str]) -> list[tuple[float, float]]:
    """Every data row's two numbers, in the file's order."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DomainError(f"{path}: cannot read this table ({error})") from error
    lines = [
        (i, line) for i, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")
    ]
    if not lines:
        raise DomainError(f"{path}: is empty; expected a header {columns[0]},{columns[1]}")
    header = [name.strip() for name in next(csv.reader([lines[0][1]]))]
    for name in columns:
        if name not in header:
            raise DomainError(f"{path}:{lines[0][0]}: no column {name} (found {', '.join(header)})")
    places = [header.index(name) for name in columns]
    rows = []
    for number, line in lines[1:]:
        cells = next(csv.reader([line]))
        try:
            values = float(cells[places[0]]), float(cells[places[1]])
        except (IndexError, ValueError) as error:
            raise DomainError(f"{path}:{number}: expected numbers in {columns[0]},{columns[1]}") from error
        if not all(map(math.isfinite, values)):
            raise DomainError(f"{path}:{number}: {columns[0]},{columns[1]} must be finite")
        rows.append(values)
    return rows
