"""Usage, periods and bounds: which event counts where, and what is refused."""

from fractions import Fraction

import pytest

from app.kernel.reading import DocumentRefused
from app.revenue import rating
from app.revenue.rating import UsageRefused

JANUARY = {"start": "2026-01-01", "until": "2026-02-01"}
FEBRUARY = {"start": "2026-02-01", "until": "2026-03-01"}


def document(**over):
    return {"currency": "EUR", "model": "per_unit", "unit_amount": 1, **over}


def billed(given):
    return rating.bill(*rating.read_sheet(given))


def quantities(given):
    return [line.quantity for line in billed(given).lines]


EVENTS = [
    {"at": "2026-01-10", "quantity": 5, "value": "a"},
    {"at": "2026-01-05T23:30:00-02:00", "quantity": 8, "value": "b"},
    {"at": "2026-01-10", "quantity": 2, "value": "a"},
    {"at": "2026-02-01", "quantity": 1, "value": "a"},
]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("sum", [15, 1]), ("count", [3, 1]), ("max", [8, 1]), ("latest", [2, 1]),
        ("unique_count", [2, 1]),
    ],
)  # fmt: skip
def test_events_become_the_quantity_of_their_period(kind, expected):
    given = document(aggregation=kind, events=EVENTS, periods=[JANUARY, FEBRUARY])

    assert quantities(given) == expected


def test_a_period_ends_before_the_midnight_of_its_last_day():
    before = {"at": "2026-01-31T23:59:59.999999+00:00", "quantity": 1}
    after = {"at": "2026-02-01T00:59:59+01:00", "quantity": 2}

    given = document(events=[before, after], periods=[JANUARY, FEBRUARY])

    assert quantities(given) == [3, 0]


def test_a_level_goes_on_from_one_period_to_the_next():
    given = document(
        aggregation="time_weighted",
        values="levels",
        events=[{"at": "2026-01-30", "quantity": 31}],
        periods=[JANUARY, FEBRUARY],
    )

    assert quantities(given) == [2, 31]


def test_a_level_cannot_fall_below_zero():
    given = document(
        aggregation="time_weighted",
        values="changes",
        opening=1,
        period=JANUARY,
        events=[{"at": "2026-01-30", "quantity": -2}],
    )

    with pytest.raises(UsageRefused, match="falls below zero at 2026-01-30"):
        billed(given)


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"events": [{"quantity": 1}], "period": JANUARY}, r"events\[0\]: at: A day or moment"),
        ({"events": [{"at": "2025-12-31", "quantity": 1}], "period": JANUARY}, "in no period"),
        ({"events": [{"quantity": -1}]}, "quantity: It must not be below zero"),
        ({"events": [{}]}, "“quantity” is missing"),
        ({"events": [{"quantity": 1}], "aggregation": "unique_count"}, "value: What is counted"),
        ({"quantity": 1, "aggregation": "max"}, "Events are needed for max"),
        ({"quantity": 1, "periods": [JANUARY, FEBRUARY]}, "give quantities, one for each"),
        ({"quantities": [1], "periods": [JANUARY, FEBRUARY]}, "1 are given for 2 periods"),
        ({"quantity": 1, "periods": [FEBRUARY, JANUARY]}, r"periods\[1\]: It must begin where"),
        ({"quantity": 1, "period": JANUARY, "periods": [JANUARY]}, "either period or periods"),
        ({"quantity": 1, "period": {"start": "2026-01-01", "until": "2026-01-01"}}, "before it"),
        ({"quantity": 1, "active": JANUARY}, "active needs a period"),
        ({"quantity": 1, "period": JANUARY, "prorate": True}, "prorate needs the days"),
        ({"quantity": 1, "opening": 2}, "for time_weighted usage only"),
        ({"events": [], "aggregation": "time_weighted", "period": JANUARY}, "levels or changes"),
        ({"events": [], "aggregation": "time_weighted", "values": "levels"}, "needs a period"),
        ({"quantity": 1, "usage": [{"quantity": 1}]}, "given as a quantity already"),
        ({"usage": [{"charge": "other", "quantity": 1}]}, "There is no charge “other”"),
        ({"quantity": "1e400"}, "is not a number"),
        ({"quantity": True}, "Write the number as text"),
        ({"quantity": 1, "currency": "EURO"}, "“EURO” is not a currency code"),
        (
            {"active": FEBRUARY, "events": [{"at": "2026-01-05", "quantity": 1}],
             "periods": [JANUARY, FEBRUARY]},
            "outside the days that are charged",
        ),
    ],
)  # fmt: skip
def test_usage_that_cannot_be_is_refused(over, sentence):
    with pytest.raises(DocumentRefused, match=sentence):
        billed(document(**over))


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"model": "fixed", "amount": 1, "quantity": 1}, "A fixed amount has no usage"),
        ({"model": "fixed", "amount": 1, "usage": [{"quantity": 1}]}, "it has no usage"),
        (
            {"model": "percentage", "rate": "1%", "aggregation": "max", "events": []},
            "the aggregation is sum",
        ),
        (
            {"model": "commitment", "committed_amount": 1, "committed_units": 1,
             "overage": {"model": "fixed", "amount": 1}, "quantity": 1},
            "overage.model: One of per_unit",
        ),
        (
            {"model": "commitment", "committed_amount": 1, "quantity": 1, "billing": "true_up",
             "price": {"model": "per_unit", "unit_amount": 1}},
            "billing: A true-up needs",
        ),
        (
            {"model": "commitment", "committed_amount": 1, "quantity": 1, "term": "whole",
             "rollover": {"periods": 1}, "price": {"model": "per_unit", "unit_amount": 1}},
            "rollover: Over the whole term",
        ),
        (
            {"model": "commitment", "committed_amount": 1, "quantity": 1, "term": "whole",
             "minimum_amount": 1, "price": {"model": "per_unit", "unit_amount": 1}},
            "takes no minimum or maximum",
        ),
        (
            {"model": "commitment", "committed_amount": 1, "committed_units": 1, "quantity": 1,
             "overage_premium": "10%", "overage": {"model": "per_unit", "unit_amount": 1}},
            "overage_premium: It cannot stand beside",
        ),
        ({"model": "tiered", "quantity": 1}, "model: “tiered” has two meanings: say graduated or"),
        ({"model": "stairs", "quantity": 1}, "model: One of per_unit"),
        (
            {"charges": [{"model": "fixed", "amount": 1}, {"model": "fixed", "amount": 2}]},
            r"charges\[0\]: “name” is missing",
        ),
        (
            {"charges": [{"name": "a", "model": "fixed", "amount": 1}] * 2},
            r"charges\[1\]: The name “a” is there twice",
        ),
    ],
)  # fmt: skip
def test_a_charge_that_cannot_be_meant_is_refused(over, sentence):
    with pytest.raises(DocumentRefused, match=sentence):
        billed({"currency": "EUR", **over})


class TestPartOfAPeriod:
    def test_what_is_fixed_is_cut_to_the_active_days(self):
        given = {
            "currency": "EUR",
            "periods": [JANUARY, FEBRUARY],
            "charges": [
                {
                    "name": "c",
                    "model": "commitment",
                    "committed_amount": 310,
                    "committed_units": 31,
                    "overage": {"model": "per_unit", "unit_amount": 20},
                    "active": {"start": "2026-01-22", "until": "2026-02-01"},
                    "prorate": True,
                    "quantities": [12, 0],
                },
            ],
        }

        (line,) = billed(given).lines

        assert line.exact == 100 + 2 * 20

    @pytest.mark.parametrize(("prorate", "expected"), [(True, 15), (False, 31)])
    def test_a_minimum_is_prorated_only_where_declared(self, prorate, expected):
        given = document(
            quantity=1,
            minimum_amount=31,
            period=JANUARY,
            active={"start": "2026-01-17", "until": "2026-05-01"},
            prorate=prorate,
        )

        (line,) = billed(given).lines

        assert line.exact == expected


class TestRounding:
    @pytest.mark.parametrize(
        ("currency", "price", "minor"), [("EUR", "0.005", 1), ("JPY", "0.5", 1), ("BHD", "1", 1000)]
    )
    def test_is_once_and_half_away_from_zero_in_the_currency(self, currency, price, minor):
        found = billed(document(currency=currency, unit_amount=price, quantity=1))

        assert found.minor == minor

    def test_a_tier_is_not_rounded_by_itself(self):
        tiers = [{"up_to": 1, "unit_amount": "0.004"}, {"unit_amount": "0.004"}]

        found = billed({"currency": "EUR", "model": "graduated", "tiers": tiers, "quantity": 3})

        assert (found.lines[0].exact, found.minor) == (Fraction("0.012"), 1)


class TestMinimumOfAll:
    def test_adds_a_line_to_the_periods_that_stay_below_it(self):
        given = {
            "currency": "EUR",
            "periods": [JANUARY, FEBRUARY],
            "minimum_amount": "100",
            "charges": [
                {"name": "a", "model": "per_unit", "unit_amount": 1, "quantities": [60, 90]},
                {"name": "b", "model": "fixed", "amount": 20},
            ],
        }

        found = billed(given)

        assert [(line.charge, line.minor) for line in found.lines][-1] == ("minimum_amount", 2000)
        assert len(found.lines) == 5
        assert found.minor == 21000
