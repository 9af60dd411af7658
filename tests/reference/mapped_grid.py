"""Finite volumes on the cell above a profile h(x), mapped by y = Y + h(x) (1 - Y/H); second order.

Nodes sit at the corners of a tensor grid in (x, Y); each node owns the quarters of its cells. With J = 1 -
h/H and a = h'(x) (1 - Y/H) the flux of -grad u through a face x = const is -(J u_x - a u_Y) dY and through a
face Y = const -((1 + a^2)/J u_Y - a u_x) dx, gradients by bilinear interpolation at the middle of the half
face. All lengths are divided by H. Node number = column * (rows + 1) + row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

Field = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Profile:
    """Anode profile: `height` [m] and `slope` [-] as functions of x [m]."""

    height: Field
    slope: Field


def bumps(heights: tuple[float, ...], positions: tuple[float, ...], widths: tuple[float, ...]) -> Profile:
    """h = sum a exp(-((x - x0)/w)^2), all in m."""
    parts = list(zip(heights, positions, widths, strict=True))

    def height(x: np.ndarray) -> np.ndarray:
        return np.sum([a * np.exp(-(((x - x0) / w) ** 2)) for a, x0, w in parts], axis=0)

    def slope(x: np.ndarray) -> np.ndarray:
        return np.sum(
            [-2 * a * (x - x0) / w**2 * np.exp(-(((x - x0) / w) ** 2)) for a, x0, w in parts], axis=0
        )

    return Profile(height, slope)


def shipped_profile() -> Profile:
    """The rough anode of the shipped configs (10 um long)."""
    return bumps((0.6e-6, 1.0e-6, 0.5e-6), (2.0e-6, 5.5e-6, 8.2e-6), (0.6e-6, 0.8e-6, 0.5e-6))


def sinusoid(amplitude: float, wavelength: float) -> Profile:
    """h = a cos(2 pi x / lambda), in m."""
    k = 2 * np.pi / wavelength
    return Profile(lambda x: amplitude * np.cos(k * x), lambda x: -amplitude * k * np.sin(k * x))


class MappedGrid:
    """Geometry and flux operators: `columns` equal columns over `length` [m], `rows` = positions Y/H."""

    def __init__(self, profile: Profile, length: float, width: float, columns: int, rows: np.ndarray) -> None:
        self.profile, self.width, self.rows, self.columns = profile, width, rows, columns
        self.x = np.linspace(0.0, length / width, columns + 1)
        self.size = (columns + 1) * len(rows)
        self.anode = np.arange(columns + 1) * len(rows)
        self.counter = self.anode + len(rows) - 1
        i, j = np.meshgrid(np.arange(columns), np.arange(len(rows) - 1), indexing="ij")
        first = (i * len(rows) + j).ravel()
        self._corners = np.stack([first, first + len(rows), first + 1, first + len(rows) + 1])
        self._left, self._bottom = self.x[i.ravel()], rows[j.ravel()]
        self._dx, self._dy = self.x[1] - self.x[0], np.diff(rows)[j.ravel()]
        self.volume = self._volumes()
        quarter = np.sqrt(
            1 + self.slope(np.stack([self.x[:-1] + self._dx / 4, self.x[1:] - self._dx / 4])) ** 2
        )
        self.arc = np.zeros(columns + 1)  # length of the anode's line that each node owns
        self.arc[:-1] += quarter[0] * self._dx / 2
        self.arc[1:] += quarter[1] * self._dx / 2
        self.flat = np.full(columns + 1, self._dx)
        self.flat[[0, -1]] /= 2
        self.arc_step = np.sqrt(1 + self.slope(self.x[:-1] + self._dx / 2) ** 2) * self._dx

    def height(self, x: np.ndarray) -> np.ndarray:
        """Scaled profile at scaled x."""
        return self.profile.height(x * self.width) / self.width

    def slope(self, x: np.ndarray) -> np.ndarray:
        """Slope at scaled x."""
        return self.profile.slope(x * self.width)

    def _volumes(self) -> np.ndarray:
        volume = np.zeros(self.size)
        for corner, xi in zip(self._corners, (0.25, 0.75, 0.25, 0.75), strict=True):
            jacobian = 1 - self.height(self._left + xi * self._dx)
            np.add.at(volume, corner, jacobian * self._dx * self._dy / 4)
        return volume

    def half_faces(self) -> list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
        """Per half face of all cells: (from node, to node, flux coefficients, interpolation weights).

        The last two have shape (4, cells) and act on the corner values in the order of `corners`.
        """
        c00, c10, c01, c11 = self._corners
        faces = []
        for start, end, xi, eta in ((c00, c10, 0.5, 0.25), (c01, c11, 0.5, 0.75),
                                    (c00, c01, 0.25, 0.5), (c10, c11, 0.75, 0.5)):  # fmt: skip
            x, y = self._left + xi * self._dx, self._bottom + eta * self._dy
            jacobian, shear = 1 - self.height(x), self.slope(x) * (1 - y)
            u_x = np.multiply.outer([eta - 1, 1 - eta, -eta, eta], np.full(len(x), 1 / self._dx))
            u_y = np.multiply.outer([xi - 1, -xi, 1 - xi, xi], 1 / self._dy)
            if xi == 0.5:
                flux = -(jacobian * u_x - shear * u_y) * self._dy / 2
            else:
                flux = -((1 + shear**2) / jacobian * u_y - shear * u_x) * self._dx / 2
            weight = np.array([(1 - xi) * (1 - eta), xi * (1 - eta), (1 - xi) * eta, xi * eta])
            faces.append((start, end, flux, np.repeat(weight[:, None], len(x), axis=1)))
        return faces

    @property
    def corners(self) -> np.ndarray:
        """Node numbers of every cell, shape (4, cells): (left, right) below, (left, right) above."""
        return self._corners

    def face_operators(self) -> tuple[sp.csr_matrix, sp.csr_matrix, sp.csr_matrix]:
        """(divergence, flux of -grad, interpolation): node x face, face x node, face x node."""
        starts, ends, fluxes, weights = zip(*self.half_faces(), strict=True)
        faces = 4 * self._corners.shape[1]
        number = np.arange(faces)
        divergence = sp.csr_matrix(
            (np.repeat([1.0, -1.0], faces), (np.concatenate([*starts, *ends]), np.tile(number, 2))),
            shape=(self.size, faces),
        )
        columns = np.tile(self._corners, (1, 4))
        index = (np.broadcast_to(number, columns.shape).ravel(), columns.ravel())
        shape = (faces, self.size)
        flux = sp.csr_matrix((np.concatenate(fluxes, axis=1).ravel(), index), shape=shape)
        return divergence, flux, sp.csr_matrix((np.concatenate(weights, axis=1).ravel(), index), shape=shape)
