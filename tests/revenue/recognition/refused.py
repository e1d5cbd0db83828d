"""Documents that cannot be, each with a part of the sentence that says why."""

from typing import Any

SCHEDULE = {
    "schedule": {"amount": "31.00", "start": "2019-01-15", "end": "2019-02-14", "method": "daily"}
}
ALLOCATION = {
    "transaction_price": 100,
    "round_to": "unit",
    "obligations": {"A": 50, "B": 25, "C": 75},
}

ONE = {"transaction_price": 100, "obligations": [{"id": "a", "quantity": 10}]}


def events(*more, **document):
    return ONE | document | {"events": list(more)}


def event(kind, on="2026-01-31", **keys):
    return {"type": kind, "on": on, **keys}


BAD: list[tuple[Any, str]] = [
    ("{", "line 1 is not JSON"),
    ('{"transaction_price": NaN, "obligations": {"a": 1}}', "NaN is not a number"),
    ('{"id": "a", "id": "b"}', "“id” is given twice"),
    ({}, "There is nothing to compute"),
    ([], "At least 1 is needed here"),
    ({"transaction_price": 1, "obligations": {"a": 1}, "cost": 2}, "“cost” is not known here"),
    (
        {"obligations": [{"ssp": 0}, {"ssp": 0}], "transaction_price": 1},
        "total standalone selling price cannot be zero",
    ),
    (
        {"obligations": {"a": 1, "b": {}}, "transaction_price": 1},
        "obligations.b.ssp: The stand-alone selling price is missing",
    ),
    ({"obligations": {"a": {}, "b": {}}}, "“transaction_price” is missing"),
    (
        {"obligations": [{"id": "a"}, {"id": "a"}], "transaction_price": 1},
        "obligations[1]: “a” is there twice",
    ),
    (ONE | {"transaction_price": -1}, "transaction_price: It must not be negative"),
    (ONE | {"transaction_price": "12.345"}, "has 2 decimals; the amount has more"),
    (ONE | {"transaction_price": "1e30"}, "The amount is too large"),
    (ONE | {"transaction_price": "Infinity"}, "must be a finite number"),
    (ONE | {"transaction_price": True}, "Write the amount as text"),
    (ONE | {"currency": "XYZ"}, "currency: “XYZ” is not a currency code"),
    (ONE | {"currency": "JPY", "transaction_price": "1.5"}, "JPY has 0 decimals"),
    (ONE | {"round_to": 0}, "round_to: “minor”, “unit” or an amount above zero"),
    (ONE | {"granularity": "week"}, "granularity: One of day, month, quarter, year"),
    (ONE | {"as_of": "2026-02-30"}, "as_of: A day such as 2026-03-31"),
    (
        {"schedule": SCHEDULE["schedule"] | {"end": "2019-01-14"}},
        "schedule.end: The end is before the start",
    ),
    (
        {"schedule": SCHEDULE["schedule"] | {"months": 2}},
        "Give one of end (the last day), until (the first day after) or months",
    ),
    (
        {"schedule": SCHEDULE["schedule"] | {"method": "weekly"}},
        "schedule.method: One of daily, monthly",
    ),
    (ONE | SCHEDULE, "“schedule” is a whole contract by itself"),
    (
        {"transaction_price": 1, "obligations": [{"start": "2026-01-01", "months": 2}]},
        "“pattern” is missing",
    ),
    (
        {"transaction_price": 1, "obligations": [{"pattern": "cost_to_cost"}]},
        "“expected_cost” is missing",
    ),
    (
        {"transaction_price": 1, "obligations": [{"pattern": "usage"}]},
        "“expected_quantity” is missing",
    ),
    (
        {
            "transaction_price": 1,
            "obligations": [
                {"pattern": "milestones", "milestones": [{"percent": 40}, {"percent": 50}]}
            ],
        },
        "The percentages add up to 90, not to 100",
    ),
    (
        {
            "transaction_price": {
                "variable": [{"id": "v", "outcomes": [{"amount": 1, "probability": "50%"}]}]
            },
            "obligations": {"a": 1},
        },
        "The probabilities add up to 50 %, not to 100 %",
    ),
    (
        {
            "transaction_price": {"variable": [{"id": "v", "amount": 1, "obligations": ["z"]}]},
            "obligations": {"a": 1},
        },
        "transaction_price.variable[0].obligations[0]: There is no obligation “z”",
    ),
    (
        {
            "transaction_price": 1,
            "obligations": {"a": 1},
            "discounts": [{"obligations": ["z"], "amount": 1}],
        },
        "discounts[0].obligations[0]: There is no obligation “z”",
    ),
    (
        {"transaction_price": 5, "obligations": {"a": 10, "b": {"residual": True}}},
        "obligations.b.residual: Nothing is left for the residual",
    ),
    ({"obligations": [{"price": 100, "role": "agent"}]}, "An agent needs one of commission_rate"),
    (
        {"obligations": [{"price": 100, "role": "agent", "commission_rate": 10}]},
        "A share between 0 and 1",
    ),
    (
        {"transaction_price": 5, "obligations": [{"unit_price": 1}]},
        "transaction_price: No obligation shares a price",
    ),
    (
        ONE
        | {"granularity": "day", "contract": {"inception": "2000-01-01"}, "as_of": "2026-01-01"},
        "granularity: From 2000-01-01 to 2026-01-01 there are more than 4000 periods",
    ),
    (
        {
            "financing": {
                "rate": "500%",
                "payments": [{"on": "1900-01-01", "amount": 4000}],
                "transfer_on": "2026-01-01",
            }
        },
        "financing: At this rate what is paid grows beyond any amount",
    ),
    (
        {"transaction_price": 1, "obligations": [{"quantity": 0}]},
        "obligations[0].quantity: It must be above zero",
    ),
    (
        {
            "financing": {
                "payments": [{"on": "2026-01-01", "amount": 1}],
                "transfer_on": "2027-01-01",
            }
        },
        "Give a rate, or the cash selling price",
    ),
    (
        {"financing": {"rate": "6%", "payments": [{"on": "2026-01-01", "amount": 1}]}},
        "financing.transfer_on: Say when",
    ),
    (
        {
            "financing": {
                "cash_selling_price": 1,
                "payments": [{"on": "2026-01-01", "amount": 9}],
                "transfer_on": "2026-01-01",
            }
        },
        "No rate makes the payments worth it",
    ),
    ({"costs": [{"id": "c", "amount": 1}]}, "costs[0]: Say over which time it is amortised"),
    ({"costs": [{"id": "c", "amount": 1, "contract_years": "0.7"}]}, "Years that are whole months"),
    (
        ONE | {"closings": [{"until": "2026-01-31", "on": "2026-01-30"}]},
        "closings[0].on: A period cannot be closed before its last day",
    ),
]
