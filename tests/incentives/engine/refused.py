"""Files that cannot be true: what is changed of a good one, and the sentence that refuses it."""

from copy import deepcopy
from typing import Any

from tests.incentives.engine.samples import (
    BLOCK,
    COMPONENTS,
    PARTNER,
    RATE,
    component,
    event,
    plan_with,
)

SUED = {"id": "sued", "programme": "reseller"}


def good() -> dict[str, Any]:
    """Return a file that is fine: an order booked, billed and paid in part."""
    return deepcopy(
        {
            "plans": [plan_with(COMPONENTS[0])],
            "partners": [PARTNER, SUED],
            "events": [
                event("a", "booked", "1000"),
                event("b", "billed", "1000", invoice="I-1"),
                event("c", "collected", "800", invoice="I-1"),
            ],
            "rates": [RATE],
        }
    )


def part(rates=None, **over):
    """Return what changes the file's component."""
    return {"plans": [plan_with(component("C", rates or {"mode": "flat", "rate": "5%"}, **over))]}


def brackets(*given, mode="marginal", **over):
    """Return what changes the component's rate table."""
    return part({"mode": mode, "reset": "year", "brackets": list(given)} | over)


def draw(**over):
    """Return what gives the plan a draw."""
    terms = {"amount": 1, "period": "month", "recoverable": True} | over
    return {"plans": [plan_with(COMPONENTS[0]) | {"draw": terms}]}


def more(*events):
    """Return what adds events to the file."""
    return {"events": [*good()["events"], *events]}


def refund(amount, on="2026-03-01", **over):
    """Return a refund."""
    return event("r", "refunded", amount, on, **over)


FIVE = {"from": 0, "to": 200, "rate": "5%"}
CASES = [
    (part(colour="red"), "plans[0].components[0]: “colour” is not known here"),
    ({"colour": 1}, "“colour” is not known here; known are plans, partners, events, rates"),
    (more(event("x", "booked", 1, colour=1)), "events[3]: “colour” is not known here"),
    (
        part({"mode": "flat"}),
        "plans[0].components[0].rates: A flat table needs a rate or an amount",
    ),
    (brackets({"from": 0}), "components[0].rates.brackets[0]: “rate” is missing"),
    (part({"rate": "5%"}), "components[0].rates: “mode” is missing: say how the rates are applied"),
    (brackets(FIVE, {"from": 100, "rate": 1}), "rates.brackets: Two brackets overlap: [0] and [1]"),
    (brackets(FIVE, FIVE), "rates.brackets: Two brackets overlap: [0] and [1]"),
    (brackets(FIVE | {"to": 0}), "rates.brackets[0]: The bracket ends where it begins, or before"),
    (part({"mode": "marginal", "brackets": [FIVE]}), "components[0].rates: “reset” is missing"),
    (brackets(FIVE, mode="growth", baseline=1), "components[0].rates: “applies” is missing"),
    (
        brackets(FIVE, reset={"period": "rolling"}),
        "rates.reset: A rolling window is a number of months or of days",
    ),
    (
        brackets(FIVE, reset={"period": "fiscal_year", "start_month": 13}),
        "rates.reset.start_month: A month is a number from 1 to 12",
    ),
    (
        brackets(FIVE, reset={"period": "year", "months": 3}),
        "rates.reset.months: It does not belong to the period “year”",
    ),
    (
        brackets(FIVE, mode="on_excess", baseline=1, reset={"period": "rolling", "months": 3}),
        "rates.reset: A target or baseline belongs to a period, not to a window",
    ),
    (
        part(share={"by_role": {"a": "0.5", "b": "0.4"}}),
        "components[0].share.by_role: The shares add up to 90 %, not to 100 %",
    ),
    (
        part(share={"by_role": {"a": "0.5", "b": "0.6"}}),
        "components[0].share.by_role: The shares add up to 110 %; declare overlay",
    ),
    (
        more(
            event("x", "booked", 9, share="60%"),
            event("x", "booked", 9, share="50%", partner="sued"),
        ),
        "events[4].share: The shares of event “x” add up to 110 %",
    ),
    (
        more(
            event("x", "booked", 9, credited=5),
            event("x", "booked", 9, credited=5, partner="sued"),
        ),
        "events[4].credited: More than its amount is credited of event “x”",
    ),
    (
        more(event("x", "booked", 9), event("x", "booked", 8, partner="sued")),
        "events[4]: Event “x” has another kind, day, order, amount or currency at events[3]",
    ),
    (part({"mode": "flat", "rate": "Infinity"}), "rates.rate: “Infinity” is not a number"),
    (more(event("x", "booked", "NaN")), "events[3].amount: An amount must be a finite number"),
    (more(event("x", "booked", "1e99")), "events[3].amount: The amount is too large"),
    (more(event("x", "booked", -1)), "events[3].amount: It must not be negative"),
    (more(event("x", "booked", "0.001")), "events[3].amount: EUR has 2 decimals"),
    (more(event("x", "booked", True)), "events[3].amount: Write the amount as text"),
    (more(event("x", "booked", 1, currency="EUX")), "events[3].currency: “EUX” is not a currency"),
    (more(event("x", "shipped", 1)), "events[3].kind: One of booked, billed, collected"),
    (more(event("x", "booked", 1, "2026-02-30")), "events[3].on: A day such as 2026-03-31"),
    (more(event("x", "booked", 1, "9999-12-31")), "events[3].on: A day from 1900-01-01 on"),
    (
        more(event("x", "booked", 1, recorded_at="2026-02-01T00:00:00")),
        "events[3].recorded_at: A moment with its offset",
    ),
    (
        more(event("x", "collected", 1, invoice="I-9")),
        "events[3].invoice: There is no billed event of invoice “I-9”",
    ),
    (
        more(refund("800.01")),
        "events[3].amount: It takes back more than was collected on order “o”",
    ),
    (
        more(event("d", "collected", 9), refund(10, reverses="d")),
        "events[4].amount: It takes back more than was collected on event “d” by then",
    ),
    (
        more(refund(1, order="p")),
        "events[3].amount: It takes back more than was collected on order",
    ),
    (more(refund(1, reverses="z")), "events[3].reverses: There is no event “z”"),
    (
        more(refund(1, "2026-01-01", reverses="c")),
        "events[3].reverses: It is dated 1 Jan 2026, before what it takes back (1 Feb 2026, ",
    ),
    (more(refund(1, "2026-01-01")), "events[3].amount: It takes back more than was collected"),
    (
        more(event("x", "credited", 1001, "2026-03-01")),
        "events[3].amount: It takes back more than was billed on order “o”",
    ),
    (
        more(event("x", "cancelled", 1001, "2026-03-01")),
        "events[3].amount: It takes back more than was booked on order “o”",
    ),
    (
        more(event("a", "booked", "1000.01")),
        "events[3]: Event “a” of partner “nord” is told differently at events[0]",
    ),
    (
        more(event("a", "booked", 1000, "2026-02-02")),
        "events[3]: Event “a” of partner “nord” is told differently at events[0]",
    ),
    (
        more(event("x", "booked", 1, partner="w")),
        "events[3]: Partner “w” is not among",
    ),
    (
        {"partners": [PARTNER, SUED, PARTNER]},
        "partners[2]: Partner “nord” is told already, at partners[0]",
    ),
    (
        {"partners": [PARTNER | {"tiers": [{"tier": "a", "from": "2026-01-01"}] * 2}]},
        "partners[0].tiers[1]: It overlaps with partners[0].tiers[0]",
    ),
    ({"partners": [PARTNER | {"tier": "gold"}]}, "partners[0].tier: Give one tier for all time"),
    (
        {"rates": [RATE, RATE | {"rate": "0.9"}]},
        "rates[1]: The rate from USD to EUR of that day is told differently at rates[0]",
    ),
    ({"rates": [RATE | {"rate": 0}]}, "rates[0].rate: An exchange rate is above zero"),
    ({"blocks": [BLOCK | {"code": "bored"}]}, "blocks[0].code: One of dispute"),
    ({"closings": [{"until": "2026-03-01"}]}, "closings[0]: “at” is missing"),
    (
        {
            "closings": [
                {"until": "2026-03-01", "at": "2026-03-05T00:00:00Z"},
                {"until": "2026-02-01", "at": "2026-04-05T00:00:00Z"},
            ]
        },
        "The closing until 1 Feb 2026 follows the one until 1 Mar 2026",
    ),
    ({"plans": []}, "plans: At least one plan is needed"),
    (
        {"plans": [plan_with(COMPONENTS[0]), plan_with(COMPONENTS[0]) | {"version": 2}]},
        "Versions 1 and 2 of plan plan are both in force on 1 Jan 2024",
    ),
    (
        {"plans": [plan_with(COMPONENTS[0]) | {"currency": "BTC"}]},
        "currency: “BTC” is not",
    ),
    (part(caps=[{"per": "partner", "limit": 1}]), "caps[0]: Say over which period; “lifetime”"),
    (part(first_deals=3), "components[0].first_deals: Say in rates.reset when counting begins"),
    (
        part(reversal={"mode": "full", "on": ["certification_lapsed"]}),
        "components[0].reversal: “lapse” says what a lapse of certification takes back",
    ),
    (
        part(reversal={"mode": "full", "certification": "Cloud"}),
        "components[0].reversal.certification: Which certification is watched belongs to",
    ),
    (
        part({"mode": "flat", "rate": 1, "by_tier": {"gold": {"rate": 2}}}),
        "rates.by_tier.gold: “rate” is given for all tiers, too",
    ),
    (
        draw(period="lifetime"),
        "plans[0].draw.period: A draw is paid for each month, quarter or year",
    ),
    (
        draw(applies_to={"product": "pump"}),
        "plans[0].draw.applies_to: A draw belongs to a partner",
    ),
]
