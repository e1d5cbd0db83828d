"""`flask revenue recognise`: what files give, and what is refused with exit status 2."""

import csv
import json
from decimal import Decimal
from io import StringIO

import pytest
from click.testing import CliRunner

from app.cli.revenue import commands
from tests.revenue.recognition.build import run as data_of
from tests.revenue.recognition.refused import ALLOCATION, BAD, SCHEDULE, event
from tests.revenue.recognition.refused_events import BAD_EVENTS


@pytest.fixture
def run(tmp_path):
    def runner(content, *options, name="contract.json"):
        file = tmp_path / name
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        return CliRunner().invoke(commands, ["recognise", str(file), *options])

    return runner


def test_prints_one_document_as_one_object(run):
    printed = json.loads(run(SCHEDULE).stdout)

    assert [line["amount"] for line in printed["revenue"]] == ["17.00", "14.00"]
    assert "explanation" not in printed


@pytest.mark.parametrize("content", [[SCHEDULE, ALLOCATION], {"documents": [SCHEDULE, ALLOCATION]}])
def test_prints_several_documents_as_a_list(run, content):
    printed = json.loads(run(content, "--explain").stdout)

    assert len(printed) == 2
    assert all(each["explanation"] for each in printed)


def test_prints_every_figure_as_a_row_of_csv(run):
    rows = list(csv.DictReader(StringIO(run(ALLOCATION, "--format", "csv").stdout)))

    amounts = {row["item"]: row["amount"] for row in rows if row["figure"] == "amount"}
    assert amounts == {"A": "33", "B": "17", "C": "50"}


def test_prints_tables_for_a_person(run):
    printed = run(SCHEDULE, "--format", "text", "--explain").stdout

    assert "2019-01" in printed
    assert "17.00" in printed
    assert "- The transaction price is 31.00" in printed


def test_as_of_looks_at_nothing_later(run):
    printed = json.loads(run(SCHEDULE, "--as-of", "2019-01-20").stdout)

    assert printed["totals"]["revenue"] == "6.00"
    assert printed["remaining_performance_obligations"]["total"] == "25.00"


@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow", ""])
def test_a_day_that_is_none_is_refused_in_one_sentence(run, day):
    done = run(SCHEDULE, "--as-of", day)

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"--as-of: “{day}” is not a day such as 2026-03-31.\n"


def test_prints_its_schema_without_a_file():
    done = CliRunner().invoke(commands, ["recognise", "--schema"])

    assert json.loads(done.stdout)["title"] == "Revenue recognition"
    assert done.exit_code == 0


@pytest.mark.parametrize(("content", "sentence"), [*BAD, *BAD_EVENTS])
def test_what_cannot_be_is_refused_with_file_and_path(run, content, sentence):
    done = run(content)

    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert done.stderr.startswith(str(done.stderr.split("contract.json")[0]) + "contract.json: ")
    assert done.stderr.count("\n") == 1


def test_a_document_within_a_list_is_named_by_its_place(run):
    done = run([ALLOCATION, {"transaction_price": "x", "obligations": {"a": 1}}])

    assert "[1].transaction_price: “x” is not an amount" in done.stderr


HEADER = "contract,obligation,price,pattern,start,end,ssp,invoiced_on,currency\n"
LINES = HEADER + (
    "C1,licence,100.00,point_in_time,2026-01-15,,150.00,,EUR\n"
    "C1,support,200.00,daily,2026-01-15,2026-03-15,300.00,2026-02-01,EUR\n"
    "C2,plan,90.00,monthly,2026-01-31,2026-04-30,,,EUR\n"
)


def test_a_csv_of_plain_contracts_is_rolled_forward_like_its_documents(run):
    first = {
        "transaction_price": "300.00",
        "obligations": {
            "licence": {"ssp": 150, "on": "2026-01-15"},
            "support": {"ssp": 300, "pattern": "daily", "start": "2026-01-15", "end": "2026-03-15"},
        },
        "events": [
            event("invoice", "2026-01-15", amount="100.00"),
            event("invoice", "2026-02-01", amount="200.00"),
        ],
    }
    second = {
        "schedule": {
            "amount": "90.00",
            "start": "2026-01-31",
            "end": "2026-04-30",
            "method": "monthly",
        }
    }

    printed = json.loads(run(LINES, name="lines.csv").stdout)

    assert (printed["contracts"], printed["obligations"], printed["currency"]) == (2, 3, "EUR")
    for name in ("contract_liability", "contract_asset", "remaining", "recognised"):
        wanted = sums(
            (first, second), {"remaining": "rpo", "recognised": "revenue"}.get(name, name)
        )
        found = {each["label"]: Decimal(each[name]) for each in printed["periods"]}
        assert {label: found[label] for label in wanted} == wanted


def sums(documents, name):
    found: dict[str, Decimal] = {}
    for document in documents:
        for period in data_of(document)["periods"]:
            before = found.get(period["period"], Decimal(0))
            found[period["period"]] = before + Decimal(period[name])
    return found


@pytest.mark.parametrize("form", ["csv", "text"])
def test_a_roll_forward_is_printed_in_every_form(run, form):
    done = run(LINES, "--format", form, name="lines.csv")

    assert (done.exit_code, "2026-02" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("C1,a,1.00,daily,2026-01-15,2026-01-14,,,EUR", "row 2, field end: is before the start"),
        ("C1,a,1.00,daily,2026-01-15,,,,EUR", "row 2, field end: is not a day"),
        ("C1,a,-1.00,daily,2026-01-15,2026-02-14,,,EUR", "field price: must not be negative"),
        ("C1,a,NaN,daily,2026-01-15,2026-02-14,,,EUR", "field price: An amount must be a finite"),
        ("C1,a,1.00,yearly,2026-01-15,2026-02-14,,,EUR", "field pattern: is none of"),
        ("C1,a,1.00,daily,2026-01-15,2026-02-14,,,XYZ", "“XYZ” is not a currency code"),
        (",a,1.00,daily,2026-01-15,2026-02-14,,,EUR", "field contract: is empty"),
        ("C1,a,1.00,daily,2026-01-15,2026-02-14,0,,EUR", "total standalone selling price"),
        ("C1,a,1.00,daily", "row 2: has 4 fields instead of 9"),
        (
            "C1,a,1.00,daily,2026-01-15,2026-02-14,,,EUR\nC1,b,1.00,daily,2026-01-15,2026-02-14,,,USD",
            "row 3, field currency: is not that of the rows above",
        ),
        (
            "C1,a,1,daily,2026-01-15,2026-02-14,,,EUR\nC2,a,1,daily,2026-01-15,2026-02-14,,,EUR\n"
            "C1,b,1,daily,2026-01-15,2026-02-14,,,EUR",
            "row 4, field contract: “C1” has rows further up",
        ),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_file_row_and_field(run, row, sentence):
    done = run(HEADER + row + "\n", name="lines.csv")

    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_a_csv_with_a_wrong_delimiter_is_refused(run):
    done = run(LINES.replace(",", ";"), name="lines.csv")

    assert (done.exit_code, "fields are split by commas" in done.stderr) == (2, True)
