"""The demo company: coherent in every sum, and the same each time it is made."""

from collections import defaultdict
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.access.rules import SYSTEM, Role
from app.attribution.models import AttributionRun, Credit
from app.cli import demo
from app.cli.demo.agenda import moment
from app.db import embedded, engine
from app.deals.models import Protection, Registration
from app.deals.rules import DealState
from app.enablement import queries as enablement
from app.identity.models import User
from app.identity.services import prove
from app.incentives.engine import recompute
from app.incentives.models import Accrual
from app.incentives.queries import versions_in_force
from app.incentives.services import recalculate
from app.jobs.models import JobRun
from app.kernel.period import Days
from app.ledger import queries as ledger
from app.ledger.models import LedgerEntry
from app.mail.models import MailMessage, MailState
from app.partners.models import Partner
from app.revenue import queries as revenue
from app.revenue.models import Order, OrderLine
from app.statements import queries as statements
from app.statements.models import CommissionPeriod, Payout, Statement, StatementLine
from app.statements.rules import PayoutState, PeriodState, closing
from tests.demo.conftest import TODAY, made


def test_the_credits_of_each_order_add_up_to_it_in_every_class(look: Session) -> None:
    sums = look.execute(
        select(Order.total_minor, func.sum(Credit.amount_minor))
        .join(AttributionRun, AttributionRun.order_id == Order.id)
        .join(Credit, Credit.run_id == AttributionRun.id)
        .where(AttributionRun.is_current)
        .group_by(Order.id, Credit.credit_class)
    ).all()
    assert sums
    assert all(total == credited for total, credited in sums)


def test_every_order_is_credited(look: Session) -> None:
    runs = select(AttributionRun.order_id).where(AttributionRun.is_current)
    assert not look.scalars(select(Order.number).where(Order.id.not_in(runs))).all()


def test_each_statement_opens_where_the_one_before_closed(look: Session) -> None:
    chains: dict[object, list[Statement]] = defaultdict(list)
    rows = select(Statement).where(Statement.corrects_id.is_(None))
    for row in look.scalars(rows.order_by(Statement.period_start)):
        chains[row.partner_id, row.currency].append(row)
    assert chains
    for chain in chains.values():
        openings = [0, *(row.closing_minor for row in chain[:-1])]
        assert [row.opening_minor for row in chain] == openings


def test_each_statement_adds_up(look: Session) -> None:
    for row in look.scalars(select(Statement)):
        sums = (row.opening_minor, row.earned_minor, row.adjustments_minor, row.clawbacks_minor)
        assert closing(*sums, row.paid_minor) == row.closing_minor
        lines = select(func.sum(StatementLine.amount_minor))
        total = look.scalar(lines.where(StatementLine.statement_id == row.id)) or 0
        assert total == row.earned_minor + row.adjustments_minor - row.clawbacks_minor


def test_what_statements_pay_was_paid(look: Session) -> None:
    rows = select(Payout.amount_minor, Statement.paid_minor, Payout.state).join(Statement)
    found = look.execute(rows).all()
    assert found
    assert all(paid == stated and state is PayoutState.PAID for paid, stated, state in found)
    owed = look.scalar(select(func.count()).where(Statement.paid_minor > 0))
    assert owed == len(found)


def test_no_two_protections_of_a_customer_overlap(look: Session) -> None:
    overlapping = text(
        "SELECT count(*) FROM protection a JOIN protection b ON a.id < b.id"
        " AND a.account_serial = b.account_serial AND a.family_serial = b.family_serial"
        " AND a.during && b.during"
    )
    assert look.scalar(overlapping) == 0
    assert look.scalar(select(func.count()).select_from(Protection))


def test_bookings_bills_and_cash_reconcile(look: Session) -> None:
    for order in look.scalars(select(Order)):
        lines = select(func.sum(OrderLine.amount_minor)).where(OrderLine.order_id == order.id)
        assert look.scalar(lines) == order.total_minor
        balance = revenue.order_balance(look, order.id)
        assert 0 <= balance.collected <= balance.invoiced <= order.total_minor
        assert balance.unbilled + balance.billed == order.total_minor


def test_every_commission_line_follows_from_its_trace(look: Session) -> None:
    rows = [row for row in look.scalars(select(Accrual)) if "dispute" not in row.event_key]
    assert rows
    assert all(recompute(row.because) == row.amount_minor for row in rows)


def test_months_are_closed_but_the_last_two(look: Session) -> None:
    rows = look.scalars(select(CommissionPeriod).order_by(CommissionPeriod.start)).all()
    found = [row.state for row in rows]
    assert found == [PeriodState.CLOSED] * 17 + [PeriodState.IN_REVIEW, PeriodState.OPEN]
    assert all(row.calculated_by != row.approved_by for row in rows[:17])


def test_a_full_calculation_of_the_month_in_review_changes_nothing(
    company: engine.Database,
) -> None:
    engine.use(company)
    with company.session() as session:
        engine.set_scope(session, engine.SYSTEM_SCOPE)
        in_review = CommissionPeriod.state == PeriodState.IN_REVIEW
        period = session.scalars(select(CommissionPeriod).where(in_review)).one()
        days, at = Days(period.start, period.until), period.calculated_at
        found = recalculate(session, days, actor=SYSTEM, at=at or moment(TODAY))
        session.rollback()
    assert found
    assert all(one.is_unchanged for one in found.values())


def test_the_busiest_partner_lost_a_certification_that_a_plan_watches(look: Session) -> None:
    partners = look.scalars(select(Partner.id)).all()
    lost = enablement.lapsed(look, partners, by=moment(TODAY))
    plans = [plan for _, plan in versions_in_force(look).values()]
    terms = [component.reversal for plan in plans for component in plan.components]
    watched = {name for reversal in terms for name in reversal.certifications}
    assert watched
    assert watched <= {name for _, name in lost}
    assert {partner_id for partner_id, name in lost if name in watched} == {_busiest(look)}


def test_a_line_waits_for_the_decision_of_its_dispute(look: Session) -> None:
    assert statements.standing(look, look.scalars(select(Partner.id)).all()).disputes


def _busiest(look: Session) -> UUID | None:
    return look.scalars(select(User.partner_id).where(User.email == demo.SIGN_INS[0][1])).one()


def test_nothing_waits_for_the_worker(look: Session) -> None:
    assert look.scalar(select(func.count()).select_from(JobRun)) == 0
    assert set(look.scalars(select(MailMessage.state))) <= {MailState.SENT}


def test_the_ledger_holds_and_is_sealed_whole(look: Session) -> None:
    report = ledger.verify_log(look)
    assert (report.bad, report.waiting) == (None, 0)
    assert report.sealed


@pytest.mark.parametrize(("_who", "address"), demo.SIGN_INS)
def test_everybody_of_the_welcome_can_sign_in(look: Session, _who: str, address: str) -> None:
    assert prove(look, address, demo.PASSWORD).email == address


@pytest.mark.parametrize("role", list(Role))
def test_one_click_finds_the_person_of_the_welcome(look: Session, role: Role) -> None:
    wanted = select(User.email).where(User.role == role, User.is_active)
    first = look.scalars(wanted.order_by(User.created_at, User.email)).first()
    assert first in {address for _, address in demo.SIGN_INS}


def test_a_registration_has_the_receipt_of_its_own_entry(look: Session) -> None:
    for row in look.scalars(select(Registration).where(Registration.number.is_not(None)).limit(5)):
        entry = look.get(LedgerEntry, row.receipt_entry_id)
        assert entry is not None
        assert entry.subject_id == row.id
        assert row.state is not DealState.DRAFT


def test_the_same_seed_makes_the_same_ledger(
    company: engine.Database, server: embedded.Server, template: str
) -> None:
    engine.use(company)
    first = _head()
    with made(server, template, "demo_again"):
        assert _head() == first


def _head() -> bytes:
    with engine.transaction(engine.SYSTEM_SCOPE, read_only=True) as session:
        head = ledger.current_head(session)
        assert head is not None
        return head.root_hash


def test_a_second_load_changes_nothing(company: engine.Database) -> None:
    engine.use(company)
    before = _head()
    assert demo.load() is False
    assert _head() == before
