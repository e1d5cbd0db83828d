"""How long a component pays for an order or a customer, and how old that is."""

from datetime import date

import numpy as np

from app.incentives.engine.columns.arrays import NONE, Bools, Ints
from app.incentives.engine.columns.facts import Coded
from app.incentives.engine.columns.ordered import Ordered, by_day
from app.incentives.engine.columns.orders import by_order
from app.incentives.engine.plan import Term
from app.kernel.period import add_months


def subjects(facts: Ordered, anchor: str) -> Ints:
    """Return for each row a number that its partner and order, or customer, share."""
    if anchor == "order" or "customer_id" not in facts.facts.coded:
        return by_order(facts)
    return facts.read("customers", lambda: _customers(facts))


def started(facts: Ordered, rows: Ints, term: Term) -> Ints:
    """Return the day from which the term of each row is counted, given all rows it is open to."""
    on = facts.number("on").take(rows)
    if term.anchor == "customer":
        since = facts.number("customer_since").take(rows)
        on = np.where(since == NONE, on, since)
    _, first, group = np.unique(
        subjects(facts, term.anchor).take(rows), return_index=True, return_inverse=True
    )
    found: Ints = on.take(first).take(group.reshape(-1))
    return found


def still_runs(facts: Ordered, rows: Ints, begun: Ints, months: int) -> Bools:
    """Return which rows are dated within some months of the start of their term."""
    ends = by_day(begun, lambda day: add_months(day, months).toordinal())
    held: Bools = facts.number("on").take(rows) < ends
    return held


def ages(facts: Ordered, rows: Ints, begun: Ints) -> Ints:
    """Return the whole months between the start of each row's term and the row's day."""
    on = facts.number("on").take(rows)
    months = by_day(on, _month) - by_day(begun, _month)
    day = np.minimum(by_day(begun, lambda each: each.day), by_day(on, _days_in_month))
    found: Ints = months - (day > by_day(on, lambda each: each.day))
    return found


def _month(on: date) -> int:
    return on.year * 12 + on.month


def _days_in_month(on: date) -> int:
    first = on.replace(day=1)
    return (add_months(first, 1) - first).days


def _customers(facts: Ordered) -> Ints:
    """Number customers; an order without one counts as a customer of its order's name."""
    customers, orders = (facts.facts.coded[name] for name in ("customer_id", "order_id"))
    known = {word: code for code, word in enumerate(customers.values) if word}
    nameless = [
        known.get(word, len(customers.values) + code) for code, word in enumerate(orders.values)
    ]
    named = Coded(facts.codes("customer_id"), customers.values)
    has = np.array([bool(word) for word in customers.values]).take(named.codes)
    code = np.where(has, named.codes, np.array(nameless).take(facts.codes("order_id")))
    return facts.partner << 32 | code
