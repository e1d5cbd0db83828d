"""A financing without obligations: paid, transferred, and zero at the end."""

import pytest

from tests.revenue.recognition.build import run


@pytest.mark.parametrize(
    ("paid_on", "paid", "transfer_on", "rate", "years"),
    [
        ("2026-01-01", "5000.00", "2028-01-01", "7%", [
            ["2026", "5000.00", "350.00", "0.00", "5350.00"],
            ["2027", "0.00", "374.50", "0.00", "5724.50"],
            ["2028", "0.00", "0.00", "5724.50", "0.00"],
        ]),
        ("2028-01-01", "121000.00", "2026-01-01", "10%", [
            ["2026", "0.00", "-10000.00", "100000.00", "-110000.00"],
            ["2027", "0.00", "-11000.00", "0.00", "-121000.00"],
            ["2028", "121000.00", "0.00", "0.00", "0.00"],
        ]),
    ],
)  # fmt: skip
def test_a_financing_alone_is_paid_transferred_and_ends_at_zero(
    paid_on, paid, transfer_on, rate, years
):
    financing = {
        "rate": rate, "payments": [{"on": paid_on, "amount": paid}], "transfer_on": transfer_on,
    }  # fmt: skip

    found = run({"granularity": "year", "financing": financing})

    columns = ("period", "paid", "interest", "recognised", "closing")
    assert [[row[name] for name in columns] for row in found["financing"]["schedule"]] == years
    assert found["totals"]["revenue"] == next(row[3] for row in years if row[3] != "0.00")
