"""Totals by month are the sums of what each contract comes to by itself, plain or not."""

import json
from collections import defaultdict
from decimal import Decimal

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from app.cli.revenue import commands
from app.cli.revenue import totals as adding
from app.revenue.recognition import plain as plains
from app.revenue.recognition import read_document
from app.revenue.recognition.totals import Totals
from tests.revenue.recognition.build import exactly, run
from tests.revenue.recognition.contracts import FEW, contracts
from tests.revenue.recognition.refused import SCHEDULE
from tests.revenue.recognition.test_columns import contract, document

MOVES = {"billed": "billed", "recognised": "recognised"}
STANDS = {
    "contract_liability": "contract_liability", "contract_asset": "contract_asset",
    "remaining": "rpo", "current": "crpo",
}  # fmt: skip
WORK = {
    "transaction_price": 1200,
    "obligations": [{"id": "work", "pattern": "cost_to_cost", "expected_cost": 600}],
    "events": [{"type": "cost", "on": "2019-03-31", "amount": 90}],
}


def added(documents):
    totals = Totals()
    for each in documents:
        totals.add(read_document(exactly(each)), "")
    return totals


def found(documents):
    totals = added(documents)
    return {
        label: {name: Decimal(totals.grain.text(value)) for name, value in figures.items()}
        for label, figures in totals.months()
    }


def wanted(documents):
    """Add up the periods of each document; balances stay after its last one."""
    moved: dict[str, dict[str, Decimal]] = defaultdict(
        lambda: dict.fromkeys([*MOVES, *STANDS], Decimal(0))
    )
    for each in documents:
        before = dict.fromkeys(STANDS, Decimal(0))
        for period in run(each).get("periods", []):
            sums = moved[period["period"]]
            for name, key in MOVES.items():
                sums[name] += Decimal(period["roll_forward"][key])
            for name, key in STANDS.items():
                sums[name] += Decimal(period[key]) - before[name]
                before[name] = Decimal(period[key])
    at, rows = dict.fromkeys(STANDS, Decimal(0)), {}
    for label in sorted(moved):
        at = {name: value + moved[label][name] for name, value in at.items()}
        rows[label] = at | {name: moved[label][name] for name in MOVES}
    return rows


def assert_same(documents):
    totals, rows = found(documents), wanted(documents)
    for label, figures in totals.items():
        assert (
            figures["opening"] + figures["billed"] - figures["recognised"] + figures["other"]
            == (figures["closing"])
        )
        if label in rows:
            assert {name: figures[name] for name in rows[label]} == rows[label]
    assert set(rows) <= set(totals)


plain_documents = contract.map(lambda each: document(*each)).filter(
    lambda each: sum(Decimal(o["ssp"]) for o in each["obligations"])
)


@FEW
@given(st.lists(plain_documents, min_size=1, max_size=4))
def test_plain_contracts_add_up_in_columns(documents):
    assert all(plains.plain(read_document(exactly(each))) for each in documents)
    assert_same(documents)


@FEW
@given(st.lists(contracts().map(lambda each: each | {"round_to": "minor"}), max_size=3))
def test_any_contracts_add_up(documents):
    documents = [
        {key: value for key, value in each.items() if key not in ("granularity", "currency")}
        for each in documents
    ]

    assert_same([*documents, SCHEDULE, WORK])


@pytest.mark.parametrize(
    "more",
    [
        {"contract": {"inception": "2019-01-20"}},
        {"contract": {"criteria_met": False}},
        {"as_of": "2019-01-31"},
        {"costs": {"id": "c", "amount": 5, "contract_years": 1}},
        {"granularity": "quarter"},
        {"discounts": 1, "obligations": [{"ssp": 5}]},
        {"events": {"type": "payment", "on": "2019-01-31", "amount": 5}},
        {"events": {"type": "credit_note", "on": "2019-01-31", "amount": 5}},
        {"obligations": [{"ssp": 5, "on": "2019-01-15", "returns": {"rate": "5%"}}]},
        {"obligations": [{"ssp": 5, "on": "2019-01-15", "unit_cost": 1}]},
        {"obligations": [{"ssp": 5, "on": "2019-01-15", "remaining_obligation": False}]},
        {"obligations": [{"ssp": 5, "on": "2019-01-15", "recognised_before": 1}]},
        {"obligations": [{"ssp": 5, "on": "1901-01-15"}, {"ssp": 5, "on": "2019-01-15"}]},
    ],
)
def test_what_is_more_than_plain_goes_through_its_periods(more):
    base = {"transaction_price": 5, "obligations": [{"ssp": 5, "on": "2019-01-15"}]}

    assert plains.plain(read_document(exactly(base)))
    assert plains.plain(read_document(exactly(base | more))) is None


def test_contracts_that_lie_far_apart_are_added_one_by_one():
    ages = [
        {"transaction_price": 5, "obligations": [{"ssp": 5, "on": f"{year}-01-15"}]}
        for year in (1901, 2998)
    ]

    months = found(ages)
    assert months["1901-01"]["recognised"] == months["2998-01"]["recognised"] == 5
    assert months["2998-01"]["contract_asset"] == 10


@pytest.fixture
def print_of(tmp_path, monkeypatch):
    monkeypatch.setattr(adding, "BLOCK", 2)

    def runner(content, *options):
        file = tmp_path / "contracts.json"
        file.write_text(json.dumps(content))
        return CliRunner().invoke(commands, ["recognise", str(file), "--totals", *options])

    return runner


def test_the_command_prints_the_sums(print_of):
    printed = json.loads(print_of([SCHEDULE] * 5).stdout)

    assert (printed["contracts"], printed["obligations"]) == (5, 5)
    assert [each["recognised"] for each in printed["periods"]] == ["85.00", "70.00"]
    assert printed["periods"][0]["contract_liability"] == "70.00"
    assert "other" not in printed["periods"][0]
    assert json.loads(print_of(SCHEDULE).stdout)["contracts"] == 1


@pytest.mark.parametrize("form", ["csv", "text"])
def test_the_sums_are_printed_in_every_form(print_of, form):
    done = print_of({"documents": [SCHEDULE, WORK]}, "--format", form)

    assert (done.exit_code, "2019-03" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ([SCHEDULE] * 3 + [SCHEDULE | {"currency": "EUR"}], "[3].currency: It is not that of"),
        ([SCHEDULE] * 2 + [SCHEDULE | {"round_to": 1}], "[2].round_to: It is not that of"),
        ([SCHEDULE, SCHEDULE | {"granularity": "year"}], "[1].granularity: Totals are by month"),
        ([SCHEDULE, {"foo": 1}], "[1]: “foo” is not known here"),
        ({"transaction_price": "x"}, "transaction_price: “x” is not an amount"),
    ],
)
def test_what_cannot_be_added_up_is_refused(print_of, content, sentence):
    done = print_of(content)

    assert (done.exit_code, done.stdout) == (2, "")
    assert f"contracts.json: {sentence}" in done.stderr
