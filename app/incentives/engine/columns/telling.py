"""One line of the columns told as the plain engine does: with its trace, and checked against it.

The columns keep where an event stood. The plain engine is put there, works the one event out, and
has to come to the same cents.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.incentives.engine.columns.arrays import Ints
from app.incentives.engine.columns.chains import counting_over
from app.incentives.engine.columns.lines import LineColumns
from app.incentives.engine.columns.orders import by_order
from app.incentives.engine.columns.payment import PARTS
from app.incentives.engine.columns.settings import Setting
from app.incentives.engine.columns.terms import subjects
from app.incentives.engine.facts import CreditedEvent
from app.incentives.engine.gates import gated
from app.incentives.engine.knowledge import collection_days, with_orders
from app.incentives.engine.lines import Line, Trace
from app.incentives.engine.pay import consider
from app.incentives.engine.reverse import reverse
from app.incentives.engine.settle import settle
from app.incentives.engine.state import (
    Part,
    Place,
    Portion,
    Rates,
    State,
    cap_key,
    place_key,
    source_key,
)
from app.kernel.errors import Broken


@dataclass(frozen=True, slots=True)
class Told:
    """A line's event among those that matter to it, and its chain."""

    columns: LineColumns
    row: int
    setting: Setting
    event: CreditedEvent
    events: Sequence[CreditedEvent]

    def value(self, name: str, scale: int = 1) -> Fraction:
        """Return the exact value of one of the line's columns."""
        column = self.columns.columns.get(name)
        return Fraction(0 if column is None else int(column[self.row]), scale)

    @property
    def place(self) -> Place:
        """The line's plan version and component."""
        number = int(self.columns.columns["place"][self.row])
        found = next(each for each in self.setting.chain.places if each.number == number)
        return found.plan, found.component

    def state(self) -> State:
        """Return the plain engine's state before any event."""
        ordered = self.columns.ordered
        people, own = ordered.facts.people, self.event.partner_id
        partner = people.by_code[people.codes[own]]
        partners = {} if partner is None else {own: partner}
        rates, collected = Rates(ordered.facts.rates), collection_days(self.events)
        return State(list(self.events), ordered.today, partners, rates, collected)


def trace_of(columns: LineColumns, row: int) -> Trace:
    """Return the whole working of one line as data.

    :raises Broken: if the plain engine comes to another amount
    """
    return line_of(columns, row).trace


def lines_of(columns: LineColumns) -> tuple[Line, ...]:
    """Return all lines as ``calculate`` gives them."""
    told = [line_of(columns, row) for row in range(len(columns))]
    return tuple(sorted((*told, *columns.plain), key=lambda line: (line.earned_on, line.key)))


def line_of(columns: LineColumns, row: int) -> Line:
    """Return one line with its trace.

    :raises Broken: if the plain engine comes to another amount
    """
    told = _told(columns, row)
    made = _reversed(told) if row in columns.taken else _earned(told)
    part = PARTS[int(columns.columns["part"][row])]
    found = [line for line in made if line.part == part]
    if [line.minor for line in found] != [int(columns.minor[row])]:
        raise Broken(f"line {row} is not what the plain engine comes to")
    ordered = columns.ordered
    return gated(found, (), ordered.facts.blocks, ordered.today)[0]


def _told(columns: LineColumns, row: int) -> Told:
    fact = int(columns.columns["fact"][row])
    setting = columns.settings[int(columns.columns["place"][row])]
    ordered, facts = columns.ordered, columns.ordered.facts
    concerned = [fact, *(each.source for each in columns.taken.get(row, ()))]
    rows = _history(columns, concerned, setting.chain.first.term.anchor)
    events = with_orders(facts.event(each) for each in ordered.rows.take(rows).tolist())
    key = facts.coded["key"].at(fact)
    event = next(each for each in events if each.key == key)
    return Told(columns, row, setting, event, events)


def _history(columns: LineColumns, concerned: Sequence[int], anchor: str) -> Ints:
    """Return the rows of all orders of the facts' orders or customers, as their partner knows."""
    ordered = columns.ordered
    partner = int(ordered.facts.coded["partner_id"].codes[concerned[0]])
    start, stop = np.searchsorted(ordered.partner, [partner, partner + 1]).tolist()
    own = ordered.keep(("own", partner), lambda: ordered.part(start, stop))
    subject, orders = subjects(own, anchor), by_order(own)
    alike = np.isin(subject, subject[np.isin(own.rows, concerned)])
    rows: Ints = np.flatnonzero(np.isin(orders, orders[alike])) + start
    return rows


def _earned(told: Told) -> list[Line]:
    """Return what the plain engine pays for the event, standing where it stood."""
    event, state, place = told.event, told.state(), told.place
    state.started |= _considered(told).started
    scale = told.setting.pays.scale
    for what, caps, used in (
        ("base", place[1].base_caps, told.value("base_used", scale)),
        ("amount", place[1].caps, told.value("used")),
    ):
        for cap in counting_over(caps):
            state.used.add(cap_key(what, cap, place, event), event.on, used)
    state.totals.add(place_key(place, event.partner_id), event.on, told.value("before", scale))
    candidate = consider(state, place, event)
    if candidate is not None:
        settle(state, candidate)
    return state.lines


def _reversed(told: Told) -> list[Line]:
    """Return what the plain engine takes back, of what stood of the earlier events."""
    columns, event = told.columns, told.event
    facts = columns.ordered.facts
    keys = {facts.coded["key"].at(each.source): each for each in columns.taken[told.row]}
    state = _considered(told)
    state.sources = {key: each for key, each in state.sources.items() if each.event.key in keys}
    for key, taken in keys.items():
        paid = [line_of(columns, row) for row in _paid_on(told, taken.source)]
        parts = {line.part: Part(line.minor, line, taken.weight) for line in paid}
        source = state.sources[source_key(told.place, event.partner_id, key)]
        source.portions = [Portion(key, source.event.minor, parts)] if parts else []
    reverse(state, told.place, event)
    return state.lines


def _considered(told: Told) -> State:
    """Return the state after the earlier events were looked at, and nothing was paid."""
    state = told.state()
    for event in told.events:
        if event.sort_key >= told.event.sort_key:
            break
        for each in told.setting.chain.places:
            if each.plan.contains(event.on):
                consider(state, (each.plan, each.component), event)
                break
    return state


def _paid_on(told: Told, fact: int) -> list[int]:
    """Return the rows of the lines that the chain paid on a fact."""
    columns = told.columns
    facts = columns.columns["fact"]
    order = columns.ordered.keep("by fact", lambda: np.argsort(facts, kind="stable"))
    start, stop = np.searchsorted(facts, [fact, fact + 1], sorter=order).tolist()
    numbers = {place.number for place in told.setting.chain.places}
    rows = order[start:stop].tolist()
    return [
        row
        for row in rows
        if int(columns.columns["place"][row]) in numbers and row not in columns.taken
    ]
