"""Credits of orders, as the current run of each order gives them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from app.attribution.models import AttributionRun, Credit
from app.attribution.rules import CreditClass
from app.kernel.errors import NotFound
from app.partners.models import Partner
from app.revenue.models import Order


@dataclass(frozen=True, slots=True)
class CreditRow:
    """One partner's current part of an order in one class; no partner is the vendor's own part."""

    order_id: UUID
    partner_id: UUID | None
    partner_name: str
    credit_class: CreditClass
    share: Fraction
    currency: str
    minor: int
    because: str


_COLUMNS = (
    Credit.order_id, Credit.partner_id, Partner.name, Credit.credit_class,
    Credit.share_numerator, Credit.share_denominator, Credit.currency, Credit.amount_minor,
    Credit.because,
)  # fmt: skip


def current_credits(session: Session, order_ids: Iterable[UUID]) -> dict[UUID, list[CreditRow]]:
    """Return the current credits of each order, per class the largest part first.

    An order that nobody has credited yet is missing.
    """
    return _by_order(session, Credit.order_id.in_(list(order_ids)))


def credits_around(
    session: Session, partner_ids: Iterable[UUID] | None = None
) -> dict[UUID, list[CreditRow]]:
    """Return all current credits of each order in which one of the partners has a part.

    Without ``partner_ids``, of every order in which any partner has one.
    """
    theirs = (
        select(Credit.order_id)
        .join(AttributionRun, AttributionRun.id == Credit.run_id)
        .where(AttributionRun.is_current, Credit.partner_id.is_not(None))
    )
    if partner_ids is not None:
        theirs = theirs.where(Credit.partner_id.in_(list(partner_ids)))
    return _by_order(session, Credit.order_id.in_(theirs))


def _by_order(session: Session, wanted: ColumnElement[bool]) -> dict[UUID, list[CreditRow]]:
    found: dict[UUID, list[CreditRow]] = {}
    rows = session.execute(_CURRENT.where(wanted))
    for order_id, partner_id, name, credit_class, top, bottom, currency, minor, because in rows:
        row = CreditRow(order_id, partner_id, name or "", credit_class, Fraction(top, bottom),
                        currency, minor, because)  # fmt: skip
        found.setdefault(order_id, []).append(row)
    return found


_CURRENT = (
    select(*_COLUMNS)
    .join(AttributionRun, AttributionRun.id == Credit.run_id)
    .outerjoin(Partner, Partner.id == Credit.partner_id)
    .where(AttributionRun.is_current)
    .order_by(Credit.order_id, Credit.credit_class, Credit.amount_minor.desc(), Credit.partner_id)
)


def credits_of_order(session: Session, order_id: UUID) -> list[CreditRow]:
    """Return the current credits of one order."""
    return current_credits(session, [order_id]).get(order_id, [])


def current_run(session: Session, order_id: UUID) -> AttributionRun | None:
    """Return the run that says who is credited for an order, with its policy."""
    return session.scalar(
        select(AttributionRun)
        .where(AttributionRun.order_id == order_id, AttributionRun.is_current)
        .options(joinedload(AttributionRun.policy))
    )


def order_of(session: Session, order_id: UUID, *, lock: bool = False) -> Order:
    """Return an order with its account and opportunity.

    :raises NotFound: where there is none that the reader may see
    """
    wanted = select(Order).where(Order.id == order_id)
    wanted = wanted.options(joinedload(Order.account), joinedload(Order.opportunity))
    if lock:
        wanted = wanted.with_for_update(of=Order).execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def orders_without_credits(session: Session) -> Sequence[UUID]:
    """Return the orders that were never credited, oldest first."""
    known = select(AttributionRun.order_id)
    return session.scalars(
        select(Order.id).where(Order.id.not_in(known)).order_by(Order.booked_on, Order.number)
    ).all()
