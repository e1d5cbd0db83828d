"""A period from open to closed, and who may do what."""

import pytest
from sqlalchemy import func, select

from app.incentives.models import Accrual
from app.jobs.runner import drain
from app.kernel.transitions import TransitionRefused
from app.statements import queries, services
from app.statements.models import Statement, StatementLine
from app.statements.rules import PeriodState
from tests.factories.clockwork import NOON
from tests.factories.statements import (
    MARCH,
    calculator_and_approver,
    issue,
    make_accrual,
    make_payee,
    make_period,
    the_entity,
)


def count(session, kind):
    return session.scalar(select(func.count()).select_from(kind))


class TestOpening:
    def test_months_follow_each_other(self, session, finance):
        make_period(session)

        with pytest.raises(services.PeriodNotNext):
            services.open_period(session, MARCH.replace(month=5), actor=finance, at=NOON)

    def test_a_period_begins_on_the_first_of_a_month(self, session, finance):
        with pytest.raises(services.PeriodNotNext):
            services.open_period(session, MARCH.replace(day=2), actor=finance, at=NOON)


class TestApproval:
    def test_is_refused_to_whoever_calculated(self, session):
        period, (first, _) = make_period(session), calculator_and_approver(session)
        services.calculate_now(session, period.id, actor=first, at=NOON)
        services.send_to_review(session, period.id, actor=first, at=NOON)

        with pytest.raises(services.ApprovedByItsCalculator):
            services.approve(session, period.id, actor=first, at=NOON)

    def test_of_an_open_period_is_refused(self, session, finance):
        with pytest.raises(TransitionRefused):
            services.approve(session, make_period(session).id, actor=finance, at=NOON)

    def test_waits_for_the_statements_of_the_month_before(self, session):
        make_period(session)
        april = make_period(session, MARCH.replace(month=4))

        with pytest.raises(services.PeriodBeforeNotIssued):
            issue(session, april)

    def test_issues_by_a_job_that_runs_once(self, session):
        make_accrual(session, make_payee(session), 12_345)
        period, (first, second) = make_period(session), calculator_and_approver(session)
        the_entity(session)
        period.calculated_by = first.user_id
        services.finish_calculation(session, period.id, at=NOON)
        services.send_to_review(session, period.id, actor=first, at=NOON)

        services.approve(session, period.id, actor=second, at=NOON)
        assert period.job_id is not None
        drain(session, at=NOON)

        assert period.job_id is None
        assert [s.paid_minor for s in queries.statements_of(session, period.id)] == [12_345]


class TestCalculation:
    def test_by_job_marks_the_period(self, session, finance):
        period = make_period(session)

        services.calculate(session, period.id, actor=finance, at=NOON)
        with pytest.raises(services.PeriodBusy):
            services.calculate(session, period.id, actor=finance, at=NOON)
        drain(session, at=NOON)

        assert (period.state, period.job_id) == (PeriodState.CALCULATED, None)

    def test_sent_back_needs_a_reason(self, session, finance):
        period = make_period(session)
        services.calculate_now(session, period.id, actor=finance, at=NOON)
        services.send_to_review(session, period.id, actor=finance, at=NOON)

        with pytest.raises(services.ReasonMissing):
            services.send_back(session, period.id, reason=" ", actor=finance, at=NOON)


def test_issuing_again_changes_nothing(session):
    for minor in (5_000, 7_000):
        make_accrual(session, make_payee(session), minor)
    period = make_period(session)
    issue(session, period)
    before = count(session, Statement), count(session, StatementLine)

    services.issue_now(session, period.id, at=NOON)

    assert (count(session, Statement), count(session, StatementLine)) == before == (2, 2)


def test_every_line_is_on_one_statement(session):
    partner = make_payee(session)
    for minor in range(5_000, 5_010):
        make_accrual(session, partner, minor)

    (statement,) = issue(session, make_period(session))

    lines = queries.lines(session, statement)
    assert sum(line.amount_minor for line in lines) == statement.earned_minor == 50_045
    assert {line.accrual_id for line in lines} == set(session.scalars(select(Accrual.id)))
