"""Disputes about statement lines: accepted, declined, waiting for an answer, just raised."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.access.rules import Role
from app.cli.demo.words import DISPUTES
from app.cli.demo.world import MONTHS, Firm, World
from app.kernel.period import add_months
from app.statements import services
from app.statements.models import CommissionPeriod, Statement, StatementLine
from app.statements.rules import DisputeState

_FATES = {
    3: ("accepted",), 6: ("declined",), 9: ("accepted", "declined"), 12: ("accepted",),
    14: ("declined",), 15: ("accepted",), 16: ("in_review", "more_information", "submitted"),
}  # fmt: skip
"""Month -> how the disputes about its statements end; the last statements' are still open."""


def plan(world: World, at: datetime, period_id: UUID, number: int) -> None:
    """Plan the disputes about the statements of a month."""
    last = number == MONTHS - 2
    for place, fate in enumerate(_FATES.get(number, ())):
        days = 4 + 2 * place if last else 5 + 3 * place
        world.plan(at + timedelta(days=days), raise_one, period_id, fate, place)


def raise_one(world: World, at: datetime, period_id: UUID, fate: str, place: int) -> None:
    """Have a partner object to the largest line that it may still dispute."""
    found = _line(world, period_id, place)
    if found is None:
        return
    firm, line = found
    assert firm.admin is not None  # noqa: S101 - staffed when it was admitted
    dispute = services.raise_dispute(
        world.session, line.id, reason=DISPUTES[place % len(DISPUTES)],
        expected_minor=line.amount_minor * 5 // 4, actor=firm.admin, at=at,
    )  # fmt: skip
    if fate != DisputeState.SUBMITTED.value:
        world.plan(at + timedelta(days=1), take_up, dispute.id, fate, firm)


def _line(world: World, period_id: UUID, place: int) -> tuple[Firm, StatementLine] | None:
    """Return the largest line of the busiest partners' statements, another for each place."""
    rows = world.session.scalars(
        select(StatementLine)
        .join(Statement, Statement.id == StatementLine.statement_id)
        .where(Statement.period_id == period_id, StatementLine.amount_minor > 0)
        .order_by(StatementLine.amount_minor.desc(), StatementLine.id)
    ).all()
    firms = {firm.id: firm for firm in world.firms if not firm.is_closed}
    lines = [row for row in rows if row.partner_id in firms]
    period = world.session.get_one(CommissionPeriod, period_id)
    if period.start == add_months(world.first, MONTHS - 2):  # held ones, which disputes keep so
        lines.sort(key=lambda row: (row.payable_on or date.max) <= period.until)
    own = [row for row in lines if row.partner_id == world.firms[0].id]
    chosen = own if place == 0 and own else [row for row in lines if row not in own]
    return (firms[chosen[place].partner_id], chosen[place]) if place < len(chosen) else None


def take_up(world: World, at: datetime, dispute_id: UUID, fate: str, firm: Firm) -> None:
    """Look into it, and plan the end."""
    finance = world.one_of(Role.FINANCE)
    services.take_up(world.session, dispute_id, actor=finance, at=at)
    world.session.flush()
    if fate == DisputeState.IN_REVIEW.value:
        return
    if fate == DisputeState.MORE_INFORMATION.value:
        services.ask(world.session, dispute_id, actor=finance, at=at + timedelta(hours=2),
                     text="Please send us the date on which the customer signed.")  # fmt: skip
        return
    services.ask(world.session, dispute_id, actor=finance, at=at + timedelta(hours=2),
                 text="Which of the two orders do you mean?")  # fmt: skip
    world.plan(at + timedelta(days=2), answer, dispute_id, fate, firm)


def answer(world: World, at: datetime, dispute_id: UUID, fate: str, firm: Firm) -> None:
    """Have the partner answer, and finance decide the day after."""
    assert firm.admin is not None  # noqa: S101 - staffed when it was admitted
    services.answer(world.session, dispute_id, text="The larger one, signed in the last week.",
                    actor=firm.admin, at=at)  # fmt: skip
    world.plan(at + timedelta(days=1), decide, dispute_id, fate)


def decide(world: World, at: datetime, dispute_id: UUID, fate: str) -> None:
    """Accept with an adjustment in the open month, or decline with a reason."""
    finance = world.one_of(Role.FINANCE)
    if fate == DisputeState.ACCEPTED.value:
        why = "You are right: the order was signed under the higher tier."
        services.accept(world.session, dispute_id, text=why, actor=finance, at=at)
    else:
        why = "The invoice was paid after the end of the month; it follows."
        services.decline(world.session, dispute_id, text=why, actor=finance, at=at)
