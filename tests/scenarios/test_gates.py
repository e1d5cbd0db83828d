"""Months in which a certification is lost, a line is in dispute, and an account is missing."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.incentives import engine
from app.incentives.models import Accrual
from app.incentives.rules import AccrualKind
from app.partners.models import PayoutDetails
from app.partners.rules import BankAccount
from app.partners.services import set_payout_details
from app.statements import queries, services
from app.statements.models import Statement
from app.statements.rules import PayoutState
from tests.factories.enablement import make_certificate
from tests.factories.incentives import component, make_plan
from tests.scenarios.story import FEBRUARY, IBAN, JANUARY, MARCH, Story, on

APRIL = date(2026, 4, 1)
CLOUD = "Cloud platform, professional"


@pytest.fixture
def story(session: Session) -> Story:
    """The deal, won and paid; a plan pays 1 % of the booking while somebody is certified."""
    story = Story(session).registered()
    reversal = {"mode": "full", "on": ["cancelled", "certification_lapsed"], "lapse": "all",
                "certification": CLOUD}  # fmt: skip
    rates = {"mode": "flat", "rate": "1%"}
    make_plan(session, component(code="skill", title="Skilled", rates=rates, reversal=reversal))
    make_plan(session, component(code="held", title="Held", rates=rates, timing={"hold_days": 45}))
    return story.won().collected()


def gates(story: Story, at: Any) -> list[tuple[int, str]]:
    """Return amount and gate of what the partner's page lists as not paid."""
    standing = queries.standing(story.session, [story.partner.id])
    found = queries.held_lines(story.session, story.partner.id, standing, on=at.date())
    return [(each.row.amount_minor, each.gate.code) for each in found if each.gate is not None]


def frozen(statement: Statement) -> list[str]:
    return [each["code"] for each in statement.snapshot["held"]]


def certified(story: Story, until: date) -> None:
    """Let somebody of the partner hold the certification until a day."""
    make_certificate(story.session, story.partner, subject=CLOUD, valid_until=until,
                     awarded_on=date(2025, 3, 1), at=on(1, 2))  # fmt: skip


def test_a_certification_that_is_lost_after_the_payout_is_taken_back_on_the_next_statement(
    session: Session, story: Story
) -> None:
    certified(story, date(2026, 2, 14))
    story.settled(JANUARY, on(2, 3))
    paid = story.statement(story.seller, JANUARY)
    before = queries.document(paid, queries.lines(session, paid))

    story.settled(FEBRUARY, on(3, 3))

    found = story.statement(story.seller, FEBRUARY)
    back = story.line(found, -96_000)
    assert (back.kind, back.customer_name) == (AccrualKind.CLAWBACK, f"Certification {CLOUD}")
    assert f"The certification of {CLOUD} lapsed on 14 Feb 2026" in back.sentence
    assert engine.recompute(back.because) == -96_000
    assert found.clawbacks_minor == 96_000
    assert queries.document(paid, queries.lines(session, paid)) == before


def test_a_renewal_that_is_recorded_late_gives_it_back(session: Session, story: Story) -> None:
    certified(story, date(2026, 2, 14))
    story.settled(JANUARY, on(2, 3))
    story.settled(FEBRUARY, on(3, 3))
    make_certificate(session, story.partner, subject=CLOUD, awarded_on=date(2026, 2, 20),
                     valid_until=date(2027, 2, 20), at=on(3, 20))  # fmt: skip

    story.settled(MARCH, on(4, 3))

    assert story.statement(story.seller, FEBRUARY).clawbacks_minor == 96_000
    assert story.statement(story.seller, MARCH).adjustments_minor == 96_000


def test_a_disputed_line_is_named_and_paid_once_that_is_decided(
    session: Session, story: Story
) -> None:
    certified(story, date(2027, 1, 1))
    story.settled(JANUARY, on(2, 3))
    january = story.statement(story.seller, JANUARY)
    rows = queries.lines(session, january)
    held = next(line for line in rows if line.title == "Held")
    assert (january.held_minor, frozen(january)) == (96_000, ["hold"])
    story.opened(FEBRUARY, on(2, 3))
    dispute = story.disputed(held, 99_000, on(2, 6))
    assert gates(story, on(2, 7)) == [(96_000, "dispute")]

    story.settled(FEBRUARY, on(3, 3))
    story.settled(MARCH, on(4, 3))
    march = story.statement(story.seller, MARCH)
    assert (march.held_minor, march.paid_minor, frozen(march)) == (96_000, 0, ["dispute"])
    assert gates(story, on(4, 4)) == [(96_000, "dispute")]

    story.opened(APRIL, on(4, 3))
    services.take_up(session, dispute.id, actor=story.first, at=on(4, 6))
    services.accept(session, dispute.id, text="It was.", actor=story.first, at=on(4, 7))
    assert gates(story, on(4, 8)) == [(96_000, "next_statement")]
    story.settled(APRIL, on(5, 4))

    april = story.statement(story.seller, APRIL)
    assert (april.paid_minor, april.held_minor, april.closing_minor) == (99_000, 0, 0)
    assert gates(story, on(5, 5)) == []
    assert frozen(march) == ["dispute"]


def test_a_payout_of_a_disputed_line_leaves_with_the_decision(
    session: Session, story: Story
) -> None:
    period = story.settled(JANUARY, on(2, 3))
    services.pay(session, period.id, actor=story.first, at=on(2, 4))
    services.approve_payouts(session, period.id, actor=story.second, at=on(2, 4))
    line = next(line for line in queries.lines(session, story.statement(story.seller, JANUARY))
                if line.title == "Skilled")  # fmt: skip
    dispute = story.disputed(line, 100_000, on(2, 5))

    with pytest.raises(services.NothingToExport):
        services.export_payouts(session, period.id, actor=story.first, at=on(2, 6))
    services.take_up(session, dispute.id, actor=story.first, at=on(2, 6))
    services.decline(session, dispute.id, text="1 %.", actor=story.first, at=on(2, 7))
    services.export_payouts(session, period.id, actor=story.first, at=on(2, 8))

    payouts = queries.payouts_of(session, period.id)
    assert {payout.state for payout in payouts} == {PayoutState.EXPORTED}


def test_without_an_account_each_line_waits_until_one_is_given(
    session: Session, story: Story
) -> None:
    session.execute(delete(PayoutDetails).where(PayoutDetails.partner_id == story.partner.id))
    session.expire_all()
    story.settled(JANUARY, on(2, 3))
    january = story.statement(story.seller, JANUARY)
    assert january.paid_minor == 0
    assert {code for _, code in gates(story, on(2, 4))} == {"missing_payout_details"}

    set_payout_details(session, story.partner.id, account=BankAccount("Holder", IBAN),
                       actor=story.seller, at=on(2, 5))  # fmt: skip
    assert {code for _, code in gates(story, on(2, 6))} == {"hold", "next_statement"}
    story.settled(FEBRUARY, on(3, 3))

    paid = story.statement(story.seller, FEBRUARY)
    assert paid.paid_minor == january.closing_minor + paid.earned_minor - paid.held_minor


def test_gates_change_no_line_of_any_month(session: Session, story: Story) -> None:
    certified(story, date(2026, 2, 14))
    story.settled(JANUARY, on(2, 3))
    story.calculated(FEBRUARY, on(3, 3))
    rows = {row.id: row.calculated_at for row in session.scalars(select(Accrual))}
    january = story.statement(story.seller, JANUARY)
    story.disputed(queries.lines(session, january)[0], 1, on(2, 6))
    session.execute(delete(PayoutDetails).where(PayoutDetails.partner_id == story.partner.id))

    story.calculated(FEBRUARY, on(3, 3) + timedelta(days=9))

    session.expire_all()
    assert rows == {row.id: row.calculated_at for row in session.scalars(select(Accrual))}
