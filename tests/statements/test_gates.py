"""What is not paid names its gate, the same for pages, statements and payouts."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.access.rules import Role
from app.incentives.models import Accrual
from app.incentives.rules import AccrualKind
from app.partners.rules import PartnerState
from app.statements import queries, services
from app.statements.models import Dispute, Statement
from app.statements.pdf import statement_csv
from app.statements.rules import DisputeState, PayoutState
from tests.conftest import as_actor
from tests.factories.clockwork import NOON
from tests.factories.identity import make_actor
from tests.factories.partners import make_partner
from tests.factories.statements import (
    MARCH,
    calculator_and_approver,
    issue,
    make_accrual,
    make_payee,
    make_period,
)

APRIL, MAY, LATER = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
OPEN = (DisputeState.SUBMITTED, DisputeState.IN_REVIEW, DisputeState.MORE_INFORMATION)
NONE = queries.Standing((), ())
MINIMUM = {"code": "below_minimum", "until": None, "words": "It waits until EUR 500.00."}


def only(session, partner, start=MARCH):
    wanted = select(Statement).where(
        Statement.partner_id == partner.id, Statement.period_start == start
    )
    return session.scalars(wanted).one()


def disputed(session, partner, statement, place=0, state=DisputeState.SUBMITTED):
    """Have a partner object to a line, and bring the dispute to a state."""
    line = queries.lines(session, statement)[place]
    admin = make_actor(session, Role.PARTNER_ADMIN, partner)
    found = services.raise_dispute(
        session, line.id, reason="More.", expected_minor=line.amount_minor + 1, actor=admin,
        at=NOON,
    )  # fmt: skip
    found.state = state
    session.flush()
    return found


def gates(session, partner, on=APRIL):
    """Return amount and gate of each unpaid line, as its own page says."""
    standing = queries.standing(session, [partner.id])
    found = queries.held_lines(session, partner.id, standing, on=on)
    named = [(each.row.amount_minor, each.gate) for each in found if each.gate is not None]
    assert len(named) == len(found)
    assert all(gate.words.endswith(".") for _, gate in named)
    return sorted((minor, gate.code) for minor, gate in named)


@pytest.mark.parametrize("state", DisputeState)
@pytest.mark.parametrize(
    ("over", "own"),
    [
        ({"payable_on": APRIL}, None),
        ({"payable_on": LATER}, "hold"),
        ({"payable_on": None}, "awaiting_collection"),
        ({"payable_on": None, "gate": MINIMUM}, "below_minimum"),
    ],
)
def test_a_line_names_its_gate_in_each_state_of_its_dispute(session, state, over, own):
    partner = make_payee(session)
    make_accrual(session, partner, 50_000, **{**over, "payable_on": over["payable_on"] and LATER})
    issue(session, make_period(session))
    session.scalars(select(Accrual)).one().payable_on = over["payable_on"]
    disputed(session, partner, only(session, partner), state=state)
    expected = (own if over["payable_on"] is None else "dispute") if state in OPEN else own

    issue(session, make_period(session, APRIL))

    found = only(session, partner, APRIL)
    assert [each["code"] for each in found.snapshot["held"]] == ([expected] if expected else [])
    assert found.paid_minor == (0 if expected else 50_000)
    assert gates(session, partner, MAY) == ([(50_000, expected)] if expected else [])


@pytest.mark.parametrize(
    ("make", "state", "code"),
    [
        (make_partner, PartnerState.ACTIVE, "missing_payout_details"),
        (make_payee, PartnerState.ONBOARDING, "risk_review"),
        (make_payee, PartnerState.SUSPENDED, "risk_review"),
        (make_payee, PartnerState.ENDED, "risk_review"),
    ],
)
def test_what_blocks_a_partner_blocks_each_of_its_lines(session, make, state, code):
    partner = make(session, state=state)
    make_accrual(session, partner, 50_000)
    make_accrual(session, partner, 7_000, payable_on=LATER)

    issue(session, make_period(session))

    found = only(session, partner)
    assert gates(session, partner) == [(7_000, code), (50_000, code)]
    assert [stop["code"] for stop in found.snapshot["stops"]] == ["hold", code]
    assert "waits" in statement_csv(found, queries.lines(session, found)).decode()


@pytest.mark.parametrize(
    ("amounts", "code"),
    [((1_000,), "below_minimum"), ((5_000, -9_000), "negative_balance")],
)
def test_a_line_that_nothing_of_its_own_blocks_waits_for_its_balance(session, amounts, code):
    partner = make_payee(session)
    for minor in amounts:
        make_accrual(session, partner, minor)

    issue(session, make_period(session))

    assert gates(session, partner) == sorted((minor, code) for minor in amounts)


def test_a_line_whose_hold_ended_is_paid_with_the_next_statement(session):
    partner = make_payee(session)
    make_accrual(session, partner, 50_000, payable_on=date(2026, 4, 20))
    issue(session, make_period(session))

    assert gates(session, partner) == [(50_000, "hold")]
    assert gates(session, partner, date(2026, 4, 20)) == [(50_000, "next_statement")]


def test_a_dispute_about_what_was_paid_holds_nothing_back(session):
    partner = make_payee(session)
    make_accrual(session, partner, 50_000)
    issue(session, make_period(session))
    disputed(session, partner, only(session, partner))
    make_accrual(session, partner, 8_000, period_start=APRIL)

    issue(session, make_period(session, APRIL))

    assert (only(session, partner, APRIL).paid_minor, gates(session, partner)) == (8_000, [])


def test_a_dispute_holds_every_line_of_its_event_and_no_other(session):
    partner = make_payee(session)
    first = make_accrual(session, partner, 50_000, payable_on=LATER)
    same = {"event_key": first.event_key, "order_number": first.order_number}
    make_accrual(session, partner, 20_000, component="bonus", payable_on=LATER, **same)
    make_accrual(session, partner, 30_000, payable_on=LATER)
    issue(session, make_period(session))
    place = [line.accrual_id for line in queries.lines(session, only(session, partner))]
    disputed(session, partner, only(session, partner), place.index(first.id))

    assert gates(session, partner, LATER) == [
        (20_000, "dispute"), (30_000, "next_statement"), (50_000, "dispute"),
    ]  # fmt: skip


class TestPayouts:
    @pytest.fixture
    def two(self, session):
        return calculator_and_approver(session)

    @pytest.fixture
    def approved(self, session, two):
        """A partner whose statement pays 500.00 and holds 70.00; the payout is approved."""
        partner = make_payee(session)
        make_accrual(session, partner, 50_000)
        make_accrual(session, partner, 7_000, payable_on=LATER, earned_on=date(2026, 3, 11))
        period = make_period(session)
        issue(session, period)
        services.pay(session, period.id, actor=two[0], at=NOON)
        (payout,) = services.approve_payouts(session, period.id, actor=two[1], at=NOON)
        return partner, period, payout

    def export(self, session, period, two):
        return services.export_payouts(session, period.id, actor=two[1], at=NOON)

    def test_one_that_pays_a_disputed_line_waits_for_the_decision(self, session, approved, two):
        partner, period, payout = approved
        dispute = disputed(session, partner, only(session, partner))

        found = queries.payout_gates(session, [payout.id])
        assert found[payout.id].code == "dispute"
        with pytest.raises(services.NothingToExport):
            self.export(session, period, two)

        dispute.state = DisputeState.DECLINED
        session.flush()
        assert queries.payout_gates(session, [payout.id]) == {}
        assert self.export(session, period, two)
        assert payout.state is PayoutState.EXPORTED

    def test_one_does_not_wait_for_a_dispute_about_what_it_does_not_pay(
        self, session, approved, two
    ):
        partner, period, payout = approved
        disputed(session, partner, only(session, partner), place=1)

        assert queries.payout_gates(session, [payout.id]) == {}
        assert self.export(session, period, two)

    @pytest.mark.parametrize("state", [PartnerState.SUSPENDED, PartnerState.ENDED])
    def test_one_to_a_partner_that_is_not_active_waits(self, session, approved, two, state):
        partner, period, payout = approved
        partner.state = state
        session.flush()

        assert queries.payout_gates(session, [payout.id])[payout.id].code == "risk_review"
        with pytest.raises(services.NothingToExport):
            self.export(session, period, two)


def test_a_partner_sees_gates_of_its_own_only(session):
    one, other = make_payee(session), make_payee(session)
    for partner in (one, other):
        make_accrual(session, partner, 50_000, payable_on=LATER)
    issue(session, make_period(session))
    disputed(session, other, only(session, other))
    mine, theirs, admin = one.id, other.id, make_actor(session, Role.PARTNER_ADMIN, one)
    assert {block.partner_id for block in queries.standing(session, [mine, theirs]).blocks} == {
        str(theirs)
    }

    with as_actor(session, admin):
        assert queries.standing(session, [mine, theirs]).blocks == []
        assert queries.held_lines(session, theirs, NONE, on=APRIL) == []
        assert len(queries.held_lines(session, mine, NONE, on=APRIL)) == 1


_kinds = st.sampled_from(list(AccrualKind))
_days = st.sampled_from([None, MARCH, date(2025, 3, 1), date(2025, 6, 1), date(2027, 1, 1)])
_lines = st.lists(
    st.tuples(_kinds, st.integers(1, 10**6), _days, st.booleans()), max_size=4
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_lines, min_size=1, max_size=4))
def test_over_any_months_the_balance_is_the_sum_of_the_lines_that_are_not_paid(session, months):
    nested = session.begin_nested()
    partner = make_payee(session)
    admin = make_actor(session, Role.PARTNER_ADMIN, partner)
    for number, lines in enumerate(months, 1):
        start = date(2025, number, 1)
        objected = set()
        for kind, minor, on, objects in lines:
            minor = -minor if kind is AccrualKind.CLAWBACK else minor
            over = {"kind": kind, "period_start": start, "payable_on": on}
            objected |= {make_accrual(session, partner, minor, **over).id} if objects else set()
        for statement in issue(session, make_period(session, start)):
            found = queries.held_lines(session, partner.id, NONE, on=start)
            assert sum(each.row.amount_minor for each in found) == statement.closing_minor
            held = sum(each["minor"] for each in statement.snapshot["held"])
            assert held == statement.held_minor
            for line in queries.lines(session, statement):
                if line.accrual_id in objected:
                    services.raise_dispute(
                        session, line.id, reason="No", expected_minor=0, actor=admin, at=NOON
                    )
        for dispute in session.scalars(select(Dispute)).all()[number:]:
            dispute.state = DisputeState.CLOSED
        session.flush()
    nested.rollback()


def test_a_statement_stays_as_it_was_frozen_when_a_dispute_is_raised_and_decided(session):
    partner = make_payee(session)
    make_accrual(session, partner, 50_000, payable_on=LATER)
    issue(session, make_period(session))
    statement = only(session, partner)
    before = queries.document(statement, queries.lines(session, statement))

    dispute = disputed(session, partner, statement)
    dispute.state, dispute.decided_at = DisputeState.DECLINED, NOON + timedelta(days=1)
    session.flush()
    session.expire_all()

    assert queries.document(statement, queries.lines(session, statement)) == before
    assert before["statement"]["snapshot"]["held"][0]["code"] == "hold"
