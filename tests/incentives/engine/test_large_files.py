"""Files too large to be held print the very bytes of those that are, or are refused likewise."""

import json
from random import Random

import pytest
from click.testing import CliRunner

from app.cli.incentives import commands, gathering
from tests.incentives.engine.build import BRACKETS, document
from tests.incentives.engine.samples import event

PARTNERS = [
    {"id": name, "programme": "reseller", "tier": tier}
    for name, tier in (("nord", "gold"), ("sued", "silver"), ("west", "gold"), ("idle", "gold"))
]
RUNNING = {"rates": {"mode": "marginal", "reset": "year", "brackets": BRACKETS}}
SHARED = {"spend_limit": {"limit": "900", "period": "year"}}
PLANS = {
    "apart": document(RUNNING | {"basis": "collected", "share": "credit"}),
    "together": document({"basis": "collected"}, **SHARED),
    "draw": document(
        {"basis": "collected"}, draw={"amount": "100", "period": "month", "recoverable": True}
    ),
}
CLOSINGS = {"closings": [{"until": "2026-05-01", "at": "2026-05-02T00:00:00Z"}]}


def history(chance):
    """Return events that name one another: shared, billed, paid, refunded, corrected, twice."""
    found = []
    for number in range(12):
        order, day = f"o{number % 5}", f"2026-0{chance.randint(1, 6)}-1{number % 10}"
        own, other = chance.sample(["nord", "sued", "west"], 2)
        bill = event(f"b{number}", "billed", 500, day, order=order, partner=own)
        paid = event(f"c{number}", "collected", 400, day, order=order, partner=own)
        found += [bill | {"invoice": f"I-{number}"}, paid | {"invoice": f"I-{number}"}]
        if chance.random() < 0.5:
            found[-1] |= {"share": "60%"}
            found.append(found[-1] | {"partner": other, "share": "40%"})
        if chance.random() < 0.3:
            found.append(paid | {"amount": 450, "recorded_at": "2026-08-01T00:00:00Z"})
        if chance.random() < 0.4:
            back = event(f"r{number}", "refunded", 100, "2026-07-01", order=order, partner=own)
            found.append(back | {"reverses": f"c{number}"})
        if chance.random() < 0.3:
            note = event(f"n{number}", "credited", 50, "2026-07-02", order=order, partner=own)
            found.append(note | {"invoice": f"b{number}"})
        found.append(chance.choice(found))
    chance.shuffle(found)
    return found


def run(file, *options):
    return CliRunner().invoke(commands, ["calculate", str(file), *options])


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("more", [{}, CLOSINGS], ids=["open", "closed"])
@pytest.mark.parametrize("seed", range(6))
def test_what_is_printed_is_the_same(request, tmp_path, plan, more, seed):
    events = history(Random(seed))  # noqa: S311  # samples, not secrets
    file = tmp_path / "told.json"
    file.write_text(
        json.dumps({"events": events, "plans": PLANS[plan], "partners": PARTNERS} | more)
    )
    forms = [("--format", form) for form in ("csv", "text", "json")]
    forms.append(("--format", "json", "--explain"))

    held = [run(file, *form) for form in forms]
    request.getfixturevalue("streamed")
    streamed = [run(file, *form) for form in forms]

    assert [each.exit_code for each in held] == [0, 0, 0, 0], held[0].output
    assert [each.output for each in streamed] == [each.output for each in held]


@pytest.mark.usefixtures("streamed")
@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        ("apart", "4 events name one another by keys, orders or invoices, and at most 3 fit"),
        ("together", "4 events of all partners count together, and at most 3 fit into memory"),
    ],
)
def test_what_does_not_fit_into_memory_is_said(tmp_path, monkeypatch, plan, sentence):
    monkeypatch.setattr(gathering, "MOST", 3)
    order = {} if plan == "apart" else {"partner": "sued"}
    events = [event(f"e{n}", "collected", 10, order="o") for n in range(2)]
    events += [event(f"f{n}", "collected", 10, order="o", **order) for n in range(2)]
    file = tmp_path / "told.json"
    file.write_text(json.dumps({"plans": PLANS[plan], "partners": PARTNERS, "events": events}))

    done = run(file)

    assert (done.exit_code, done.stdout) == (2, "")
    assert f"told.json: events: {sentence}" in done.stderr


@pytest.mark.usefixtures("streamed")
def test_events_may_stand_before_the_partners_and_name_a_stranger(tmp_path):
    file = tmp_path / "told.json"
    told = [event("a", "booked", 10), event("b", "booked", 10, partner="nobody")]
    file.write_text(json.dumps({"events": told, "plans": document({}), "partners": PARTNERS}))

    done = run(file)

    assert (done.exit_code, done.stdout) == (2, "")
    assert "events[1]: Partner “nobody” is not among the partners." in done.stderr
