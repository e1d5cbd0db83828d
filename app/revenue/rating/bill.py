"""From prices and usage to lines: each is rounded once, half away from zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.kernel.money import LARGEST_MINOR, decimals, round_half_away
from app.kernel.period import Days
from app.revenue.rating.commitments import rate_term
from app.revenue.rating.percentages import rate_amounts
from app.revenue.rating.prices import (
    ZERO,
    Commitment,
    Fixed,
    Hybrid,
    Percentage,
    Price,
    Rated,
    Row,
)
from app.revenue.rating.sheet import Charge, Sheet, Usage
from app.revenue.rating.units import rate_units
from app.revenue.rating.usage import Aggregation, Meter, UsageRefused, weigh

MINIMUM = "minimum_amount"


@dataclass(frozen=True, slots=True)
class Line:
    """What one charge comes to in one period: the working, the exact amount, the minor units."""

    charge: str
    model: str
    period: Days | None
    quantity: Fraction
    rows: tuple[Row, ...]
    exact: Fraction
    minor: int


@dataclass(frozen=True, slots=True)
class Bill:
    """The lines, period by period within each charge."""

    currency: str
    lines: tuple[Line, ...]

    @property
    def minor(self) -> int:
        """The total in minor units: the sum of the lines."""
        return sum(line.minor for line in self.lines)


def bill(sheet: Sheet, usage: Usage) -> Bill:
    """Return the lines of all charges, and below them what a minimum for all adds.

    :raises UsageRefused: if a level falls below zero, or an amount is too large
    """
    lines = [line for charge in sheet.charges for line in _lines(sheet, charge, usage)]
    return Bill(sheet.currency, (*lines, *_topped_up(sheet, lines)))


def _lines(sheet: Sheet, charge: Charge, usage: Usage) -> list[Line]:
    places = [place for place, days in enumerate(sheet.periods) if charge.share(days)]
    periods = [sheet.periods[place] for place in places]
    meters = usage.meters[charge.name]
    quantities = _quantities(charge, meters, sheet.periods)
    shares = [charge.share(days) for days in periods]
    chosen = [(quantities[place], meters[place]) for place in places]
    rated = [
        _bounded(charge, each, share)
        for each, share in zip(_rated(charge, periods, chosen, shares), shares, strict=True)
    ]
    minors = _rounded(charge.price, [each.amount for each in rated], decimals(sheet.currency))
    return [
        Line(charge.name, charge.model, days, quantity, each.rows, each.amount, minor)
        for days, (quantity, _), each, minor in zip(periods, chosen, rated, minors, strict=True)
    ]


def _quantities(
    charge: Charge, meters: Sequence[Meter], periods: Sequence[Days | None]
) -> list[Fraction]:
    if charge.metering.aggregation is Aggregation.TIME_WEIGHTED:
        return weigh(meters, [days for days in periods if days])
    return [meter.total() for meter in meters]


def _rated(
    charge: Charge,
    periods: Sequence[Days | None],
    chosen: Sequence[tuple[Fraction, Meter]],
    shares: Sequence[Fraction],
) -> list[Rated]:
    if isinstance(charge.price, Commitment):
        whole = _term_share(periods, shares)
        return rate_term(charge.price, [quantity for quantity, _ in chosen], shares, whole)
    return [
        rate(charge.price, quantity, _amounts(charge, quantity, meter), share)
        for (quantity, meter), share in zip(chosen, shares, strict=True)
    ]


def _term_share(periods: Sequence[Days | None], shares: Sequence[Fraction]) -> Fraction:
    """Return the share of a whole term: that of all its days."""
    spans = [Fraction((days.until - days.start).days) if days else Fraction(1) for days in periods]
    charged = sum((span * share for span, share in zip(spans, shares, strict=True)), ZERO)
    return charged / sum(spans, ZERO) if spans else ZERO


def _amounts(charge: Charge, quantity: Fraction, meter: Meter) -> Sequence[Fraction]:
    if charge.keeps_events:
        return [event.quantity for event in meter.in_time()]
    return [quantity] if quantity else []


def rate(
    price: Price,
    quantity: Fraction,
    amounts: Sequence[Fraction] = (),
    share: Fraction = Fraction(1),
) -> Rated:
    """Return what one period costs; ``share`` prorates what is fixed in it."""
    if isinstance(price, Percentage):
        return rate_amounts(price, amounts)
    if isinstance(price, Fixed):
        return Rated((Row("fixed", price.amount * share),))
    if isinstance(price, Hybrid):
        return _hybrid(price, quantity, share)
    if isinstance(price, Commitment):
        return rate_term(price, [quantity], [share], share)[0]
    return rate_units(price, quantity)


def _hybrid(price: Hybrid, quantity: Fraction, share: Fraction) -> Rated:
    included = min(quantity, price.included_units)
    rows = [Row("fixed", price.fixed_amount * share)]
    if included:
        rows.append(Row("included", ZERO, included, ZERO))
    return Rated((*rows, *rate_units(price.price, quantity - included).rows))


def _bounded(charge: Charge, rated: Rated, share: Fraction) -> Rated:
    """Return the charge with a row for what its minimum adds, or its maximum takes off."""
    amount = rated.amount
    if charge.minimum is not None and amount < charge.minimum * share:
        return Rated((*rated.rows, Row("minimum", charge.minimum * share - amount)))
    if charge.maximum is not None and amount > charge.maximum * share:
        return Rated((*rated.rows, Row("maximum", charge.maximum * share - amount)))
    return rated


def _rounded(price: Price, amounts: Sequence[Fraction], places: int) -> list[int]:
    """Return minor units; those of a commitment for a whole term add up to its rounded sum."""
    if not (isinstance(price, Commitment) and price.is_whole_term):
        return [_minor(amount, places) for amount in amounts]
    found, running, before = [], ZERO, 0
    for amount in amounts:
        running += amount
        found.append(_minor(running, places) - before)
        before = _minor(running, places)
    return found


def _minor(amount: Fraction, places: int) -> int:
    minor = round_half_away(amount * 10**places)
    if abs(minor) > LARGEST_MINOR:
        raise UsageRefused("The usage comes to an amount that is too large.")
    return minor


def _topped_up(sheet: Sheet, lines: Sequence[Line]) -> list[Line]:
    """Return a line for each period in which all charges together stay below the minimum."""
    if sheet.minimum is None:
        return []
    floor = _minor(sheet.minimum, decimals(sheet.currency))
    added = []
    for days in sheet.periods:
        missing = floor - sum(line.minor for line in lines if line.period == days)
        if missing > 0:
            exact = Fraction(missing, 10 ** decimals(sheet.currency))
            row = Row("minimum", exact)
            added.append(Line(MINIMUM, MINIMUM, days, ZERO, (row,), exact, missing))
    return added
