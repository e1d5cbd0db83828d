"""Many plain contracts at once, in columns of int64: allocated, recognised, billed, rolled forward.

What it covers: prices of at least zero, relative stand-alone selling prices, obligations over time
(daily, monthly, monthly_prorated) or at a point in time, cumulative rounding, any invoices. Each
figure equals what ``recognise`` finds for the contract's own document. NumPy is imported with this
module, which nothing imports but its users.

A product of amount and weight could leave 64 bits; amounts are therefore divided first and only the
remainder is multiplied, which is exact.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from app.kernel.errors import Broken
from app.kernel.period import Days, add_months, month_of
from app.revenue.recognition.weights import POINT_IN_TIME, Code, cumulative, whole

Ints: TypeAlias = npt.NDArray[np.int64]
_LARGEST = 2**62
CURRENT_MONTHS = 12

__all__ = ["POINT_IN_TIME", "Bills", "Code", "Lines", "Rolled", "days_of", "roll_forward"]


@dataclass(frozen=True, slots=True)
class Lines:
    """Obligations, sorted by contract; days are counted from 1970-01-01, ``until`` is exclusive."""

    contract: Ints
    ssp: Ints
    code: Ints
    start: Ints
    until: Ints


@dataclass(frozen=True, slots=True)
class Bills:
    """Invoices: of which contract, on which day, how much; credit notes are below zero."""

    contract: Ints
    on: Ints
    amount: Ints


@dataclass(frozen=True, slots=True)
class Rolled:
    """Month by month; matrices have a row for each line or contract and a column for each month."""

    months: tuple[Days, ...]
    allocated: Ints
    recognised: Ints
    """Of each line, in each month."""
    opening: Ints
    """Contract liability less contract asset of each contract, and so the next four."""
    billed: Ints
    revenue: Ints
    closing: Ints
    remaining: Ints
    current: Ints
    """What of the remaining is expected within twelve months."""

    @property
    def contract_liability(self) -> Ints:
        """Deferred revenue of each contract at each month's end."""
        return np.maximum(self.closing, 0)

    @property
    def contract_asset(self) -> Ints:
        """What is recognised and not billed, of each contract at each month's end."""
        return np.maximum(-self.closing, 0)


def days_of(on: date) -> int:
    """Return a day as a number from 1970-01-01."""
    return (on - date(1970, 1, 1)).days


def roll_forward(prices: Ints, lines: Lines, bills: Bills, first: date, count: int) -> Rolled:
    """Recognise and roll forward contracts over ``count`` months from the month of ``first``.

    :raises Broken: if a price or weight is negative, lines are not sorted by contract, or a
        contract has none
    """
    _check(prices, lines)
    months = tuple(month_of(add_months(month_of(first).start, number)) for number in range(count))
    begun, later = months[0].start, range(1, count + CURRENT_MONTHS + 1)
    ends = np.array([days_of(add_months(begun, number)) for number in later])
    allocated = _allocated(prices, lines)
    done = _earned(allocated, lines, ends)
    starts = np.searchsorted(lines.contract, np.arange(len(prices)))
    by_contract = np.add.reduceat(done, starts, axis=0)
    earned, soon = by_contract[:, :count], by_contract[:, CURRENT_MONTHS:]
    billed = _billed(bills, len(prices), ends[:count])
    closing = billed - earned
    return Rolled(
        months=months,
        allocated=allocated,
        recognised=np.diff(done[:, :count], axis=1, prepend=0),
        opening=np.hstack([np.zeros((len(prices), 1), np.int64), closing[:, :-1]]),
        billed=np.diff(billed, axis=1, prepend=0),
        revenue=np.diff(earned, axis=1, prepend=0),
        closing=closing,
        remaining=prices[:, None] - earned,
        current=soon - earned,
    )


def _check(prices: Ints, lines: Lines) -> None:
    if (prices < 0).any() or (lines.ssp < 0).any():
        raise Broken("prices and weights must not be negative")
    if (np.diff(lines.contract) < 0).any():
        raise Broken("lines must be sorted by contract")
    if not np.array_equal(np.unique(lines.contract), np.arange(len(prices))):
        raise Broken("every contract needs a line, and every line a contract")


def _allocated(prices: Ints, lines: Lines) -> Ints:
    """Split each price by the weights of its lines, the rest to the largest remainders."""
    of, count = lines.contract, len(prices)
    sums = np.zeros(count, np.int64)
    np.add.at(sums, of, lines.ssp)
    if (sums <= 0).any():
        raise Broken("weights must add up to more than zero")
    price, total = prices[of], sums[of]
    parts, rests = _scaled(price, lines.ssp, total)
    given = np.zeros(count, np.int64)
    np.add.at(given, of, parts)
    missing = prices - given
    order = np.lexsort((np.arange(len(of)), -rests, of))
    first = np.searchsorted(of[order], np.arange(count))
    rank = np.arange(len(of)) - first[of[order]]
    parts[order] += rank < missing[of[order]]
    return parts


def _scaled(amount: Ints, weight: Ints, total: Ints) -> tuple[Ints, Ints]:
    """Return ``amount * weight / total`` as quotient and remainder, without leaving 64 bits."""
    large = amount > _LARGEST // np.maximum(weight, 1)
    product = np.where(large, 0, amount) * weight
    parts, rests = product // total, product % total
    for at in np.flatnonzero(large):
        parts[at], rests[at] = divmod(int(amount[at]) * int(weight[at]), int(total[at]))
    return parts, rests


def _earned(allocated: Ints, lines: Lines, ends: Ints) -> Ints:
    """Return what of each line is earned by each month's end, rounded cumulatively."""
    done = np.empty((len(allocated), len(ends)), np.int64)
    total = whole(lines.code, lines.start, lines.until)
    each, rest = np.divmod(allocated, total)
    for column, end in enumerate(ends):
        weight = cumulative(lines.code, lines.start, lines.until, int(end))
        done[:, column] = each * weight + (2 * rest * weight + total) // (2 * total)
    return done


def _billed(bills: Bills, contracts: int, ends: Ints) -> Ints:
    """Return what is billed on each contract by each month's end."""
    columns = np.searchsorted(ends, bills.on, side="right")
    inside = columns < len(ends)
    sums = np.zeros((contracts, len(ends)), np.int64)
    np.add.at(sums, (bills.contract[inside], columns[inside]), bills.amount[inside])
    return np.cumsum(sums, axis=1)
