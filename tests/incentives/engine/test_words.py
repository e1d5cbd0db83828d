"""What a person reads: why this amount, what a plan says, what to know before publishing."""

from datetime import date

import pytest

from app.incentives.engine import check, describe, difference, draw, recompute, sentence, table
from tests.incentives.engine.build import BRACKETS, event, plan, run
from tests.incentives.engine.test_rates import accelerator, growth, running

NB = "\u00a0"


def plain(text):
    return text.replace(NB, " ")


def test_a_marginal_line_says_which_slice_was_paid_at_which_rate():
    line = run(plan({"rates": running("marginal")}), event("a", "booked", 150_000)).lines[0]

    assert plain(sentence(line.trace)) == (
        "EUR 150,000.00 booked on 1 Feb 2026 under Reseller plan, version 1, Commission: "
        "5 % of EUR 100,000.00 (bracket EUR 0.00 to EUR 100,000.00), "
        "6 % of EUR 25,000.00 (bracket EUR 100,000.00 to EUR 125,000.00), "
        "7 % of EUR 25,000.00 (bracket from EUR 125,000.00). That is EUR 8,250.00."
    )
    assert [plain(row[3]) for row in table(line.trace)[1:]] == [
        "EUR 5,000.00",
        "EUR 1,500.00",
        "EUR 1,750.00",
        "EUR 8,250.00",
    ]


def test_a_refund_says_what_it_undoes():
    events = [event("a", "collected", 100), event("b", "refunded", 50, date(2026, 3, 1))]

    line = run(plan({"basis": "collected"}), *events).lines[1]

    assert plain(sentence(line.trace)) == (
        "EUR 50.00 refunded on 1 Mar 2026 undoes EUR 50.00 of event a (1 Feb 2026); "
        "what was paid on it is taken back in proportion. That is EUR -5.00."
    )


def test_a_late_fact_makes_an_adjustment_that_names_what_it_corrects():
    late, known = event("a", "booked", 90_000), event("b", "booked", 60_000, date(2026, 3, 1))
    marginal = plan({"rates": running("marginal")})
    before, after = run(marginal, known).lines, run(marginal, late, known).lines

    adjustments = difference(before, after)

    assert [(each.event_key, each.minor) for each in adjustments] == [
        ("a", 450_000),
        ("b", 75_000),
    ]
    assert adjustments[1].corrects == before[0].key
    assert [recompute(each.trace) for each in adjustments] == [450_000, 75_000]
    assert plain(sentence(adjustments[1].trace)) == (
        "Corrects event b of base: EUR 3,000.00 was calculated before, EUR 3,750.00 is right, "
        "which leaves EUR 750.00."
    )


def test_a_line_that_vanished_is_taken_back_whole():
    before = run(plan(), event("a", "booked", 100)).lines

    assert [each.minor for each in difference(before, [])] == [-1_000]


@pytest.mark.parametrize(
    ("rates", "codes"),
    [
        (running("marginal"), []),
        (running("marginal", brackets=[{"from": 100, "rate": "5%"}]), ["dead_zone"]),
        (running("marginal", brackets=[{"from": 0, "to": 9, "rate": "5%"}]), ["dead_zone"]),
        (
            running(
                "marginal",
                brackets=[{"from": 0, "to": 50, "rate": "5%"}, {"from": 60, "rate": "6%"}],
            ),
            ["gap"],
        ),
        (running("retroactive"), ["cliff", "cliff", "reversal"]),
        (growth("stepped"), ["dead_zone"]),
        (growth("whole"), ["dead_zone", "cliff", "cliff"]),
        (accelerator("sliced"), ["dead_zone"]),
        (accelerator("whole"), ["dead_zone", "cliff"]),
    ],
)
def test_the_author_is_warned_of_gaps_cliffs_and_dead_zones(rates, codes):
    assert [finding.code for finding in check(plan({"rates": rates}))] == codes


def test_a_cliff_says_how_far_the_amount_jumps():
    findings = check(plan({"rates": running("retroactive")}))

    assert plain(findings[0].words) == (
        "At EUR 100,000.00 the amount jumps by EUR 1,000.00, because the reached rate applies to "
        "the whole base."
    )


def test_a_plan_is_described_in_sentences():
    described = describe(
        plan(
            {
                "rates": {"mode": "retroactive", "reset": "year", "brackets": BRACKETS},
                "applies_to": {"all": [{"tier": ["gold"]}, {"not": {"country": ["US"]}}]},
                "caps": [{"per": "deal", "limit": "500"}],
                "timing": {"hold_days": 30},
            }
        )
    )

    assert [plain(line) for line in described][:5] == [
        "Reseller plan (reseller), version 1, pays in EUR from 1 Jan 2024.",
        "Commission: pays on booked amount, the whole of it.",
        "Commission: it applies where all of (tier is gold; not (country is US)).",
        "Commission: the reached bracket's rate on the whole running total, back to its start, "
        "counted over each calendar year: 5 % from EUR 0.00 to EUR 100,000.00; 6 % from "
        "EUR 100,000.00 to EUR 125,000.00; 7 % from EUR 125,000.00.",
        "Commission: the amount is at most EUR 500.00 for each deal.",
    ]


def test_a_draw_is_repaid_from_what_is_earned_above_it():
    periods = draw([20_000, 60_000, 120_000], 50_000)

    assert [each.paid for each in periods] == [50_000, 50_000, 100_000]
    assert [each.deficit for each in periods] == [30_000, 20_000, 0]
