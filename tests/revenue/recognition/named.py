"""Documents that together have every key that goes by another name."""

WHOLE = {
    "id": "C-1",
    "currency": "EUR",
    "granularity": "month",
    "as_of": "2027-12-31",
    "standard": "ifrs_15",
    "discounts": [{"obligations": ["support", "hosting"], "price": 800}],
    "contract": {"id": "C-1", "inception": "2026-01-01"},
    "transaction_price": {
        "fixed": 1000,
        "noncash": 10,
        "variable": [
            {"id": "bonus", "kind": "bonus", "method": "most_likely_amount",
             "obligations": ["support"],
             "outcomes": [{"amount": 50, "probability": "60%"},
                          {"amount": 0, "probability": "40%"}]},
            {"id": "fee", "kind": "penalty", "amount": 5},
        ],
        "payable_to_customer": [{"amount": 20, "paid_on": "2026-01-05"}],
    },
    "obligations": [
        {"id": "support", "ssp": 600, "pattern": "daily", "start": "2026-01-01",
         "end": "2026-12-31"},
        {"id": "hosting", "ssp": 300, "pattern": "monthly", "start": "2026-01-01", "months": 12},
        {"id": "unit", "unit_ssp": 10, "quantity": 10, "on": "2026-02-01"},
        {"id": "extra", "price": 80},
        {"id": "work", "ssp": 90, "pattern": "cost_to_cost", "expected_cost": 70},
        {"id": "calls", "ssp": 90, "pattern": "usage", "expected_quantity": 70},
        {"id": "site", "ssp": 90, "pattern": "percent_complete"},
    ],
    "events": [
        {"type": "invoice", "id": "I-1", "on": "2026-01-01", "amount": 400},
        {"type": "payment", "on": "2026-01-20", "amount": 400, "invoice": "I-1"},
        {"type": "credit_note", "on": "2026-01-21", "amount": 4, "invoice": "I-1"},
        {"type": "progress", "on": "2026-02-01", "obligation": "site", "percent": 25},
        {"type": "delivery", "on": "2026-02-01", "obligation": "extra"},
        {"type": "modification", "on": "2026-03-01", "price_change": 12,
         "add": [{"id": "more", "ssp": 12, "on": "2026-04-01"}],
         "change": [{"id": "hosting", "end": "2027-02-28"}]},
        {"type": "cancellation", "on": "2026-12-01"},
        {"type": "impairment", "on": "2026-11-01", "amount": 3},
        {"type": "impairment", "on": "2026-11-02", "amount": 2},
    ],
    "billing": {"first_on": "2026-06-01", "every": "month", "count": 2, "amount": 10},
    "costs": [{"id": "commission", "amount": 90, "incurred_on": "2026-01-01", "contract_years": 2}],
}  # fmt: skip
COSTED = {
    "costs": [
        {"id": "a", "amount": 9, "incurred_on": "2026-01-01", "expected_customer_years": 3},
        {"id": "b", "amount": 9, "incurred_on": "2026-01-01", "expected_customer_months": 5},
    ],
}
MORE = {
    "obligations": [
        {"id": "goods", "quantity": 100, "unit_price": 10, "unit_cost": 4,
         "returns": {"rate": "2%"}},
        {"id": "parts", "quantity": 100, "price": 10, "returns": {"expected_quantity": 3}},
        {"id": "api", "price": 90, "pattern": "usage", "expected_quantity": 70},
        {"id": "build", "price": 90, "pattern": "cost_to_cost", "expected_cost": 70},
    ],
    "events": [
        {"type": "delivery", "on": "2026-01-31", "obligation": "goods", "quantity": 5},
        {"type": "redemption", "on": "2026-01-31", "cumulative": 5},
        {"type": "estimate", "on": "2026-01-31", "expected_quantity": 80},
        {"type": "estimate", "on": "2026-01-31", "expected_cost": 80},
        {"type": "cost", "on": "2026-01-31", "amount": 8},
        {"type": "return", "on": "2026-02-01", "obligation": "goods", "quantity": 1},
        {"type": "expiry", "on": "2026-02-02", "obligation": "api"},
        {"type": "modification", "on": "2026-02-01", "price_change": 5, "change": [
            {"id": "goods", "add_quantity": 1}, {"id": "build", "expected_cost": 90}]},
    ],
    "costs": [
        {"id": "a", "amount": 9, "incurred_on": "2026-01-01", "contract_months": 7,
         "renewal_months": 7},
        {"id": "b", "amount": 9, "incurred_on": "2026-01-01", "contract_years": 1,
         "renewal_years": 1},
    ],
}  # fmt: skip
STEPS = {
    "obligations": [{"id": "m", "price": 9, "pattern": "milestones", "milestones": [40, 60]}],
    "events": [{"type": "milestone", "on": "2026-01-31", "milestone": 1}],
}
ALONE = {
    "schedule": {"amount": 12, "start": "2026-01-01", "months": 12, "method": "monthly"},
}
ENDING = {
    "schedule": {
        "amount": 12,
        "start": "2026-01-01",
        "end": "2026-12-31",
        "method": "daily",
        "invoice_date": "2026-01-05",
    },
}
FINANCED = {
    "financing": {"rate": "6%", "payments": [{"on": "2026-01-01", "amount": 4000}],
                  "transfer_on": "2028-01-01"},
}  # fmt: skip
