"""`flask revenue rate`: lines and total, in three forms; refusals with exit status 2."""

import csv
import json
from decimal import Decimal
from io import StringIO

import pytest
from click.testing import CliRunner

from app.cli.revenue import commands

DOCUMENT = {
    "currency": "EUR",
    "period": {"start": "2026-01-01", "until": "2026-02-01"},
    "charges": [
        {
            "name": "calls",
            "model": "graduated",
            "tiers": [{"up_to": 100, "unit_amount": "0.1"}, {"unit_amount": "0.0533"}],
        },
        {"name": "base", "model": "fixed", "amount": "99.00"},
    ],
    "usage": [{"charge": "calls", "at": "2026-01-05", "quantity": 251}],
}


@pytest.fixture
def run(tmp_path):
    def runner(content, *options, table=None):
        file = tmp_path / "usage.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        arguments = ["rate", str(file), *options]
        if table is not None:
            events = tmp_path / "events.csv"
            events.write_text(table)
            arguments += ["--usage", str(events)]
        return CliRunner().invoke(commands, arguments)

    return runner


def test_text_has_a_line_for_each_charge_and_the_total(run):
    done = run(DOCUMENT)

    assert done.stdout.splitlines() == [
        "calls  EUR 18.05  251 used  2026-01-01 to 2026-01-31  graduated",
        "base  EUR 99.00  2026-01-01 to 2026-01-31  fixed",
        "Total EUR 117.05",
    ]


def test_the_working_is_added_when_asked(run):
    shown = run(DOCUMENT, "--explain").stdout

    assert "251 used: 100 x 0.1 + 151 x 0.0533 = 18.0483, rounded to EUR 18.05" in shown
    assert ["tier", "100", "151", "0.0533", "8.0483"] in [
        line.split() for line in shown.splitlines()
    ]


def test_json_is_exact_and_adds_up(run):
    told = json.loads(run(DOCUMENT, "--format", "json").stdout)

    calls, base = told["lines"]
    assert (told["total"], told["total_minor"]) == ("117.05", 11705)
    assert (calls["exact"], calls["minor"], base["minor"]) == ("18.0483", 1805, 9900)
    assert sum(Decimal(row["amount"]) for row in calls["rows"]) == Decimal(calls["exact"])
    assert told["periods"] == [
        {"start": "2026-01-01", "until": "2026-02-01", "total": "117.05", "total_minor": 11705}
    ]


def test_csv_has_a_row_for_each_line(run):
    rows = list(csv.DictReader(run(DOCUMENT, "--format", "csv", "--explain").stdout.splitlines()))

    assert [(row["charge"], row["amount"], row["minor"]) for row in rows] == [
        ("calls", "18.05", "1805"), ("base", "99.00", "9900"),
    ]  # fmt: skip
    assert rows[0]["why"].startswith("251 used")


def test_usage_is_taken_from_a_table_as_well(run):
    done = run(
        DOCUMENT, table="charge,at,quantity,id\ncalls,2026-01-07,49,a\ncalls,2026-01-08,,b\n"
    )
    assert (done.exit_code, done.stdout) == (2, "")
    assert "events.csv, row 3, “quantity” is missing" in done.stderr

    done = run(DOCUMENT, table="charge,at,quantity,id\ncalls,2026-01-07,49,a\n")

    assert done.stdout.startswith("calls  EUR 20.66  300 used")


def test_a_table_alone_is_usage_enough(run):
    document = {"currency": "EUR", "model": "per_unit", "unit_amount": "0.5"}

    done = run(document, table="quantity\n1\n2.5\n")

    assert done.stdout.splitlines()[-1] == "Total EUR 1.75"


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("charge;quantity\na;1\n", "row 1: “charge;quantity” is not known here"),
        ("charge\tquantity\na\t1\n", "; fields are split by commas."),
        ("charge,units,quantity\ncalls,1,2\n", "row 2, “quantity” is there twice"),
        ("quantity\nmany\n", "row 2, quantity: “many” is not a number"),
        ("quantity\nNaN\n", "row 2, quantity: “NaN” is not a number"),
        ("quantity\n1\n-1\n", "row 3, quantity: It must not be below zero"),
        ("quantity,id\n1,a\n1,a\n", "row 3, The event “a” is there twice"),
        ("charge,quantity\nother,1\n", "row 2, charge: There is no charge “other”"),
        ("quantity\n1,2\n", "row 2: has 2 fields instead of 1"),
        ("quantity\n", "has no rows below its header"),
    ],
)
def test_a_table_that_cannot_be_is_refused_with_row_and_field(run, table, sentence):
    document = {"currency": "EUR", "model": "per_unit", "unit_amount": "0.5"}

    done = run(document, table=table)

    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[]", "usage.json: At least 1 is needed here"),
        ("{", "line 1 is not JSON"),
        (
            [DOCUMENT, {"currency": "EUR", "model": "per_unit", "price": "x"}],
            "usage.json: [1].charges[0].price: “x” is not a number",
        ),
        (
            [DOCUMENT, {"currency": "EURO", "model": "fixed", "amount": 1}],
            "usage.json: [1].currency: “EURO” is not a currency code",
        ),
        ('{"currency": "EUR", "currency": "USD"}', "“currency” is given twice"),
        ('{"currency": "EUR", "model": "per_unit", "unit_amount": NaN}', "NaN is not a number"),
        ({"currency": "EUR"}, "“charges” is missing"),
        ({**DOCUMENT, "currency": "XXX"}, "currency: “XXX” is not a currency code"),
        ({**DOCUMENT, "discount": 1}, "“discount” is not known here"),
        (
            {**DOCUMENT, "usage": [{"charge": "calls", "at": "2026-03-01", "quantity": 1}]},
            "usage[0]: at: 2026-03-01T00:00:00+00:00 lies in no period",
        ),
    ],
)
def test_a_document_that_cannot_be_meant_is_refused(run, content, sentence):
    done = run(content)

    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_prints_its_schema_without_a_file():
    done = CliRunner().invoke(commands, ["rate", "--schema"])

    assert json.loads(done.stdout)["title"] == "Usage to be rated"


def test_a_list_of_documents_is_rated_one_by_one(run):
    other = {"currency": "JPY", "model": "fixed", "amount": 70}
    both = [DOCUMENT, other]

    alone = [run(each).stdout for each in both]
    assert run(both).stdout == "\n".join(alone)
    objects = [json.loads(run(each, "--format", "json").stdout) for each in both]
    assert json.loads(run(both, "--format", "json").stdout) == objects
    rows = list(csv.DictReader(StringIO(run(both, "--format", "csv").stdout)))
    assert [(row["document"], row["amount"]) for row in rows] == [
        ("1", "18.05"), ("1", "99.00"), ("2", "70"),
    ]  # fmt: skip


def test_a_table_of_usage_belongs_to_one_document(run):
    done = run([DOCUMENT, DOCUMENT], table="quantity\n1\n")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "--usage belongs to a file of one document" in done.stderr
