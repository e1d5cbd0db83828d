"""One search over the deals, opportunities, partners, accounts, orders, statements one may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.access.rules import Actor, Permission
from app.accounts.models import Account
from app.deals.models import Registration
from app.partners.models import Partner
from app.pipeline.models import Opportunity, Participant
from app.pipeline.rules import ParticipantState
from app.revenue.models import Order
from app.statements.models import Statement

MOST = 6
"""Results of one kind."""

Column = InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found."""

    kind: str
    title: str
    note: str
    url: str


def search(session: Session, text: str, *, actor: Actor) -> list[Hit]:
    """Return what has ``text`` in its number, title or name, a few of each kind."""
    text = text.replace("\x00", "").strip()[:100]
    if len(text) < 2:
        return []
    found: list[Hit] = []
    for permission, kind in _KINDS:
        if actor.may(permission):
            found.extend(kind(session, text, actor))
    return found


def _holding(
    statement: Select[*tuple[Any, ...]], text: str, *columns: Column
) -> Select[*tuple[Any, ...]]:
    return statement.where(or_(*(c.icontains(text, autoescape=True) for c in columns))).limit(MOST)


def _deals(session: Session, text: str, actor: Actor) -> Iterator[Hit]:
    deal = Registration
    rows = select(deal.id, deal.number, deal.title, deal.customer_name)
    if not actor.is_vendor:
        rows = rows.where(deal.partner_id.in_(actor.partner_ids))
    found = _holding(rows, text, deal.number, deal.title, deal.customer_name)
    for row in session.execute(found):
        url = url_for("deals.show", deal_id=row.id)
        yield Hit("Deal", row.title, f"{row.number or 'Draft'}, {row.customer_name}", url)


def _opportunities(session: Session, text: str, actor: Actor) -> Iterator[Hit]:
    sale = Opportunity
    rows = select(sale.id, sale.number, sale.title, sale.customer_name)
    if not actor.is_vendor:
        rows = rows.join(Participant, Participant.opportunity_id == sale.id).where(
            Participant.partner_id.in_(actor.partner_ids),
            Participant.state == ParticipantState.ACCEPTED,
        )
    found = _holding(rows, text, sale.number, sale.title, sale.customer_name)
    for row in session.execute(found):
        url = url_for("pipeline.show", opportunity_id=row.id)
        yield Hit("Opportunity", row.title, f"{row.number}, {row.customer_name}", url)


def _partners(session: Session, text: str, _actor: Actor) -> Iterator[Hit]:
    rows = select(Partner.id, Partner.name, Partner.number)
    for row in session.execute(_holding(rows, text, Partner.name, Partner.number)):
        yield Hit("Partner", row.name, row.number, url_for("partners.show", partner_id=row.id))


def _accounts(session: Session, text: str, _actor: Actor) -> Iterator[Hit]:
    rows = select(Account.id, Account.name, Account.domain)
    for row in session.execute(_holding(rows, text, Account.name, Account.domain)):
        url = url_for("accounts.show", account_id=row.id)
        yield Hit("Account", row.name, row.domain or "", url)


def _orders(session: Session, text: str, _actor: Actor) -> Iterator[Hit]:
    rows = select(Order.id, Order.number, Order.customer_reference)
    for row in session.execute(_holding(rows, text, Order.number, Order.customer_reference)):
        url = url_for("revenue.order", order_id=row.id)
        yield Hit("Order", row.number, row.customer_reference, url)


def _statements(session: Session, text: str, actor: Actor) -> Iterator[Hit]:
    rows = select(Statement.id, Statement.number, Partner.name).join(
        Partner, Partner.id == Statement.partner_id
    )
    if not actor.is_vendor:
        rows = rows.where(Statement.partner_id.in_(actor.partner_ids))
    for row in session.execute(_holding(rows, text, Statement.number, Partner.name)):
        url = url_for("statements.show", statement_id=row.id)
        yield Hit("Statement", row.number, row.name, url)


_KINDS = (
    (Permission.DEAL_VIEW, _deals),
    (Permission.PIPELINE_VIEW, _opportunities),
    (Permission.PARTNER_VIEW, _partners),
    (Permission.ACCOUNT_VIEW, _accounts),
    (Permission.ORDER_VIEW, _orders),
    (Permission.STATEMENT_VIEW, _statements),
)
