"""What each partner is credited with."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.attribution.models import AttributionRun, Credit
from app.kernel.money import allocate
from app.partners.models import Partner
from app.reporting.queries.documents import Asked, among, documents
from app.revenue.models import Order


@dataclass(frozen=True, slots=True)
class PartnerSum:
    """What one partner is credited with in one class; parts of an order add up to it."""

    partner_id: UUID
    name: str
    minor: int
    orders: int


def by_partner(session: Session, asked: Asked) -> list[PartnerSum]:
    """Return each partner's credit in the class asked for, the largest first.

    Every document is split over its order's credits by largest remainder, the vendor's own part
    included, so that cents add up to the documents.
    """
    credits = _credits(session, asked)
    sums: dict[UUID, int] = defaultdict(int)
    orders: dict[UUID, set[UUID]] = defaultdict(set)
    for order_id, minor in session.execute(_credited(asked)):
        parties = credits.get(order_id)
        if not parties:  # credited since the shares were read: the next look shows it
            continue
        parts = [minor] if len(parties) == 1 else allocate(minor, [share for _, share in parties])
        for (partner_id, _), part in zip(parties, parts, strict=True):
            if partner_id is not None:
                sums[partner_id] += part
                orders[partner_id].add(order_id)
    names = dict(session.execute(_NAMES, {"partners": list(sums)}).all())
    found = [PartnerSum(key, names[key], sums[key], len(orders[key])) for key in sums]
    return sorted(found, key=lambda one: (-one.minor, one.name))


@lru_cache(maxsize=64)  # statements depend on what is asked alone
def _credited(asked: Asked) -> Select[*tuple[Any, ...]]:
    """Return order and amount of each document in which a partner has a credit of the class."""
    credited = (
        select(Credit.order_id)
        .join(AttributionRun, AttributionRun.id == Credit.run_id)
        .where(AttributionRun.is_current, Credit.credit_class == asked.credit_class)
        .where(Credit.partner_id.isnot(None), Credit.currency == asked.currency)
    )
    return among(asked, Order.id, documents(asked.measure).c.minor).where(Order.id.in_(credited))


def _credits(session: Session, asked: Asked) -> dict[UUID, list[tuple[UUID | None, Fraction]]]:
    """Return the shares of each order, the largest first."""
    rows = session.execute(
        _SHARES, {"credit_class": asked.credit_class, "currency": asked.currency}
    )
    found: dict[UUID, list[tuple[UUID | None, Fraction]]] = defaultdict(list)
    for order_id, partner_id, numerator, denominator in rows:
        found[order_id].append((partner_id, Fraction(numerator, denominator)))
    return found


_SHARES = (
    select(Credit.order_id, Credit.partner_id, Credit.share_numerator, Credit.share_denominator)
    .join(AttributionRun, AttributionRun.id == Credit.run_id)
    .where(AttributionRun.is_current, Credit.credit_class == bindparam("credit_class"))
    .where(Credit.currency == bindparam("currency"))
    .order_by(Credit.order_id, Credit.share_numerator.desc(), Credit.partner_id)
)
_NAMES = select(Partner.id, Partner.name).where(
    Partner.id.in_(bindparam("partners", expanding=True))
)
_CREDITED_PARTNERS = (
    select(Partner.id, Partner.name)
    .where(Partner.id.in_(select(Credit.partner_id)))
    .order_by(Partner.name)
)


def partners(session: Session) -> list[tuple[UUID, str]]:
    """Return every partner that has a credit, by name."""
    return [(row[0], row[1]) for row in session.execute(_CREDITED_PARTNERS)]
