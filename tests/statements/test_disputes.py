"""A dispute from the partner's objection to an adjustment or a written reason."""

from datetime import timedelta

import pytest

from app.access.rules import SYSTEM, Role
from app.incentives import engine
from app.incentives.models import Accrual
from app.incentives.services import calculate_partner
from app.kernel.errors import NotFound
from app.kernel.transitions import TransitionRefused
from app.statements import queries, services
from app.statements.rules import DISPUTE_DAYS, DisputeState
from tests.conftest import as_actor
from tests.factories.clockwork import NOON
from tests.factories.identity import make_actor
from tests.factories.statements import issue, make_accrual, make_payee, make_period


@pytest.fixture
def partner(session):
    return make_payee(session)


@pytest.fixture
def admin_of(session, partner):
    return make_actor(session, Role.PARTNER_ADMIN, partner)


@pytest.fixture
def line(session, partner):
    """An issued line of 1,000.00."""
    make_accrual(session, partner, 100_000)
    (statement,) = issue(session, make_period(session))
    return queries.lines(session, statement)[0]


def raised(session, line, actor, at=NOON, expected=120_000, reason="Gold pays more."):
    return services.raise_dispute(
        session, line.id, reason=reason, expected_minor=expected, actor=actor, at=at
    )


class TestRaising:
    def test_by_the_partner_itself_in_its_own_reach(self, session, line, admin_of):
        with as_actor(session, admin_of):
            dispute = raised(session, line, admin_of)
            assert (dispute.state, dispute.number[:3]) == (DisputeState.SUBMITTED, "DI-")

    def test_not_for_a_foreign_line(self, session, line):
        other = make_actor(session, Role.PARTNER_ADMIN, make_payee(session))

        with pytest.raises(NotFound):
            raised(session, line, other)

    def test_not_after_the_window(self, session, line, admin_of):
        with pytest.raises(services.DisputeTooLate):
            raised(session, line, admin_of, at=NOON + timedelta(days=DISPUTE_DAYS))

    def test_not_twice_at_once(self, session, line, admin_of):
        raised(session, line, admin_of)

        with pytest.raises(services.LineDisputedAlready):
            raised(session, line, admin_of)

    @pytest.mark.parametrize(("expected", "reason"), [(100_000, "Same"), (1, " "), (10**14, "Big")])
    def test_not_without_a_reason_and_another_amount(
        self, session, line, admin_of, expected, reason
    ):
        with pytest.raises(services.DisputeRefused):
            raised(session, line, admin_of, expected=expected, reason=reason)


class TestDeciding:
    @pytest.fixture
    def dispute(self, session, line, admin_of, finance):
        """A dispute in review."""
        dispute = raised(session, line, admin_of)
        return services.take_up(session, dispute.id, actor=finance, at=NOON)

    def accept(self, session, dispute, finance, **over):
        values = {"text": "You are right.", "actor": finance, "at": NOON, **over}
        return services.accept(session, dispute.id, **values)

    def test_acceptance_adjusts_the_next_period(self, session, dispute, finance, line):
        april = make_period(session, line.earned_on.replace(month=4, day=1))

        self.accept(session, dispute, finance)
        (statement,) = issue(session, april)

        assert (statement.adjustments_minor, statement.paid_minor) == (20_000, 20_000)
        (adjusted,) = queries.lines(session, statement)
        assert "You are right." in adjusted.sentence
        assert engine.recompute(adjusted.because) == 20_000

    def test_a_calculation_leaves_the_adjustment_alone(
        self, session, dispute, finance, line, partner
    ):
        april = make_period(session, line.earned_on.replace(month=4, day=1))
        self.accept(session, dispute, finance, granted_minor=110_000)
        days = queries.days(april)

        for _ in range(2):
            calculate_partner(session, partner.id, days, actor=SYSTEM, at=NOON)

        adjustment = session.get(Accrual, dispute.adjustment_id)
        assert (adjustment.amount_minor, adjustment.period_start) == (10_000, april.start)

    def test_acceptance_wants_an_open_period(self, session, dispute, finance):
        with pytest.raises(services.NoOpenPeriod):
            self.accept(session, dispute, finance)

    def test_a_refusal_needs_a_reason_and_is_final(self, session, dispute, finance):
        with pytest.raises(services.DisputeRefused):
            services.decline(session, dispute.id, text="", actor=finance, at=NOON)
        services.decline(session, dispute.id, text="Silver pays 10 %.", actor=finance, at=NOON)

        with pytest.raises(TransitionRefused):
            self.accept(session, dispute, finance)
        closed = services.close_dispute(session, dispute.id, actor=finance, at=NOON)
        assert closed.state is DisputeState.CLOSED

    def test_both_sides_write(self, session, dispute, finance, admin_of):
        services.ask(session, dispute.id, text="Which order?", actor=finance, at=NOON)
        later = NOON + timedelta(days=1)
        services.answer(session, dispute.id, text="This one.", actor=admin_of, at=later)

        assert [(row.text, row.is_partner) for row in queries.messages(session, dispute.id)] == [
            ("Which order?", False),
            ("This one.", True),
        ]
        assert dispute.state is DisputeState.IN_REVIEW

    def test_the_partner_does_not_decide(self, session, dispute, admin_of):
        with pytest.raises(services.NotYourDispute):
            self.accept(session, dispute, admin_of)
