"""Contracts of every kind, made at random: what holds for all of them is in test_properties."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

CALM = [HealthCheck.too_slow, HealthCheck.data_too_large]
RUNS = settings(deadline=None, suppress_health_check=CALM, max_examples=100)
FEW = settings(deadline=None, suppress_health_check=CALM, max_examples=40)
START = date(2026, 1, 1)
DAYS = 700
METHODS = [
    "daily", "monthly", "monthly_prorated", "calendar_months", "full_months", "half_month",
    "mid_month", "thirty_360", "instant",
]  # fmt: skip
REMAINDERS = ["cumulative", "last", "first", "largest"]

days = st.integers(0, DAYS).map(lambda number: (START + timedelta(days=number)).isoformat())
money = st.integers(0, 10**8).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
positive = st.integers(1, 10**8).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")


@st.composite
def spans(draw):
    start = START + timedelta(days=draw(st.integers(0, DAYS)))
    end = start + timedelta(days=draw(st.integers(0, 800)))
    return {
        "pattern": draw(st.sampled_from(METHODS)),
        "remainder": draw(st.sampled_from(REMAINDERS)),
        "start": start.isoformat(),
        "end": end.isoformat(),
    }


def _units(draw, when):
    made = {"quantity": draw(st.integers(len(when) or 1, 50))}
    if draw(st.booleans()):
        made["returns"] = {"rate": draw(st.sampled_from(["0%", "3%", "50%"]))}
        made["unit_cost"] = draw(money)
    return made, [{"type": "delivery", "on": on, "quantity": 1} for on in when]


def _usage(draw, when):
    made = {"pattern": "usage", "expected_quantity": draw(st.integers(1, 500))}
    return made, [{"type": "usage", "on": on, "quantity": draw(st.integers(0, 90))} for on in when]


def _cost(draw, when):
    made = {"pattern": "cost_to_cost", "expected_cost": draw(positive)}
    return made, [{"type": "cost", "on": on, "amount": draw(money)} for on in when]


def _milestones(draw, when):
    steps = [{"percent": 25}, {"percent": "50%"}, {"percent": 25}]
    reached = [
        {"type": "milestone", "on": on, "milestone": str(n)} for n, on in enumerate(when[:3], 1)
    ]
    return {"pattern": "milestones", "milestones": steps}, reached


def _percent(draw, when):
    told = [{"type": "progress", "on": on, "percent": draw(st.integers(0, 100))} for on in when]
    return {"pattern": "percent_complete"}, told


def _span(draw, when):
    return draw(spans()), []


def _open(draw, when):
    gone = [{"type": "delivery", "on": on, "quantity": draw(st.integers(0, 9))} for on in when]
    return {"unit_price": draw(money)}, gone


KINDS = (_span, _units, _usage, _cost, _milestones, _percent, _open)


@st.composite
def obligations(draw, name):
    """Return an obligation, and events that work on it."""
    kind = draw(st.sampled_from(KINDS))
    when = sorted(draw(st.lists(days, max_size=4, unique=True)))
    made, events = kind(draw, when)
    if kind is not _open:
        made["ssp"] = draw(positive)
        if draw(st.booleans()):
            made |= {"role": "agent", "commission_rate": draw(st.sampled_from(["10%", "1/3"]))}
    return {"id": name} | made, [event | {"obligation": name} for event in events]


@st.composite
def papers(draw):
    """Return invoices, and payments of some of them."""
    found = []
    for number in range(draw(st.integers(0, 3))):
        cents = draw(st.integers(1, 10**7))
        on = draw(st.integers(0, DAYS))
        name = f"I-{number}"
        found.append(_paper("invoice", on, cents) | {"id": name})
        paid = draw(st.integers(0, cents))
        if paid:
            found.append(_paper("payment", on + draw(st.integers(0, 60)), paid))
            found[-1] |= {"invoice": name, "id": name}
    return found


def _paper(kind, on, cents):
    amount = f"{cents // 100}.{cents % 100:02d}"
    return {"type": kind, "on": (START + timedelta(days=on)).isoformat(), "amount": amount}


@st.composite
def variables(draw):
    number = draw(st.integers(0, 2))
    found, events = [], []
    for place in range(number):
        kind = draw(st.sampled_from(["bonus", "penalty", "rebate"]))
        element = {"id": f"v{place}", "kind": kind, "amount": draw(st.integers(0, 500))}
        element["included"] = draw(st.booleans())
        found.append(element)
        for on in draw(st.lists(days, max_size=2, unique=True)):
            event = {"type": "estimate", "on": on, "variable": f"v{place}"}
            events.append(event | {"amount": draw(st.integers(0, 500))})
    return found, events


@st.composite
def modifications(draw):
    if not draw(st.booleans()):
        return []
    change = {
        "type": "modification",
        "on": draw(days),
        "treatment": draw(st.sampled_from(["prospective", "separate", "cumulative_catch_up"])),
        "price_change": draw(money),
        "add": [{"id": "new", "ssp": draw(positive)} | draw(spans())],
    }
    return [change]


@st.composite
def contracts(draw):
    """Return a whole contract; its events are in no order."""
    made, events = [], []
    for name in "abc"[: draw(st.integers(1, 3))]:
        obligation, work = draw(obligations(name))
        made.append(obligation)
        events += work
    elements, estimates = draw(variables())
    shared = any("ssp" in each for each in made)
    price = {"fixed": draw(money) if shared else 0, "variable": elements if shared else []}
    estimates = estimates if shared else []
    events += [*estimates, *draw(papers()), *draw(modifications())]
    if draw(st.integers(0, 5)) == 0:
        events.append(
            {"type": "cancellation", "on": (START + timedelta(days=DAYS + 61)).isoformat()}
        )
    return {
        "granularity": draw(st.sampled_from(["month", "quarter", "year"])),
        "round_to": draw(st.sampled_from(["minor", "unit", "0.05"])),
        "contract": {"inception": START.isoformat()},
        "transaction_price": price,
        "obligations": made,
        "events": draw(st.permutations(events)),
    }


def total(rows, name):
    return sum((Decimal(row[name]) for row in rows), Decimal(0))
