"""The few numbers that stand on somebody's home page; each links to what it is made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.rules import Actor, Permission
from app.deals.models import Registration
from app.deals.rules import DealState
from app.kernel.format import money
from app.kernel.money import Money
from app.kernel.period import month_of
from app.pipeline.models import Opportunity
from app.pipeline.rules import OPEN_STAGES
from app.revenue.models import Order
from app.statements.models import Statement


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with its label, its address and what it says."""

    label: str
    value: str
    url: str
    note: str = ""


def tiles(session: Session, actor: Actor, *, at: datetime) -> list[Tile]:
    """Return the tiles of ``actor``'s home page."""
    found = [*_deals(session, actor, at), *_pipeline(session, actor)]
    if actor.is_vendor:
        return [*found, *_booked(session, actor, at)]
    return [*found, *_balance(session, actor)]


def _deals(session: Session, actor: Actor, at: datetime) -> Iterable[Tile]:
    counts = select(Registration.state, func.count()).group_by(Registration.state)
    if not actor.is_vendor:
        counts = counts.where(Registration.partner_id.in_(actor.partner_ids))
    by_state = dict(session.execute(counts).all())
    waiting = by_state.get(DealState.SUBMITTED, 0) + by_state.get(DealState.IN_REVIEW, 0)
    late = select(func.count()).where(
        Registration.state.in_([DealState.SUBMITTED, DealState.IN_REVIEW]),
        Registration.answer_due_at < at,
    )
    overdue = session.scalar(late) if actor.is_vendor and waiting else 0
    desk = actor.may(Permission.DEAL_REVIEW)
    url = url_for("deals.review") if desk else url_for("deals.index")
    note = f"{overdue} overdue" if overdue else "none overdue" if actor.is_vendor else ""
    yield Tile("Awaiting a decision", str(waiting), url, note)
    approved = str(by_state.get(DealState.APPROVED, 0))
    yield Tile("Protected deals", approved, url_for("deals.index", state="approved"))


def _pipeline(session: Session, actor: Actor) -> Iterable[Tile]:
    opportunity = Opportunity
    sums = (
        select(opportunity.currency, func.sum(opportunity.amount_minor), func.count())
        .where(opportunity.stage.in_(OPEN_STAGES))
        .group_by(opportunity.currency)
        .order_by(func.sum(opportunity.amount_minor).desc())
    )
    rows = session.execute(sums).all()
    yield _amounts("Open pipeline", rows, url_for("pipeline.index"), actor)


def _booked(session: Session, actor: Actor, at: datetime) -> Iterable[Tile]:
    if not actor.may(Permission.REVENUE_REPORT):
        return
    days = month_of(at.date())
    sums = (
        select(Order.currency, func.sum(Order.total_minor), func.count())
        .where(Order.booked_on >= days.start, Order.booked_on < days.until)
        .group_by(Order.currency)
        .order_by(func.sum(Order.total_minor).desc())
    )
    rows = session.execute(sums).all()
    yield _amounts("Booked this month", rows, url_for("reporting.revenue"), actor)


def _balance(session: Session, actor: Actor) -> Iterable[Tile]:
    if not actor.may(Permission.STATEMENT_VIEW):
        return
    last = (
        select(Statement.id, Statement.closing_minor, Statement.paid_minor, Statement.currency)
        .where(Statement.partner_id.in_(actor.partner_ids))
        .order_by(Statement.period_start.desc(), Statement.issued_at.desc())
        .limit(1)
    )
    row = session.execute(last).one_or_none()
    url = url_for("statements.earnings")
    if row is None:
        yield Tile("Commission", "–", url, "no statement yet")
        return
    paid = money(Money(row.paid_minor, row.currency), actor.locale)
    balance = money(Money(row.closing_minor, row.currency), actor.locale)
    yield Tile("Last commission paid", paid, url, f"{balance} carried forward")


def _amounts(label: str, rows: Iterable[tuple[str, int, int]], url: str, actor: Actor) -> Tile:
    """Return one tile for sums in several currencies: the largest as value, the others as note."""
    shown = [(money(Money(int(minor), code), actor.locale), count) for code, minor, count in rows]
    if not shown:
        return Tile(label, "–", url, "none")
    total = sum(count for _, count in shown)
    others = ", ".join(text for text, _ in shown[1:])
    return Tile(
        label, shown[0][0], url, f"and {others}; {total} in all" if others else f"{total} in all"
    )
