"""What holds for every schedule, and for every stream of payments at a rate."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.revenue.recognition.schedule import spread
from app.revenue.recognition.span import Method, Remainder, Span
from tests.revenue.recognition.build import run
from tests.revenue.recognition.contracts import (
    RUNS,
    days,
    positive,
)


@RUNS
@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.integers(1, 2000),
    st.integers(-(10**12), 10**12),
    st.sampled_from(Method),
    st.sampled_from(Remainder),
)
def test_a_schedule_adds_up_to_its_amount(start, length, whole, method, remainder):
    cut = spread(Span(start, start + timedelta(days=length), method, remainder))

    parts = cut.parts(whole)
    assert sum(parts) == whole
    assert cut.amount(whole, start - timedelta(days=1)) == 0
    assert cut.amount(whole, start + timedelta(days=length - 1)) == whole
    sums = [cut.amount(whole, each.last) for each in cut.days]
    assert sums == [sum(parts[: place + 1]) for place in range(len(parts))]


@RUNS
@given(
    st.lists(st.tuples(days, positive), min_size=1, max_size=4),
    days,
    st.sampled_from(["0%", "3%", "12.5%", "40%"]),
    st.sampled_from(["annual", "semiannual", "quarterly", "monthly"]),
    st.sampled_from(["thirty_360", "actual"]),
)
def test_effective_interest_nets_to_zero(payments, transfer, rate, compounding, count):
    document = {
        "financing": {
            "rate": rate,
            "compounding": compounding,
            "day_count": count,
            "payments": [{"on": on, "amount": amount} for on, amount in payments],
        },
        "obligations": [{"id": "asset", "on": transfer}],
    }

    found = run(document)
    interest = sum(Decimal(each["interest"]) for each in found["financing"]["schedule"])
    last = found["periods"][-1]
    assert Decimal(last["contract_liability"]) == Decimal(last["contract_asset"]) == 0
    assert Decimal(last["receivable"]) == 0
    assert interest == Decimal(found["totals"]["revenue"]) - sum(
        Decimal(amount) for _, amount in payments
    )
    if rate == "0%":
        assert interest == 0
