"""Files of many events print what they print when one event is taken after the other."""

import json
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli.incentives import columnar, commands
from tests.incentives.engine.build import BRACKETS, document

CHANCE = Random(5)  # noqa: S311  # samples, not secrets
PARTNERS = [
    {"id": name, "programme": "reseller", "tier": tier, "country": "DE"}
    for name, tier in (("a", "gold"), ("b", "silver"))
]


def one(number: int) -> dict[str, Any]:
    return {
        "key": f"e{number:03}",
        "kind": "booked",
        "on": f"2026-{CHANCE.randint(1, 12):02}-03",
        "order": f"o{number}",
        "partner": CHANCE.choice("ab"),
        "amount": f"{CHANCE.randint(1, 9_000_000) / 100:.2f}",
        "currency": "EUR",
    }


EVENTS = [one(number) for number in range(60)]
EVENTS += [each | {"key": f"x{each['key']}", "kind": "cancelled"} for each in EVENTS[:9]]
PLAN = document(
    {"rates": {"mode": "marginal", "reset": "year", "brackets": BRACKETS}},
    {"code": "gold", "applies_to": {"tier": "gold"}, "timing": {"hold_days": 30}},
)
FLAT = document({})


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command with all files as few events, and with all as many."""

    def do(verb, *arguments, **files):
        for name, told in files.items():
            (tmp_path / name).write_text(json.dumps(told))
        paths = [str(tmp_path / name) for name in files]
        found = []
        for most in (10**9, 0):
            monkeypatch.setattr(columnar, "MANY", most)
            found.append(CliRunner().invoke(commands, [verb, *paths, *arguments]))
        assert all(each.exit_code == 0 for each in found), found[0].output
        return [each.output for each in found]

    return do


TERMS = [
    {},
    {"applies_to": {"tier": "silver"}, "basis": "billed"},
    {"term": {"kind": "once", "anchor": "customer"}},
    {"caps": [{"per": "period", "period": "year", "limit": "2000"}]},
]


@pytest.mark.parametrize("form", ["csv", "text", "json"])
@pytest.mark.parametrize("terms", TERMS, ids=str)
def test_calculate_prints_the_same_lines_and_reasons(run, form, terms):
    plans = [PLAN, document(terms) | {"code": "other"}]
    facts = {"plans": plans, "partners": PARTNERS, "events": EVENTS}

    few, many = run("calculate", "--format", form, file=facts)

    assert few == many
    assert len(many.splitlines()) > 90


@pytest.mark.parametrize("form", ["csv", "text", "json"])
def test_several_currencies_are_converted_in_columns_too(run, form):
    foreign = [each | {"key": f"u{each['key']}", "currency": "USD"} for each in EVENTS[:30]]
    rate = {"from": "USD", "to": "EUR", "on": "2026-05-01", "rate": "0.9217"}
    facts = {"plans": [PLAN], "partners": PARTNERS, "events": EVENTS + foreign, "rates": [rate]}

    few, many = run("calculate", "--format", form, file=facts)

    assert few == many
    assert "event “ue" in many
    assert "There is no exchange rate from USD to EUR" in many


def test_simulate_prints_the_same_totals(run):
    facts = {"partners": PARTNERS, "events": EVENTS}

    few, many = run("simulate", facts=facts, plan_a=PLAN, plan_b=FLAT)

    assert few == many
    assert len(many.splitlines()) == 4


def test_a_missing_exchange_rate_is_mentioned_of_many_events_too(run):
    foreign = EVENTS[0] | {"key": "usd", "currency": "USD"}
    facts = {"plans": [FLAT], "partners": PARTNERS, "events": [*EVENTS, foreign]}

    few, many = run("calculate", "--format", "csv", file=facts)

    assert few == many
    assert "There is no exchange rate from USD to EUR" in many
