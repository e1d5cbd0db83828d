"""A statement is frozen, carries balances on, and adds up over any months."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from app.access.rules import Role
from app.incentives.models import Accrual
from app.incentives.rules import AccrualKind
from app.ledger.queries import names_of
from app.partners.rules import PartnerState
from app.statements import queries, services
from app.statements.models import Statement
from tests.conftest import as_actor
from tests.factories.clockwork import NOON
from tests.factories.identity import make_actor
from tests.factories.incentives import component, next_version
from tests.factories.partners import make_partner
from tests.factories.statements import (
    MARCH,
    issue,
    make_accrual,
    make_payee,
    make_period,
    the_plan,
)

APRIL = date(2026, 4, 1)


def only(session, partner, start=MARCH):
    wanted = select(Statement).where(
        Statement.partner_id == partner.id, Statement.period_start == start
    )
    return session.scalars(wanted).one()


def test_what_waits_is_paid_by_the_month_in_which_it_becomes_payable(session):
    partner = make_payee(session)
    waiting = make_accrual(session, partner, 30_000, payable_on=None)
    make_accrual(session, partner, 10_000)
    issue(session, make_period(session))
    first = only(session, partner)
    waiting.payable_on = date(2026, 4, 12)

    issue(session, make_period(session, APRIL))
    second = only(session, partner, APRIL)

    assert (first.paid_minor, first.held_minor, first.closing_minor) == (10_000, 30_000, 30_000)
    assert (second.opening_minor, second.paid_minor, second.closing_minor) == (30_000, 30_000, 0)


def test_a_negative_balance_is_carried_on(session):
    partner = make_payee(session)
    make_accrual(session, partner, -8_000, kind=AccrualKind.CLAWBACK)
    issue(session, make_period(session))
    make_accrual(session, partner, 20_000, period_start=APRIL)

    issue(session, make_period(session, APRIL))

    assert only(session, partner).closing_minor == -8_000
    assert only(session, partner, APRIL).paid_minor == 12_000


@pytest.mark.parametrize(
    ("make", "state", "code"),
    [
        (make_partner, PartnerState.ACTIVE, "missing_payout_details"),
        (make_payee, PartnerState.SUSPENDED, "risk_review"),
    ],
)
def test_the_snapshot_names_what_stands_in_the_way(session, make, state, code):
    partner = make(session, state=state)
    make_accrual(session, partner, 50_000)

    issue(session, make_period(session))

    found = only(session, partner)
    assert [stop["code"] for stop in found.snapshot["stops"]] == [code]
    assert (found.paid_minor, found.closing_minor) == (0, 50_000)


def test_each_currency_has_a_statement_of_its_own(session):
    partner = make_payee(session)
    make_accrual(session, partner, 5_000)
    make_accrual(session, partner, 6_000, currency="GBP")

    found = issue(session, make_period(session))

    assert {(s.currency, s.earned_minor) for s in found} == {("EUR", 5_000), ("GBP", 6_000)}


def test_is_frozen_when_the_plan_and_the_partner_change(session):
    partner, plan = make_payee(session, tax_number="DE1"), the_plan(session)
    make_accrual(session, partner, 50_000)
    issue(session, make_period(session))
    statement = only(session, partner)
    before = services_document(session, statement)

    next_version(session, plan, APRIL, component(rates={"mode": "flat", "rate": "1%"}))
    partner.tax_number = "DE2"
    session.flush()
    session.expire_all()

    assert services_document(session, statement) == before


def services_document(session, statement):
    return queries.document(statement, queries.lines(session, statement))


def test_is_entered_in_the_ledger_with_its_hash(session):
    partner = make_payee(session)
    make_accrual(session, partner, 50_000)
    issue(session, make_period(session))
    statement = only(session, partner)

    body = session.scalar(
        text("SELECT body::text FROM ledger_entry WHERE id = :id"),
        {"id": statement.receipt_entry_id},
    )
    assert statement.content_hash in body
    assert names_of(session, "statement", statement.id) == ["statements.statement.issued"]


def test_a_partner_sees_statements_of_its_own_and_only_issued_ones(session):
    partner, other = make_payee(session), make_payee(session)
    make_accrual(session, partner, 50_000)
    make_accrual(session, other, 60_000)
    issue(session, make_period(session))
    admin = make_actor(session, Role.PARTNER_ADMIN, partner)

    with as_actor(session, admin):
        assert [s.partner_id for s in session.scalars(select(Statement))] == [partner.id]


def test_a_correction_names_the_old_and_changes_no_amount(session, finance):
    partner = make_payee(session, tax_number="DE1")
    make_accrual(session, partner, 50_000)
    issue(session, make_period(session))
    old = only(session, partner)
    partner.tax_number = "DE2"
    session.flush()

    new = services.correct(session, old.id, reason="Tax number", actor=finance, at=NOON)

    assert (new.corrects_id, new.paid_minor) == (old.id, old.paid_minor)
    assert new.snapshot["partner"]["tax_number"] == "DE2"
    assert old.snapshot["partner"]["tax_number"] == "DE1"
    assert queries.lines(session, new) == queries.lines(session, old)
    with pytest.raises(services.CorrectionOfCorrection):
        services.correct(session, new.id, reason="Again", actor=finance, at=NOON)


_kinds = st.sampled_from(list(AccrualKind))
_lines = st.lists(st.tuples(_kinds, st.integers(1, 10**7), st.booleans()), max_size=4)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_lines, min_size=1, max_size=4))
def test_over_any_months_the_balances_add_up_and_chain(session, months):
    nested = session.begin_nested()
    partner, balance = make_payee(session), 0
    for number, lines in enumerate(months, 1):
        start = date(2025, number, 1)
        for kind, minor, waits in lines:
            minor = -minor if kind is AccrualKind.CLAWBACK else minor
            over = {"payable_on": None} if waits else {}
            make_accrual(session, partner, minor, kind=kind, period_start=start, **over)
        for s in issue(session, make_period(session, start)):
            assert s.opening_minor == balance
            balance = s.opening_minor + s.earned_minor + s.adjustments_minor
            balance -= s.clawbacks_minor + s.paid_minor
            assert s.closing_minor == balance
    earned = session.scalars(select(Accrual.amount_minor)).all()
    paid = session.scalars(select(Statement.paid_minor)).all()
    assert sum(earned) - sum(paid) == balance
    nested.rollback()
