"""A plan in sentences: every term that can be declared is said."""

import pytest

from app.incentives.engine import check, describe
from tests.incentives.engine.build import plan
from tests.incentives.engine.test_rates import running

ROLLING = {"period": "rolling", "months": 12}
LAPSE = {"mode": "full", "on": ["refunded", "certification_lapsed"], "lapse": "unreleased"}


def sentences(component, **over):
    return [text.replace("\u00a0", " ") for text in describe(plan(component, **over))]


@pytest.mark.parametrize(
    ("component", "sentence"),
    [
        (
            {"rates": running("marginal", reset={"period": "fiscal_year", "start_month": 4})},
            "each bracket's rate on its own slice of the running total, counted over each fiscal "
            "year counted from April: 5 % from EUR 0.00 to EUR 100,000.00; ",
        ),
        (
            {"rates": running("retroactive", reset=ROLLING)},
            "back to its start, counted over a rolling window of the last 12 months: ",
        ),
        (
            {"rates": {"mode": "flat", "by_tier": {"gold": {"rate": "8%"}}}},
            "for the tier gold: a flat 8 %.",
        ),
        (
            {"basis": "collected", "rates": running("retroactive", qualify="booked")},
            "each calendar year, on all of what is paid on, reached on booked amount: 5 % from",
        ),
        (
            {
                "rates": running(
                    "next_sale",
                    qualify={"event": "booked", "of": "quantity"},
                    brackets=[{"from": 10, "rate": "3%"}],
                )
            },
            "reached on booked quantity: 3 % from 10 units.",
        ),
        (
            {"share": {"by_role": {"a": "100%", "b": "20%"}, "overlay": True}},
            "by role: a 100 %, b 20 %, an overlay of 120 % in all.",
        ),
        (
            {"share": {"by_role": {"a": "25%"}, "remainder": "unpaid"}},
            "by role: a 25 %, the rest to nobody.",
        ),
        (
            {"spend_limit": {"limit": "900", "period": "quarter"}},
            "at most EUR 900.00 for all partners together in this component, over each calendar "
            "quarter.",
        ),
        (
            {
                "basis": {"event": "booked", "of": "quantity"},
                "rates": {"mode": "flat", "rate": "2"},
                "base_caps": [{"per": "deal", "limit": 12}],
            },
            "the base is at most 12 units for each deal.",
        ),
        (
            {"timing": {"minimum_payout": "50", "hold_days": 30}},
            "30 days of hold have passed; less than EUR 50.00 adds up until then.",
        ),
        (
            {"basis": "collected", "reversal": LAPSE},
            "a refund or a lapse of certification takes its part back in full, at the rate paid, a "
            "lapse only what is not payable by then.",
        ),
        (
            {"basis": "collected", "reversal": LAPSE | {"certification": ["Cloud", "Network"]}},
            "a refund or a lapse of the certification “Cloud” or “Network” takes its part back in",
        ),
        (
            {"reversal": {"mode": "pro_rata", "months": "contract"}},
            "a cancellation takes back the unexpired part of the contract, at the rate paid.",
        ),
        (
            {"stacking": {"group": "launch", "rule": "priority"}},
            "of the group launch only the first by priority pays.",
        ),
        (
            {"rates": {"mode": "flat", "amount": 9, "reset": "month"}, "first_deals": 3},
            "it pays on the first 3 deals of a partner, over each calendar month.",
        ),
        (
            {"applies_to": {"not": {"route": "registered"}}},
            "it applies where not (route is registered).",
        ),
    ],
)
def test_a_term_of_a_component_is_said(component, sentence):
    assert any(sentence in text for text in sentences(component))


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"minimum_payout": "50"}, "Less than EUR 50.00 is not paid out; it adds up until"),
        (
            {"spend_limit": {"limit": "900", "period": "lifetime"}},
            "at most EUR 900.00 for all partners together in the plan.",
        ),
        (
            {
                "draw": {
                    "amount": "500",
                    "period": "month",
                    "recoverable": True,
                    "from": "2026-02-01",
                    "applies_to": {"tier": "gold"},
                }
            },
            "Each partner is paid at least EUR 500.00 over each calendar month where tier is gold, "
            "from 1 Feb 2026; what is advanced is kept from later earnings above the draw.",
        ),
        (
            {"draw": {"amount": "500", "period": "quarter", "recoverable": False}},
            "Each partner is paid at least EUR 500.00 over each calendar quarter; what is advanced "
            "is not repaid.",
        ),
    ],
)
def test_a_term_of_the_plan_is_said(over, sentence):
    assert any(sentence in text for text in sentences({}, **over))


@pytest.mark.parametrize(
    ("component", "codes"),
    [
        ({"rates": {"mode": "flat", "rate": "1000%"}}, ["rate"]),
        ({"reversal": LAPSE | {"lapse": "all"}}, ["reversal"]),
        ({"reversal": LAPSE | {"lapse": "all", "within_days": 90}}, []),
        ({"rates": running("retroactive", reset=ROLLING)}, ["cliff", "cliff"]),
        ({"basis": "collected", "rates": running("retroactive", qualify="booked")}, ["cliff"] * 2),
        (
            {
                "rates": {
                    "mode": "marginal",
                    "reset": "year",
                    "by_tier": {"gold": {"brackets": [{"from": 100, "rate": "5%"}]}},
                }
            },
            ["dead_zone"],
        ),
    ],
)
def test_the_author_is_warned(component, codes):
    assert [finding.code for finding in check(plan(component))] == codes


def test_a_warning_names_the_tier_it_is_about():
    rates = {
        "mode": "marginal",
        "reset": "year",
        "by_tier": {"gold": {"brackets": [{"from": 100, "rate": "5%"}]}},
    }

    (finding,) = check(plan({"rates": rates}))

    assert finding.words == "For the tier gold: Nothing is paid below EUR\u00a0100.00."
