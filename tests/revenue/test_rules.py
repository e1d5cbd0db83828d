"""What is open, and what is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.money import Money
from app.revenue.rules import (
    InvoiceBalance,
    InvoiceState,
    MoreThanOpen,
    NotPositive,
    OrderBalance,
    OtherCurrency,
    WrongDay,
    check_amount,
    check_day,
    split_by_weight,
    state_of,
)

TODAY = date(2026, 3, 2)
PAST, AHEAD = date(2026, 3, 1), date(2026, 3, 3)


@pytest.mark.parametrize(
    ("balance", "open_", "creditable", "refundable"),
    [
        (InvoiceBalance(100), 100, 100, 0),
        (InvoiceBalance(100, credited=30), 70, 70, 0),
        (InvoiceBalance(100, paid=100), 0, 100, 100),
        (InvoiceBalance(100, paid=100, credited=40), 0, 60, 100),
        (InvoiceBalance(100, paid=100, credited=40, refunded=40), 0, 60, 60),
        (InvoiceBalance(100, paid=60, refunded=60), 100, 100, 0),
    ],
)
def test_what_is_open_on_an_invoice(balance, open_, creditable, refundable):
    assert (balance.open, balance.creditable, balance.refundable) == (open_, creditable, refundable)


@pytest.mark.parametrize(
    ("balance", "due_on", "state"),
    [
        (InvoiceBalance(100), AHEAD, InvoiceState.OPEN),
        (InvoiceBalance(100), TODAY, InvoiceState.OPEN),
        (InvoiceBalance(100), PAST, InvoiceState.OVERDUE),
        (InvoiceBalance(100, paid=1), AHEAD, InvoiceState.PARTLY_PAID),
        (InvoiceBalance(100, paid=1), PAST, InvoiceState.OVERDUE),
        (InvoiceBalance(100, paid=100), PAST, InvoiceState.PAID),
        (InvoiceBalance(100, credited=100), PAST, InvoiceState.CREDITED),
        (InvoiceBalance(100, credited=40, paid=60), PAST, InvoiceState.PAID),
    ],
)
def test_how_an_invoice_stands(balance, due_on, state):
    assert state_of(balance, due_on, TODAY) is state


def test_an_order_counts_net():
    balance = OrderBalance(1000, invoiced=900, credited=100, paid=700, refunded=50)

    assert (balance.billed, balance.collected) == (800, 650)
    assert (balance.unbilled, balance.unpaid) == (200, 150)


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [(Money(0, "EUR"), NotPositive), (Money(-1, "EUR"), NotPositive),
     (Money(11, "EUR"), MoreThanOpen), (Money(1, "USD"), OtherCurrency)],
)  # fmt: skip
def test_amounts_that_cannot_be(amount, refusal):
    with pytest.raises(refusal) as found:
        check_amount(amount, 10, "EUR", what="pay")
    assert found.value.errors[0].field == "amount"


@pytest.mark.parametrize("on", [date(2026, 3, 4), date(2026, 2, 1)])
def test_days_that_cannot_be(on):
    with pytest.raises(WrongDay):
        check_day(on, today=TODAY, after=date(2026, 2, 2), what="the invoice")


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**10), min_size=1, max_size=8))
def test_parts_add_up_to_the_whole_also_where_all_lines_are_worth_nothing(minor, weights):
    assert sum(split_by_weight(minor, weights)) == minor
