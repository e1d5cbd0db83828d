"""The whole path at the level of services: every statement to the cent, refund and dispute too."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attribution.models import Credit
from app.attribution.rules import CreditClass
from app.deals.models import Registration
from app.deals.rules import DealState
from app.incentives.engine import recompute
from app.incentives.models import Accrual
from app.incentives.rules import AccrualKind
from app.ledger import queries as ledger
from app.revenue.queries import order_balance
from app.statements import services
from app.statements.models import Statement
from app.statements.rules import DisputeState, PeriodState
from tests.scenarios.story import FEBRUARY, JANUARY, MARCH, WORTH, Story, on


@pytest.fixture
def story(session: Session) -> Story:
    """The deal, won and paid."""
    return Story(session).registered().won().collected()


def sums(found: Statement) -> dict[str, int]:
    names = ("opening", "earned", "adjustments", "clawbacks", "paid", "closing")
    return {name: getattr(found, f"{name}_minor") for name in names}


def test_the_registration_becomes_the_opportunity(session: Session, story: Story) -> None:
    deal = session.get_one(Registration, story.deal_id)
    assert (deal.state, deal.protected_until) == (DealState.CONVERTED, on(4, 7, 11))
    names = ledger.names_of(session, "registration", story.deal_id)
    wanted = ("drafted", "submitted", "reviewing", "approved", "converted")
    assert sorted(names) == sorted(f"deal.registration.{word}" for word in wanted)


def test_the_order_is_credited_to_source_and_helper(session: Session, story: Story) -> None:
    rows = session.scalars(select(Credit).where(Credit.order_id == story.order.id))
    given = {(row.credit_class, row.partner_id): row.amount_minor for row in rows}
    assert given[CreditClass.SOURCED, story.partner.id] == WORTH
    assert given[CreditClass.INFLUENCED, story.helper.id] == WORTH
    balance = order_balance(session, story.order.id)
    assert (balance.billed, balance.collected, balance.unbilled) == (WORTH, WORTH, 0)


def test_whoever_calculated_does_not_approve(session: Session, story: Story) -> None:
    period = story.calculated(JANUARY, on(2, 3))
    services.send_to_review(session, period.id, actor=story.first, at=on(2, 4))
    with pytest.raises(services.ApprovedByItsCalculator):
        services.approve(session, period.id, actor=story.first, at=on(2, 5))
    services.approve(session, period.id, actor=story.second, at=on(2, 5))
    assert period.state is PeriodState.APPROVED


def test_january_pays_the_booking_by_its_brackets(story: Story) -> None:
    story.settled(JANUARY, on(2, 3))
    found = sums(story.statement(story.seller, JANUARY))
    # 1 % of 50,000.00 and 2 % of 46,000.00
    assert found["earned"] == found["paid"] == 142_000
    assert found["opening"] == found["closing"] == 0


def test_february_pays_what_the_customer_paid(story: Story) -> None:
    story.settled(JANUARY, on(2, 3))
    story.settled(FEBRUARY, on(3, 3))
    sold, helped = (story.statement(actor, FEBRUARY) for actor in (story.seller, story.other))
    assert story.line(sold, 320_000).base_minor == 4_000_000
    assert story.line(sold, 448_000).base_minor == 5_600_000
    assert (sold.paid_minor, helped.paid_minor) == (768_000, 192_000)


def test_a_refund_takes_commission_back_in_its_own_month(session: Session, story: Story) -> None:
    story.settled(JANUARY, on(2, 3))
    story.settled(FEBRUARY, on(3, 3))
    before = sums(story.statement(story.seller, FEBRUARY))
    story.refunded().settled(MARCH, on(4, 2))
    found = sums(story.statement(story.seller, MARCH))
    assert (found["clawbacks"], found["paid"], found["closing"]) == (96_000, 0, -96_000)
    assert story.statement(story.other, MARCH).closing_minor == -24_000
    assert sums(story.statement(story.seller, FEBRUARY)) == before
    rows = session.scalars(select(Accrual).where(Accrual.kind == AccrualKind.CLAWBACK)).all()
    assert [recompute(row.because) for row in rows] == [row.amount_minor for row in rows]


def test_an_accepted_dispute_is_adjusted_in_the_open_month(session: Session, story: Story) -> None:
    story.settled(JANUARY, on(2, 3))
    story.settled(FEBRUARY, on(3, 3))
    story.opened(MARCH, on(3, 3))
    line = story.line(story.statement(story.seller, FEBRUARY), 320_000)
    raised = story.disputed(line, 340_000, on(3, 6))
    services.take_up(session, raised.id, actor=story.first, at=on(3, 7))
    services.accept(session, raised.id, text="It was.", actor=story.first, at=on(3, 8))
    assert raised.state is DisputeState.ACCEPTED
    story.refunded().settled(MARCH, on(4, 2))
    found = sums(story.statement(story.seller, MARCH))
    assert (found["adjustments"], found["clawbacks"], found["closing"]) == (20_000, 96_000, -76_000)


def test_a_second_calculation_changes_no_row(session: Session, story: Story) -> None:
    story.calculated(JANUARY, on(2, 3))
    rows = {row.id: row.calculated_at for row in session.scalars(select(Accrual))}
    story.calculated(JANUARY, on(2, 4))
    session.expire_all()
    assert rows == {row.id: row.calculated_at for row in session.scalars(select(Accrual))}
