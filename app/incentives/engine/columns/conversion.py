"""Rates of exchange for each fact: the latest one known on its day, as whole numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import lcm

import numpy as np

from app.incentives.engine.columns.arrays import Ints, Unfit, need_room
from app.incentives.engine.columns.facts import FactColumns
from app.incentives.engine.facts import ExchangeRate
from app.incentives.engine.state import minor_rate

FINEST = 10**12
"""Amounts are not counted in smaller parts than this to the minor unit."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The rates of a currency: ``factors[0]`` is before the first day, zero as none is known.

    A factor is that between minor units, over the scale of the conversion.
    """

    days: Ints
    factors: Ints


@dataclass(frozen=True, slots=True)
class Conversion:
    """From the currencies of some facts, by their codes, into one; itself has none listed."""

    scale: int
    listed: dict[int, Listed]

    def factors(self, codes: Ints, on: Ints) -> Ints:
        """Return for each row the factor between minor units, over the scale; 0 for no rate."""
        found = np.full(len(codes), self.scale, np.int64)
        for code, listed in self.listed.items():
            rows = np.flatnonzero(codes == code)
            place = np.searchsorted(listed.days, on.take(rows), "right")
            found[rows] = listed.factors.take(place)
        return found


def conversion(facts: FactColumns, currency: str) -> Conversion:
    """Return the conversion of facts into a currency.

    :raises Unfit: if the rates are too fine for whole numbers of 64 bits
    """
    words = facts.coded["currency"].values
    best = {
        code: _latest(facts.rates, word, currency)
        for code, word in enumerate(words)
        if word != currency
    }
    rates = {
        code: {day: minor_rate(each) for day, each in days.items()} for code, days in best.items()
    }
    scale = lcm(*(rate.denominator for days in rates.values() for rate in days.values()))
    if scale > FINEST:
        raise Unfit("The exchange rates are too fine to be counted in columns.")
    listed = {}
    for code, days in rates.items():
        factors = [0, *(int(days[day] * scale) for day in sorted(days))]
        need_room(max(factors))
        listed[code] = Listed(np.array(sorted(days), np.int64), np.array(factors, np.int64))
    return Conversion(scale, listed)


def _latest(rates: Iterable[ExchangeRate], source: str, target: str) -> dict[int, ExchangeRate]:
    """Return by day the rate that counts from it on: of one day the last by its source's name."""
    fitting = [
        each for each in rates if (each.source_currency, each.target_currency) == (source, target)
    ]
    return {
        each.on.toordinal(): each
        for each in sorted(fitting, key=lambda each: (each.on, each.source))
    }
