"""What holds for every contract, whatever happens to it and in whatever order it is told."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.kernel.money import round_half_away
from tests.revenue.recognition.build import result, run
from tests.revenue.recognition.contracts import (
    FEW,
    RUNS,
    START,
    contracts,
    days,
    money,
    positive,
    total,
)


@RUNS
@given(contracts())
def test_lines_add_up_to_what_is_revenue_to_date(document):
    rows = result(document).rows

    sums: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        for line in row.lines:
            sums[line.obligation] += line.amount
            assert sums[line.obligation] == line.cumulative
        assert sum(line.amount for line in row.lines) == row.revenue
        assert row.after.revenue == sum(sums.values())


@RUNS
@given(contracts())
def test_the_ladder_reconciles_at_every_date(document):
    invoices = [e for e in document["events"] if e["type"] == "invoice"]
    payments = [e for e in document["events"] if e["type"] == "payment"]
    unit = {"minor": "0.01", "unit": "1"}.get(document["round_to"], document["round_to"])

    def grains(events, until):
        return sum(
            round_half_away(Fraction(e["amount"]) / Fraction(unit))
            for e in events
            if e["on"] <= until.isoformat()
        )

    for row in result(document).rows:
        at = row.after
        asked, paid = grains(invoices, row.ends_on), grains(payments, row.ends_on)
        assert at.billed == max(asked, paid)
        net = at.billed - at.revenue - at.passed_on
        assert net == at.contract_liability + at.refund_liability - at.contract_asset
        assert at.receivable == at.billed - paid >= 0
        assert min(at.contract_liability, at.contract_asset) == 0


@RUNS
@given(contracts())
def test_the_roll_forward_adds_up_and_goes_on(document):
    before = Decimal(0)
    for period in run(document).get("periods", []):
        moves = {key: Decimal(amount) for key, amount in period["roll_forward"].items()}
        opening, closing = moves.pop("opening"), moves.pop("closing")
        added = moves.pop("billed") + moves.pop("interest", 0)
        assert opening == before
        assert opening + added - sum(moves.values()) == closing
        before = closing


@RUNS
@given(contracts())
def test_debits_equal_credits_in_every_period(document):
    postings = run(document).get("postings", [])

    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in postings:
        sums[each["period"]] += Decimal(each.get("debit", 0)) - Decimal(each.get("credit", 0))
    assert not any(sums.values())


@RUNS
@given(contracts(), st.randoms())
def test_the_order_in_which_events_are_told_means_nothing(document, chance):
    events = list(document["events"])
    chance.shuffle(events)

    assert run(document | {"events": events}) == run(document)


@RUNS
@given(contracts())
def test_allocations_add_up_to_the_price_and_nothing_is_earned_beyond_them(document):
    found = result(document)
    last = found.rows[-1].ends_on

    now = found.history.standing(last)
    whole = found.history.completed(last)
    assert sum(now.allocated.values()) == now.price
    assert whole.price == now.price
    if found.history.book(last).end is None:
        assert sum(whole.earned.values()) == whole.price


@RUNS
@given(contracts())
def test_revenue_and_what_remains_are_what_there_is_to_earn(document):
    found = result(document)

    for row in found.rows:
        whole = found.history.completed(row.ends_on)
        assert found.history.standing(row.ends_on).total + row.remaining.total == whole.total
        assert row.remaining.total - row.remaining.undated >= 0 or any(
            part < 0 for part in whole.allocated.values()
        )


@FEW
@given(contracts(), days)
def test_as_of_a_day_periods_before_are_as_they_are_in_full(document, on):
    full = {row["period"]: row for row in run(document).get("periods", [])}

    for row in run(document | {"as_of": on}).get("periods", [])[:-1]:
        if row["period"] not in full:
            continue
        seen = {key: row[key] for key in ("revenue", "contract_liability", "contract_asset")}
        assert seen == {key: full[row["period"]][key] for key in seen}


@FEW
@given(contracts())
def test_longer_periods_hold_the_sum_of_shorter_ones(document):
    yearly = run(document | {"granularity": "year"})["periods"]
    monthly = run(document | {"granularity": "month"})["periods"]

    for year in yearly:
        months = [month for month in monthly if month["period"].startswith(year["period"])]
        assert Decimal(year["revenue"]) == total(months, "revenue")
        assert year["contract_liability"] == months[-1]["contract_liability"]


@RUNS
@given(
    contracts(),
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 400)), min_size=1, max_size=3),
)
def test_a_closed_period_never_changes(document, late):
    document = document | {"granularity": "month"}
    closed = START + timedelta(days=180)
    closing = {"closings": [{"until": "2026-06-30", "on": closed.isoformat()}]}
    before = run(document | closing)
    more = [
        {
            "type": "estimate",
            "on": (START + timedelta(days=on)).isoformat(),
            "recorded_on": (closed + timedelta(days=max(on, 1) + 1)).isoformat(),
            "variable": "late",
            "amount": amount,
            "id": str(number),
        }
        for number, (on, amount) in enumerate(late)
    ]
    price = document["transaction_price"]
    element = {"id": "late", "kind": "bonus", "amount": 0}
    price = price | {"variable": [*price["variable"], element]}
    changed = document | closing | {"transaction_price": price}
    changed["events"] = [*document["events"], *more]

    after = run(changed)

    def until_june(data):
        return [line for line in data["revenue"] if line["period"] <= "2026-06"]

    def amounts(lines):
        said = [(line["period"], line["obligation"], line["amount"]) for line in lines]
        return [each for each in said if Decimal(each[2])]

    assert amounts(until_june(after)) == amounts(until_june(before))


@RUNS
@given(contracts())
def test_what_a_closed_period_does_not_take_the_next_open_one_does(document):
    document = document | {"granularity": "month"}
    free, shut = run(document), run(document | {"closed_until": "2026-08-31"})

    closed = [row for row in shut["periods"] if row["period"] <= "2026-08"]
    assert all(Decimal(row["revenue"]) == 0 for row in closed)
    assert total(shut["periods"], "revenue") == total(free["periods"], "revenue")
    after = {row["period"]: row["revenue_to_date"] for row in free["periods"]}
    assert all(
        row["revenue_to_date"] == after[row["period"]]
        for row in shut["periods"]
        if row["period"] > "2026-08" and row["period"] in after
    )


@RUNS
@given(money, positive, positive, st.integers(1, 100), st.integers(0, 400))
def test_a_catch_up_is_as_if_it_had_been_so_from_the_start(price, first, second, percent, on):
    spent = str((Decimal(second) * percent / 100).quantize(Decimal("0.01")))
    work = {"type": "cost", "on": "2026-02-10", "amount": spent}
    change = {
        "type": "modification",
        "on": (START + timedelta(days=60 + on)).isoformat(),
        "treatment": "cumulative_catch_up",
        "price_change": "100.00",
        "change": [{"id": "x", "expected_cost": second}],
    }

    def final(price, cost, events):
        obligation = {"id": "x", "pattern": "cost_to_cost", "expected_cost": cost}
        document = {"transaction_price": price, "obligations": [obligation], "events": events}
        return run(document)["totals"]["revenue"]

    late = final(price, first, [work, change])
    assert late == final(str(Decimal(price) + 100), second, [work])
