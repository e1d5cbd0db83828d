"""Totals of many contracts by month, block after block: any number of them fits in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from app.kernel.period import add_months, month_of
from app.revenue.recognition.columns import Bills, Code, Ints, Lines, Rolled, days_of, roll_forward
from app.revenue.recognition.plain import Plain

MOST_MONTHS = 1200
_FAR = days_of(date.max)
_ZERO = date(1970, 1, 1).toordinal()


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
        of = _ints([row.contract for row in rows])
        lines = Lines(
            of,
            _ints([row.ssp for row in rows]),
            _ints([row.code for row in rows]),
            _ints([days_of(row.start) for row in rows]),
            _ints([days_of(row.until) for row in rows]),
        )
        prices = _ints([row.price for row in rows])
        bills = Bills(of, _ints([days_of(row.invoiced_on) for row in rows]), prices)
        self._take(prices, lines, bills, np.minimum(lines.start, bills.on))

    def add_plain(self, contracts: Sequence[Plain]) -> None:
        """Add a block of plain contracts, allocated already."""
        if not contracts:
            return
        of = np.repeat(np.arange(len(contracts)), [len(each.amounts) for each in contracts])
        prices = _ints([amount for each in contracts for amount in each.amounts])
        paid = np.zeros(len(contracts), np.int64)
        np.add.at(paid, of, prices)
        lines = Lines(
            of,
            np.where(paid[of] == 0, 1, prices),  # nothing is shared out anyhow
            _ints([code for each in contracts for code in each.times.codes]),
            _ints([day for each in contracts for day in each.times.starts]),
            _ints([day for each in contracts for day in each.times.untils]),
        )
        bills = Bills(
            np.repeat(np.arange(len(contracts)), [len(each.bills) for each in contracts]),
            _ints([on for each in contracts for on, _ in each.bills]),
            _ints([amount for each in contracts for _, amount in each.bills]),
        )
        self._take(prices, lines, bills, _ints([each.begins for each in contracts])[of])

    def merge(self, other: "Portfolio") -> None:
        """Add the contracts of another portfolio."""
        self.contracts += other.contracts
        self.obligations += other.obligations
        self._blocks += other._blocks

    def _take(self, parts: Ints, lines: Lines, bills: Bills, begins: Ints) -> None:
        """Add a block; ``parts`` are the lines' parts of the prices, ``begins`` days by line."""
        contracts = int(lines.contract[-1]) + 1
        prices = np.zeros(contracts, np.int64)
        np.add.at(prices, lines.contract, parts)
        first = _day(min(begins.min(), lines.start.min(), bills.on.min(initial=_FAR)))
        last = _day(max(lines.until.max(), bills.on.max(initial=0)))
        rolled = roll_forward(prices, lines, bills, first, _between(first, last) + 1)
        since = np.full(contracts, _FAR)
        np.minimum.at(since, lines.contract, begins)
        self._blocks.append(_Block(month_of(first).start, _sums(rolled, since)))
        self.contracts += contracts
        self.obligations += len(parts)

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


def _sums(rolled: Rolled, since: Ints) -> Ints:
    """Return the sums of each month; what remains counts from a contract's first month on."""
    ends = _ints([days_of(month.until) for month in rolled.months])
    is_there = since[:, None] < ends
    figures = (
        rolled.billed,
        rolled.revenue,
        rolled.closing,
        rolled.contract_liability,
        rolled.contract_asset,
        rolled.remaining * is_there,
        rolled.current * is_there,
    )
    found: Ints = np.array([each.sum(axis=0) for each in figures])
    return found


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, np.int64)


def _day(number: int) -> date:
    return date.fromordinal(int(number) + _ZERO)


def _between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
