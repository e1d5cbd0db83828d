"""Taking back by volume where the tier, and so the table, changed within the period."""

import pytest

from tests.incentives.engine.build import document
from tests.incentives.engine.page import calculated
from tests.incentives.engine.samples import event

GOLD = [{"from": 0, "rate": "5%"}, {"from": 50000, "rate": "7.25%"}]
SILVER = [{"from": 0, "rate": "3%"}, {"from": 20000, "rate": "1/3"}]
TIERS = [{"tier": "gold", "from": "2025-01-01", "until": "2026-07-01"}]
PARTNER = {
    "id": "nord",
    "programme": "reseller",
    "tiers": [*TIERS, {"tier": "silver", "from": "2026-07-01"}],
}
RATES = {
    "mode": "marginal",
    "reset": "year",
    "by_tier": {"gold": {"brackets": GOLD}, "silver": {"brackets": SILVER}},
}
PLAN = document(
    {"basis": "collected", "rates": RATES, "reversal": {"mode": "full", "at": "by_volume"}}
)
SOLD = [
    event("first", "collected", 20_000, "2026-02-01"),
    event("second", "collected", 100, "2026-08-01"),
]


def refund(key, amount, on, of):
    return event(key, "refunded", amount, on, reverses=of)


@pytest.mark.parametrize(
    ("refunds", "amounts"),
    [
        # Without the first, the second is paid 3 % as silver: 3.00 of 1,033.33 stays.
        ([refund("r", 20_000, "2026-09-01", "first")], ["-1030.33"]),
        ([refund("r", 100, "2026-09-01", "second")], ["-33.33"]),
        # Half of the first leaves 5 % of 10,000, and 3 % of the second.
        ([refund("r", 10_000, "2026-09-01", "first")], ["-530.33"]),
        (
            [
                refund("r", 20_000, "2026-09-01", "first"),
                refund("s", 100, "2026-10-01", "second"),
            ],
            ["-1030.33", "-3.00"],
        ),
        ([event("r", "refunded", 20_100, "2026-09-01")], ["-1033.33"]),
    ],
)
def test_what_remains_is_what_the_smaller_volume_earns(tmp_path, refunds, amounts):
    told = {"plans": PLAN, "partners": [PARTNER], "events": SOLD + refunds}

    result = calculated(tmp_path, told)

    found = [line["amount"] for line in result["lines"]]
    assert found == ["1000.00", "33.33", *amounts]


@pytest.mark.parametrize("tables", [{"rate": "5%"}, {"by_tier": {"gold": {"rate": "5%"}}}])
def test_a_table_without_a_running_total_takes_its_own_rate_back(tmp_path, tables):
    terms = {"basis": "collected", "reversal": {"mode": "full", "at": "by_volume"}}
    plan = document({**terms, "rates": {"mode": "flat", **tables}})
    back = refund("r", 5_000, "2026-09-01", "first")
    told = {"plans": plan, "partners": [PARTNER], "events": [SOLD[0], back]}

    result = calculated(tmp_path, told)

    assert [line["amount"] for line in result["lines"]] == ["1000.00", "-250.00"]
