"""Shapley values from a sample of orders in which the players could join, with their error."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Orders = NDArray[np.int64]
Gains = Callable[[Orders], Floats]
"""For orders (one in each row) what each player adds: orders x players x measures."""


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """Estimates and their standard errors: players x measures, from ``samples`` orders."""

    values: Floats
    errors: Floats
    samples: int


def sampled(gains: Gains, players: int, *, samples: int, seed: int, batch: int = 1) -> Sampled:
    """Return estimates from at least ``samples`` random orders, each taken forth and back.

    The same seed gives the same orders. The standard error is that of the mean over the pairs of
    an order and its reverse, whose average varies less than either (Mitchell et al. 2022). Each
    order's gains add up to the worth of all, so the estimates do too.
    """
    chance = np.random.default_rng(seed)
    pairs = max(2, (samples + 1) // 2)
    origin: Any = None
    total: Any = 0.0
    squares: Any = 0.0
    for done in range(0, pairs, batch):
        shape = (min(batch, pairs - done), players)
        orders = np.argsort(chance.random(shape), axis=1, kind="stable")
        mean = (gains(orders) + gains(orders[:, ::-1])) / 2
        # Sums are taken about the first pair: what varies little keeps its digits.
        origin = mean[0] if origin is None else origin
        total = total + (mean - origin).sum(axis=0)
        squares = squares + ((mean - origin) ** 2).sum(axis=0)
    variance = np.maximum(squares - total**2 / pairs, 0) / (pairs - 1)
    return Sampled(origin + total / pairs, np.sqrt(variance / pairs), 2 * pairs)
