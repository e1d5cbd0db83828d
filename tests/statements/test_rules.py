"""States and arrows as tables; what is paid and what is held."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.transitions import TransitionRefused
from app.statements.rules import (
    DISPUTE,
    PAYOUT,
    PERIOD,
    DisputeAct,
    DisputeState,
    Payee,
    PayoutAct,
    PayoutState,
    PeriodAct,
    PeriodState,
    Sums,
    Unpaid,
    closing,
    minimum_payout,
    settle,
)

LATER = date(2026, 5, 1)
LIFECYCLES = {
    "period": (PERIOD, PeriodState, PeriodAct, {
        "open": "calculate", "calculated": "calculate send_to_review",
        "in_review": "send_back approve", "approved": "pay", "paid": "close", "closed": "",
    }),
    "payout": (PAYOUT, PayoutState, PayoutAct, {
        "pending": "approve", "approved": "export", "exported": "settle fail", "paid": "",
        "failed": "reissue",
    }),
    "dispute": (DISPUTE, DisputeState, DisputeAct, {
        "submitted": "take_up", "in_review": "ask accept decline", "more_information": "answer",
        "accepted": "close", "declined": "close", "closed": "",
    }),
}  # fmt: skip


@pytest.mark.parametrize("name", LIFECYCLES)
def test_each_state_allows_these_acts_and_no_others(name):
    machine, states, acts, allowed = LIFECYCLES[name]
    for state in states:
        for act in acts:
            if act.value in allowed[state.value].split():
                assert machine.next(state, act) in states
            else:
                with pytest.raises(TransitionRefused):
                    machine.next(state, act)


@pytest.mark.parametrize(
    ("sums", "unpaid", "payee", "paid", "held", "stops"),
    [
        (Sums(earned=10_000), [], Payee(), 10_000, 0, []),
        (Sums(opening=900, earned=100), [], Payee(), 0, 0, ["below_minimum"]),
        (Sums(earned=2_500), [], Payee(), 2_500, 0, []),
        (Sums(earned=9_000), [Unpaid(None, 4_000)], Payee(), 5_000, 4_000, ["awaiting_collection"]),
        (Sums(earned=9_000), [Unpaid(LATER, 9_000)], Payee(), 0, 9_000, ["hold"]),
        (Sums(earned=9_000), [], Payee(has_details=False), 0, 0, ["missing_payout_details"]),
        (Sums(earned=9_000), [], Payee(is_active=False), 0, 0, ["risk_review"]),
        (Sums(earned=1_000, clawbacks=4_000), [], Payee(), 0, 0, ["negative_balance"]),
        (Sums(), [Unpaid(None, 50), Unpaid(None, -50)], Payee(), 0, 0, []),
        (Sums(adjustments=3_000), [], Payee(), 3_000, 0, []),
        (Sums(), [], Payee(), 0, 0, []),
    ],
)  # fmt: skip
def test_a_balance_is_paid_unless_something_stands_in_the_way(
    sums, unpaid, payee, paid, held, stops
):
    found = settle(sums, unpaid, payee, "EUR")

    assert (found.paid, found.held, [stop.code for stop in found.stops]) == (paid, held, stops)
    assert found.closing == sums.balance - paid


@pytest.mark.parametrize(("currency", "minor"), [("EUR", 2_500), ("JPY", 25), ("BHD", 25_000)])
def test_the_minimum_is_in_major_units(currency, minor):
    assert minimum_payout(currency) == minor


_minor = st.integers(-(10**9), 10**9)
_sums = st.builds(Sums, _minor, st.integers(0, 10**9), _minor, st.integers(0, 10**9))
_unpaid = st.lists(st.builds(Unpaid, st.none() | st.dates(), _minor), max_size=5)
_payee = st.builds(Payee, st.booleans(), st.booleans())


@given(st.lists(st.tuples(_sums, _unpaid, _payee), min_size=1, max_size=8))
def test_over_any_runs_what_came_less_what_was_paid_is_the_balance(runs):
    balance = total = paid = 0
    for sums, unpaid, payee in runs:
        one = Sums(balance, sums.earned, sums.adjustments, sums.clawbacks)
        found = settle(one, unpaid, payee, "EUR")
        assert found.paid >= 0
        assert not found.paid or found.closing >= found.held
        balance, paid = found.closing, paid + found.paid
        total += closing(0, sums.earned, sums.adjustments, sums.clawbacks, 0)
        assert balance == total - paid
