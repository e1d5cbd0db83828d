"""Why a component pays nothing for an event: the first barrier in its way, in words."""

from datetime import date

from app.incentives.engine.base import Match, counts_units
from app.incentives.engine.facts import CreditedEvent
from app.incentives.engine.plan import Component, Measure, Per
from app.incentives.engine.predicates import Verdict
from app.incentives.engine.state import Key, State, place_key, start_of
from app.kernel.format import day
from app.kernel.period import add_months

Reason = tuple[str, str]
"""A stable code and a sentence."""


def foreign(state: State, component: Component, event: CreditedEvent) -> Reason | None:
    """Return why the event is none that the component looks at."""
    if event.partner_id not in state.partners:
        return "partner", "Nothing is known about this partner."
    basis, qualify = component.basis, component.table.qualify
    if event.kind is basis.event or (qualify is not None and event.kind is qualify.event):
        return None
    return "basis", f"It pays on {basis.event} amounts; this event is {event.kind}."


def barrier(state: State, match: Match, verdict: Verdict) -> Reason | None:
    """Return the first thing that keeps the component from paying for, or counting, the event."""
    event, plan = match.event, match.place[0]
    if not verdict.holds:
        return "applies_to", f"A condition failed: {verdict.failed}."
    if match.component.table.by_tier and match.table is match.component.table:
        tier = match.partner.tier_on(event.on)
        return "tier", f"No rates are declared for the tier “{tier or 'none'}”."
    if match.rate is None and not counts_units(match.table, match.component.basis):
        pair = f"{event.currency} to {plan.currency}"
        return "rate", f"There is no exchange rate from {pair} by {day(event.on)}."
    if match.share == 0:
        return "share", "None of it is credited to this partner."
    return _unpayable(state, match) if match.pays else None


def _unpayable(state: State, match: Match) -> Reason | None:
    component, event = match.component, match.event
    if component.basis.of is Measure.MARGIN and event.margin_minor is None:
        return "base", "It pays on the margin, which the event does not tell."
    if (words := _outside_term(state, match)) is not None:
        return "term", words
    if match.table.per is Per.ORDER and event.order_id in state.paid[once_key(match)]:
        return "repeated", "It pays once per order, and this order has been paid."
    limit, deals = component.first_deals, state.paid[deals_key(match)]
    if limit is not None and event.order_id not in deals and len(deals) >= limit:
        return "first_deals", f"It pays on the first {limit} deals only."
    return None


def _outside_term(state: State, match: Match) -> str | None:
    term, event = match.component.term, match.event
    started = started_on(state, match)
    if term.kind == "once" and state.paid[term_key(match)] - {event.key}:
        return f"It pays once per {term.anchor}, and has paid since {day(started)}."
    if term.kind == "months" and event.on >= add_months(started, term.months):
        return f"Its term of {term.months} months from {day(started)} is over."
    return None


def started_on(state: State, match: Match) -> date:
    """Return the day from which the term of the event's order, or customer, is counted."""
    term, event = match.component.term, match.event
    since = event.customer_since if term.anchor == "customer" else None
    return state.started.setdefault(term_key(match), since or event.on)


def term_key(match: Match) -> Key:
    """Return the key of what a term is counted for."""
    event, anchor = match.event, match.component.term.anchor
    subject = event.order_id if anchor == "order" else event.customer_id or event.order_id
    return "term", *place_key(match.place, event.partner_id), anchor, subject


def deals_key(match: Match) -> Key:
    """Return the key of the deals that were paid in the period."""
    start = start_of(match.component.table.reset, match.event.on)
    return "deals", *place_key(match.place, match.event.partner_id), start


def once_key(match: Match) -> Key:
    """Return the key of the orders that were paid once."""
    return "once", *place_key(match.place, match.event.partner_id)
