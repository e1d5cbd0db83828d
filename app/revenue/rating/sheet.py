"""What is rated: charges over periods in one currency, and the usage that is taken for them."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from app.kernel.period import Days
from app.revenue.rating.prices import Fixed, Model, Percentage, Price
from app.revenue.rating.usage import Aggregation, Event, Meter, Metering, UsageRefused, midnight

_AS_SUM = Metering()


@dataclass(frozen=True, slots=True)
class Charge:
    """One thing that is charged: its price, how usage is measured, and the bounds of a period."""

    name: str
    model: Model
    price: Price
    metering: Metering = _AS_SUM
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    active: Days | None = None
    is_prorated: bool = False

    def share(self, days: Days | None) -> Fraction:
        """Return the part of a period for which it is charged: by days where it is prorated."""
        if days is None or self.active is None:
            return Fraction(1)
        start, until = max(days.start, self.active.start), min(days.until, self.active.until)
        if until <= start:
            return Fraction(0)
        whole = Fraction((days.until - days.start).days)
        return Fraction((until - start).days) / whole if self.is_prorated else Fraction(1)

    @property
    def keeps_events(self) -> bool:
        """Whether single transactions are needed, beyond their sum."""
        return isinstance(self.price, Percentage) and self.price.needs_transactions


@dataclass(frozen=True, slots=True)
class Sheet:
    """Charges, the periods over which they run (one without days where none is given), currency."""

    currency: str
    charges: tuple[Charge, ...]
    periods: tuple[Days | None, ...] = (None,)
    minimum: Fraction | None = None


@dataclass(slots=True)
class Usage:
    """The meters of a sheet, one for each charge and period, and what is known of their events."""

    sheet: Sheet
    meters: dict[str, list[Meter]] = field(init=False)
    given: set[str] = field(default_factory=set)
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _starts: list[datetime] = field(init=False)

    def __post_init__(self) -> None:
        self._starts = [midnight(days.start) for days in self.sheet.periods if days]
        self.meters = {
            charge.name: [Meter(charge.metering, charge.keeps_events) for _ in self.sheet.periods]
            for charge in self.sheet.charges
        }

    def set(self, charge: Charge, quantities: Sequence[Fraction]) -> None:
        """Take one quantity for each period as it is."""
        self.given.add(charge.name)
        for meter, quantity in zip(self.meters[charge.name], quantities, strict=True):
            meter.quantity = quantity

    def take(self, charge: Charge, event: Event, key: str = "") -> None:
        """Take one event into the period in which it lies.

        :raises UsageRefused: if it is there twice, lies in no period, or misses what is needed
        """
        self._check(charge, event, key)
        self.meters[charge.name][self._place(charge, event)].add(event)

    def _check(self, charge: Charge, event: Event, key: str) -> None:
        if charge.name in self.given:
            raise UsageRefused(f"The usage of “{charge.name}” is given as a quantity already.")
        if isinstance(charge.price, Fixed):
            raise UsageRefused(f"“{charge.name}” is fixed: it has no usage.")
        if key and (charge.name, key) in self._seen:
            raise UsageRefused(f"The event “{key}” is there twice.")
        if key:
            self._seen.add((charge.name, key))
        if event.quantity < 0 and not charge.metering.is_change:
            raise UsageRefused("quantity: It must not be below zero.")
        if charge.metering.aggregation is Aggregation.UNIQUE_COUNT and not event.value:
            raise UsageRefused("value: What is counted once must be named.")

    def _place(self, charge: Charge, event: Event) -> int:
        if not self._starts:
            return 0
        if event.at is None:
            raise UsageRefused("at: A day or moment is needed, for there are periods.")
        place = bisect_right(self._starts, event.at) - 1
        days = self.sheet.periods[place] if place >= 0 else None
        if days is None or event.at >= midnight(days.until):
            raise UsageRefused(f"at: {event.at.isoformat()} lies in no period.")
        if charge.active and not charge.active.contains(event.at.date()):
            raise UsageRefused(f"at: {event.at.isoformat()} is outside the days that are charged.")
        return place
