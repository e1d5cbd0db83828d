"""Columns of many contracts: every figure is the one of the contract's own document."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.errors import Broken
from app.revenue.recognition.columns import Bills, Code, Lines, days_of, roll_forward
from tests.revenue.recognition.build import result

FIRST = date(2023, 11, 1)
MONTHS = 20
PATTERNS = {
    Code.DAILY: "daily",
    Code.MONTHLY: "monthly",
    Code.MONTHLY_PRORATED: "monthly_prorated",
}

days = st.dates(date(2023, 11, 1), date(2024, 6, 30))
line = st.tuples(
    st.integers(0, 10**9),
    st.sampled_from(list(Code)),
    days,
    st.integers(1, 330),
)
bill = st.tuples(days, st.integers(1, 10**9))
contract = st.tuples(
    st.integers(0, 10**13), st.lists(line, min_size=1, max_size=4), st.lists(bill, max_size=3)
)


def cents(amount):
    return f"{amount // 100}.{amount % 100:02d}"


def document(price, lines, bills):
    obligations = []
    for number, (ssp, code, start, length) in enumerate(lines):
        made = {"id": str(number), "ssp": cents(ssp)}
        if code is Code.POINT_IN_TIME:
            made["on"] = start.isoformat()
        else:
            until = start + timedelta(days=length)
            made |= {"pattern": PATTERNS[code], "start": start.isoformat()}
            made["until"] = until.isoformat()
        obligations.append(made)
    events = [
        {"type": "invoice", "id": str(n), "on": on.isoformat(), "amount": cents(amount)}
        for n, (on, amount) in enumerate(bills)
    ]
    return {
        "contract": {"inception": FIRST.isoformat()},
        "transaction_price": cents(price),
        "obligations": obligations,
        "events": events,
    }


def rolled_of(contracts):
    prices, lines, bills = columns(contracts)
    return roll_forward(prices, lines, bills, FIRST, MONTHS)


def columns(contracts):
    lines = [(of, *each) for of, (_, lines, _) in enumerate(contracts) for each in lines]
    bills = [(of, *each) for of, (_, _, bills) in enumerate(contracts) for each in bills]

    def ints(values):
        return np.array(list(values), np.int64)

    return (
        ints(price for price, _, _ in contracts),
        Lines(
            ints(of for of, *_ in lines),
            ints(ssp for _, ssp, *_ in lines),
            ints(code for _, _, code, *_ in lines),
            ints(days_of(start) for _, _, _, start, _ in lines),
            ints(days_of(start) + length for _, _, _, start, length in lines),
        ),
        Bills(
            ints(of for of, *_ in bills),
            ints(days_of(on) for _, on, _ in bills),
            ints(amount for *_, amount in bills),
        ),
    )


def weighed(contracts):
    return all(sum(ssp for ssp, *_ in lines) > 0 for _, lines, _ in contracts)


@settings(max_examples=60, deadline=None)
@given(st.lists(contract, min_size=1, max_size=3).filter(weighed))
def test_every_figure_equals_the_plain_path(contracts):
    rolled = rolled_of(contracts)

    place = 0
    for number, (price, lines, bills) in enumerate(contracts):
        rows = result(document(price, lines, bills)).rows
        for column, row in enumerate(rows):
            net = row.after.contract_liability - row.after.contract_asset
            assert [each.amount for each in row.lines] == list(
                rolled.recognised[place : place + len(lines), column]
            )
            assert (row.revenue, net) == (
                rolled.revenue[number, column],
                rolled.closing[number, column],
            )
            assert (row.remaining.total, row.remaining.current) == (
                rolled.remaining[number, column],
                rolled.current[number, column],
            )
        place += len(lines)


def test_opening_plus_billed_less_recognised_is_closing():
    lines = [(100, Code.DAILY, FIRST, 300), (50, Code.MONTHLY, FIRST, 90)]
    rolled = rolled_of([(99_999, lines, [(FIRST, 70_000)])])

    assert (rolled.opening + rolled.billed - rolled.revenue == rolled.closing).all()
    assert (rolled.contract_liability - rolled.contract_asset == rolled.closing).all()
    assert rolled.recognised.sum() == 99_999


@pytest.mark.parametrize(
    ("contracts", "why"),
    [
        ([(-1, [(1, Code.DAILY, FIRST, 10)], [])], "negative"),
        ([(1, [(0, Code.DAILY, FIRST, 10)], [])], "more than zero"),
        ([(1, [], []), (1, [(1, Code.DAILY, FIRST, 10)], [])], "every contract needs a line"),
    ],
)
def test_columns_that_cannot_be_are_refused(contracts, why):
    with pytest.raises(Broken, match=why):
        rolled_of(contracts)
