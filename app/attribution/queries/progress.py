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
    """This year's sourced bookings of a partner; no ``tier`` and nothing ``asked`` at the top."""

    year: int
    booked: Money
    orders: int
    tier: str
    asked: Money | None

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
        select(func.coalesce(func.sum(Credit.amount_minor), 0), func.count(Order.id.distinct()))
        .join(AttributionRun, AttributionRun.id == Credit.run_id)
        .join(Order, Order.id == Credit.order_id)
        .where(
            AttributionRun.is_current,
            Credit.partner_id == partner.id,
            Credit.credit_class == CreditClass.SOURCED,
            Credit.currency == TIER_CURRENCY,
            Order.booked_on >= date(on.year, 1, 1),
            Order.booked_on <= on,
        )
    )
    with elevated(session):  # orders are the vendor's; only the partner's own sum leaves here
        minor, orders = session.execute(wanted).one()
    tiers = partners.tiers_of(session, partner.programme_id)
    following = next((tier for tier in tiers if tier.rank > partner.tier.rank), None)
    asked = following.yearly_bookings_minor if following else 0
    return Progress(
        on.year,
        Money(int(minor), TIER_CURRENCY),
        orders,
        following.name if following else "",
        Money(asked, TIER_CURRENCY) if asked else None,
    )
