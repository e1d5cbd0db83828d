"""`flask incentives`: what each command prints, in every form."""

import json
import sys
from io import StringIO

import pytest
from click.testing import CliRunner

from app.cli.incentives import commands, watching
from tests.incentives.engine.build import component, document
from tests.incentives.engine.page import calculated, call
from tests.incentives.engine.samples import event

PARTNER = {"id": "nord", "programme": "reseller", "tier": "gold"}
FACTS = {"partners": [PARTNER], "events": [event("a", "booked", "1000")]}
WHOLE = {"plans": [document({})], **FACTS}
pytestmark = pytest.mark.usefixtures("either_way")


def test_calculate_prints_lines_with_their_reasons_as_json(tmp_path):
    printed = calculated(tmp_path, WHOLE)

    line = printed["lines"][0]
    assert printed["totals"] == {"EUR": "100.00"}
    assert (line["amount"], line["minor"], line["currency"]) == ("100.00", 10_000, "EUR")
    assert (line["earned_on"], line["payable_from"]) == ("2026-02-01", "2026-02-01")
    assert (line["plan"], line["version"], line["component"]) == ("reseller", 1, "base")
    assert "10 % of" in line["why"]
    assert line["trace"]["result"] == {"minor": 10_000, "currency": "EUR"}


@pytest.mark.parametrize("form", ["csv", "text"])
@pytest.mark.parametrize("explain", [(), ("--explain",)])
def test_calculate_prints_the_amount_in_every_form(tmp_path, form, explain):
    done = call(tmp_path, "calculate", WHOLE, options=("--format", form, *explain))

    assert (done.exit_code, "100.00" in done.stdout) == (0, True)
    assert ("10 % of" in done.stdout) is bool(explain)


def test_each_event_and_component_without_a_line_has_its_reason(tmp_path):
    silver = component(code="silver", applies_to={"tier": ["silver"]})
    printed = calculated(tmp_path, {"plans": document({}, silver), **FACTS})

    assert [(each["component"], each["code"], each["why"]) for each in printed["nothing"]] == [
        ("silver", "applies_to", "A condition failed: tier is silver (found: gold).")
    ]


def test_an_empty_run_says_why(tmp_path):
    silver = document({"applies_to": {"tier": "silver"}})

    done = call(tmp_path, "calculate", {"plans": silver, **FACTS})

    assert done.stdout == (
        "nord  nothing  base, event a: A condition failed: tier is silver (found: gold).\n"
    )


@pytest.mark.parametrize(
    ("as_of", "lines"), [("2026-01-31", 0), ("2026-02-01", 1), ("2026-02-01T00:00:00+00:00", 1)]
)
def test_calculate_as_of_a_day_or_a_moment(tmp_path, as_of, lines):
    assert len(calculated(tmp_path, WHOLE, "--as-of", as_of)["lines"]) == lines


def test_partners_apart_get_what_a_shared_limit_far_away_gives_them_together(tmp_path):
    names = ("west", "nord", "sued")
    partners = [PARTNER | {"id": name} for name in names]
    events = [event(f"e{n}", "booked", 10 + n, partner=name) for n, name in enumerate(names * 3)]
    limit = {"spend_limit": {"limit": 10**9, "period": "lifetime"}}
    facts = {"partners": partners, "events": events}

    apart = calculated(tmp_path, {"plans": document({}), **facts})
    together = calculated(tmp_path, {"plans": document({}, **limit), **facts})

    shown = [
        [(line["partner"], line["event"], line["amount"]) for line in each["lines"]]
        for each in (apart, together)
    ]
    assert shown[0] == shown[1]


def test_check_prints_the_plan_as_sentences(tmp_path):
    done = call(tmp_path, "check", document({}))

    assert "a flat 10 %." in done.stdout
    assert "No warnings." in done.stdout


def test_check_warns_and_still_ends_well(tmp_path):
    rates = {"mode": "flat", "rate": "1000%"}
    done = call(tmp_path, "check", {"plans": [document({"rates": rates})]})
    same = call(tmp_path, "check", document({"rates": rates}), options=("--format", "json"))

    assert (done.exit_code, same.exit_code) == (0, 0)
    assert "Warning (rate) in base: A rate of 1000 % pays more than the amount." in done.stdout
    (plan,) = json.loads(same.stdout)["plans"]
    assert [each["code"] for each in plan["warnings"]] == ["rate"]
    assert plan["sentences"][0].startswith("Reseller plan (reseller), version 1")


OVERLAP = [{"from": 0, "to": 200, "rate": "5%"}, {"from": 100, "rate": "6%"}]


def test_check_refuses_brackets_that_overlap(tmp_path):
    rates = {"mode": "marginal", "reset": "year", "brackets": OVERLAP}

    done = call(tmp_path, "check", document({"rates": rates}))

    assert (done.exit_code, done.stdout) == (2, "")
    assert "components[0].rates.brackets: Two brackets overlap: [0] and [1]." in done.stderr


BETTER = document({"rates": {"mode": "flat", "rate": "12%"}})


def test_simulate_compares_two_plans_per_partner(tmp_path):
    done = call(tmp_path, "simulate", FACTS, document({}), {"plans": [BETTER]})

    assert done.stdout == (
        "partner,currency,plan_a,plan_b,difference\n"
        "nord,EUR,100.00,120.00,20.00\n"
        "all,EUR,100.00,120.00,20.00\n"
    )


def test_simulate_says_who_gains_and_who_loses(tmp_path):
    as_json = call(tmp_path, "simulate", FACTS, document({}), BETTER, options=("--format", "json"))
    as_text = call(tmp_path, "simulate", FACTS, BETTER, document({}), options=("--format", "text"))

    found = json.loads(as_json.stdout)
    assert (found["winners"], found["losers"], found["unchanged"]) == (1, 0, 0)
    assert found["totals"][0]["difference"] == "20.00"
    plain = as_text.stdout.replace("\u00a0", " ")
    assert "nord: EUR 120.00 becomes EUR 100.00, EUR 20.00 less." in plain
    assert "0 gain, 1 lose, 0 stay the same." in plain


@pytest.mark.parametrize(
    ("verb", "title"),
    [
        ("calculate", "Plans and facts to calculate"),
        ("check", "Incentive plan version"),
        ("simulate", "Facts for incentives"),
        ("recompute", "What flask incentives calculate prints as JSON"),
    ],
)
def test_each_command_prints_the_schema_of_its_file_without_one(verb, title):
    done = CliRunner().invoke(commands, [verb, "--schema"])

    assert (done.exit_code, json.loads(done.stdout)["title"]) == (0, title)


class Terminal(StringIO):
    """Standard error as people see it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("count", "is_shown"), [(1_999, False), (2_000, True)])
def test_many_events_are_counted_on_a_terminal(monkeypatch, count, is_shown):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    assert list(watching.watch(list(range(count)))) == list(range(count))
    assert (f"{count} to go" in terminal.getvalue()) is is_shown


@pytest.mark.parametrize("words", [["calculate"], ["simulate"]])
def test_what_is_left_out_for_want_of_an_exchange_rate_is_mentioned(tmp_path, words):
    facts = {"partners": [PARTNER], "events": [event("a", "booked", "1000", currency="USD")]}
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(document({})))
    file = tmp_path / "facts.json"
    whole = words == ["calculate"]
    file.write_text(json.dumps({"plans": [document({})], **facts} if whole else facts))

    done = CliRunner().invoke(commands, [*words, str(file), *([] if whole else [str(plan)] * 2)])

    assert done.exit_code == 0
    assert "rates: event “a” is left out. There is no exchange rate from USD" in done.stderr


@pytest.mark.parametrize(("count", "said"), [(100, 100), (101, 101), (150, 101)])
def test_of_many_events_left_out_the_first_are_named_and_the_others_counted(tmp_path, count, said):
    plan = document({}, {"code": "other"})
    events = [event(f"e{n:03}", "booked", 10, currency="USD", order=f"o{n}") for n in range(count)]

    done = call(tmp_path, "calculate", {"plans": plan, "partners": [PARTNER], "events": events})

    lines = done.stderr.splitlines()
    assert (len(lines), "event “e000” is left out" in lines[0]) == (said, True)
    if count > 100:
        assert lines[-1].endswith(f"rates: {count - 100} more events are left out likewise.")
