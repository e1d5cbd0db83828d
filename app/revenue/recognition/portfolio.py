"""Totals of many contracts by month, block after block: any number of them fits in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from app.kernel.period import add_months, month_of
from app.revenue.recognition.columns import Bills, Code, Ints, Lines, Rolled, days_of, roll_forward

MOST_MONTHS = 1200


@dataclass(frozen=True, slots=True)
class Row:
    """One obligation of a contract; amounts in minor units, ``until`` exclusive."""

    contract: int
    price: int
    ssp: int
    code: Code
    start: date
    until: date
    invoiced_on: date


@dataclass(frozen=True, slots=True)
class Month:
    """All contracts in one month, in minor units."""

    label: str
    opening: int
    billed: int
    recognised: int
    closing: int
    contract_liability: int
    contract_asset: int
    remaining: int
    current: int


@dataclass(slots=True)
class _Block:
    first: date
    sums: Ints
    """A row for each figure of a month, a column for each month."""


@dataclass(slots=True)
class Portfolio:
    """Adds up what blocks of contracts come to."""

    contracts: int = 0
    obligations: int = 0
    _blocks: list[_Block] = field(default_factory=list)

    def add(self, rows: Sequence[Row]) -> None:
        """Add the contracts of a block; ``rows`` are sorted by contract, numbered from zero."""
        if not rows:
            return
        contracts = rows[-1].contract + 1
        of = _ints([row.contract for row in rows])
        prices = np.zeros(contracts, np.int64)
        np.add.at(prices, of, _ints([row.price for row in rows]))
        lines = Lines(
            of,
            _ints([row.ssp for row in rows]),
            _ints([row.code for row in rows]),
            _ints([days_of(row.start) for row in rows]),
            _ints([days_of(row.until) for row in rows]),
        )
        bills = Bills(
            of,
            _ints([days_of(row.invoiced_on) for row in rows]),
            _ints([row.price for row in rows]),
        )
        first = min(min(row.start for row in rows), min(row.invoiced_on for row in rows))
        last = max(max(row.until for row in rows), max(row.invoiced_on for row in rows))
        rolled = roll_forward(prices, lines, bills, first, _between(first, last) + 1)
        self._blocks.append(_Block(month_of(first).start, _sums(rolled)))
        self.contracts += contracts
        self.obligations += len(rows)

    def months(self) -> list[Month]:
        """Return the totals of each month from the first to the last."""
        if not self._blocks:
            return []
        first = min(block.first for block in self._blocks)
        ends = [_between(first, block.first) + block.sums.shape[1] for block in self._blocks]
        total = np.zeros((self._blocks[0].sums.shape[0], max(ends)), np.int64)
        for block in self._blocks:
            skipped = _between(first, block.first)
            until = skipped + block.sums.shape[1]
            total[:, skipped:until] += block.sums
            total[:, until:] += block.sums[:, -1:] * _STANDS[:, None]
        opening = np.concatenate([[0], total[2][:-1]])
        return [
            Month(f"{add_months(first, n):%Y-%m}", int(opening[n]), *map(int, total[:, n]))
            for n in range(total.shape[1])
        ]


_STANDS = np.array([0, 0, 1, 1, 1, 1, 1], np.int64)
"""Which figures go on when a block's months are over: balances do, movements do not."""


def _sums(rolled: Rolled) -> Ints:
    figures = (
        rolled.billed,
        rolled.revenue,
        rolled.closing,
        rolled.contract_liability,
        rolled.contract_asset,
        rolled.remaining,
        rolled.current,
    )
    found: Ints = np.array([each.sum(axis=0) for each in figures])
    return found


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, np.int64)


def _between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
