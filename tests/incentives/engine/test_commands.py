"""`flask incentives`: what files give, and what is refused with exit status 2."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli.incentives import commands
from tests.incentives.engine.build import component, document

FACTS: dict[str, Any] = {
    "partners": [{"id": "nord", "programme": "reseller", "tier": "gold"}],
    "events": [
        {
            "key": "a",
            "kind": "booked",
            "on": "2026-02-01",
            "order": "o",
            "partner": "nord",
            "amount": "1000",
            "currency": "EUR",
        }
    ],
}


@pytest.fixture
def run(tmp_path):
    def runner(verb, *contents, options=()):
        files = []
        for number, content in enumerate(contents):
            files.append(tmp_path / f"{number}.json")
            text = content if isinstance(content, str) else json.dumps(content)
            files[-1].write_text(text)
        return CliRunner().invoke(commands, [verb, *map(str, files), *options])

    return runner


def test_calculate_prints_lines_with_their_reasons_as_json(run):
    content = {"plans": [document({})], **FACTS}

    done = run("calculate", content, options=["--format", "json", "--explain"])

    printed = json.loads(done.output)
    assert printed["totals"] == {"EUR": "100.00"}
    assert printed["lines"][0]["amount"] == "100.00"
    assert "10 % of" in printed["lines"][0]["why"]


@pytest.mark.parametrize("form", ["csv", "text"])
def test_calculate_prints_the_amount_in_every_form(run, form):
    done = run("calculate", {"plans": [document({})], **FACTS}, options=["--format", form])

    assert (done.exit_code, "100.00" in done.output) == (0, True)


def test_calculate_as_of_an_earlier_day_pays_nothing(run):
    content = {"plans": [document({})], **FACTS}

    done = run("calculate", content, options=["--as-of", "2026-01-31", "--format", "json"])

    assert json.loads(done.output)["lines"] == []


def test_check_prints_the_plan_as_sentences(run):
    done = run("check", document({}))

    assert "a flat 10 %." in done.output
    assert "No warnings." in done.output


def test_simulate_compares_two_plans_per_partner(run):
    better = component(rates={"mode": "flat", "rate": "12%"})

    done = run("simulate", FACTS, document({}), document(better))

    assert "nord,EUR,100.00,120.00,20.00" in done.output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "line 1 is not JSON"),
        ('{"plans": [], "plans": []}', "“plans” is given twice"),
        ('{"plans": NaN}', "NaN is not a number"),
        ({"plans": [], **FACTS}, "At least one plan is needed"),
        ({"plans": [document({"rate": 1})], **FACTS}, "plans[0].components[0]: “rate”"),
        ({"plans": [document({})], **FACTS, "more": 1}, "“more” is not known here"),
        ({"plans": [document({})], "partners": []}, "“events” is missing"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_path(run, content, sentence):
    done = run("calculate", content)

    assert done.exit_code == 2
    assert sentence in done.output
    assert done.output.count("\n") == 1
