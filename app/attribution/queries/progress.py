"""What a partner sourced in a year, beside what the next tier asks."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.attribution.models import AttributionRun, Credit
from app.attribution.rules import CreditClass
from app.db.engine import elevated
from app.kernel.money import Money
from app.partners import queries as partners
from app.partners.models import Partner
from app.revenue.models import Order

TIER_CURRENCY = "EUR"
"""Bookings that a tier asks for are told in this currency."""


@dataclass(frozen=True, slots=True)
class Progress:
    """This year's sourced bookings of a partner beside what a tier asks, if it asks anything.

    ``tier`` is the next one, or at the top its own, to keep; ``elsewhere`` does not count.
    """

    year: int
    booked: Money
    orders: int
    tier: str
    asked: Money | None
    elsewhere: tuple[Money, ...] = ()

    @property
    def share(self) -> float:
        """How much of what is asked is booked, from 0 to 1, to draw a bar."""
        return min(1.0, self.booked.minor / self.asked.minor) if self.asked else 0.0

    @property
    def missing(self) -> Money | None:
        """What is still missing, where something is."""
        if self.asked is None or self.booked.minor >= self.asked.minor:
            return None
        return Money(self.asked.minor - self.booked.minor, self.asked.currency)


def tier_progress(session: Session, partner: Partner, *, on: date) -> Progress:
    """Return the sourced bookings of the calendar year of ``on``, in the currency of tiers."""
    wanted = (
        select(Credit.currency, func.sum(Credit.amount_minor), func.count(Order.id.distinct()))
        .join(AttributionRun, AttributionRun.id == Credit.run_id)
        .join(Order, Order.id == Credit.order_id)
        .where(
            AttributionRun.is_current,
            Credit.partner_id == partner.id,
            Credit.credit_class == CreditClass.SOURCED,
            Order.booked_on >= date(on.year, 1, 1),
            Order.booked_on <= on,
        )
        .group_by(Credit.currency)
        .order_by(Credit.currency)
    )
    with elevated(session):  # orders are the vendor's; only the partner's own sums leave here
        sums = {row[0]: (int(row[1]), row[2]) for row in session.execute(wanted)}
    booked, orders = sums.pop(TIER_CURRENCY, (0, 0))
    tiers = partners.tiers_of(session, partner.programme_id)
    meant = next((tier for tier in tiers if tier.rank > partner.tier.rank), partner.tier)
    asked = meant.yearly_bookings_minor
    return Progress(
        on.year,
        Money(booked, TIER_CURRENCY),
        orders,
        meant.name,
        Money(asked, TIER_CURRENCY) if asked else None,
        tuple(Money(minor, currency) for currency, (minor, _) in sums.items()),
    )
