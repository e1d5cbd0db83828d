"""Why events pay nothing, told beside lines that are known already.

Most reasons follow from the event, its partner and the plan alone: the wrong kind of event, a
condition that fails, a tier without rates, no exchange rate. They can be told without calculating
everything again. The others (a cap that is used up, a term that is over, another component that
pays instead) depend on what was paid before.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime

from app.incentives.engine.calculate import no_plan
from app.incentives.engine.competing import InForce
from app.incentives.engine.facts import UNDOING, CreditedEvent, Facts
from app.incentives.engine.knowledge import known, with_orders
from app.incentives.engine.lines import Line, Nothing
from app.incentives.engine.pay import consider
from app.incentives.engine.plan import Component, Per, PlanVersion
from app.incentives.engine.reverse import reverse
from app.incentives.engine.state import Place, Rates, State, source_key
from app.incentives.engine.taking import undoes

AT_ONCE = frozenset({"partner", "basis", "applies_to", "tier", "rate", "share", "base"})
"""Codes of reasons that do not depend on what was paid before, as ``consider`` gives them."""

Paid = Collection[tuple[str, str, str]]
"""Event, plan and component of each line."""


class PaidBefore(Exception):
    """A reason depends on what was paid before: the whole calculation has to tell it."""


def reasons(
    facts: Facts, plans: Sequence[PlanVersion], as_of: datetime, lines: Collection[Line]
) -> tuple[Nothing, ...]:
    """Return the reasons for nothing that ``calculate`` gives of the facts of one partner.

    ``lines`` are all of its lines.

    :raises PaidBefore: if they cannot be told from the lines alone
    """
    asking = _Asking(facts, plans, as_of)
    paid = {(line.event_key, line.plan, line.component) for line in lines}
    if all(_is_paid(event, asking.at(event), paid) for event in asking.events):
        return ()
    asking.with_orders()
    for event in asking.events:
        if event.kind.reverses:
            asking.refuse_taking_back(event, paid)
        else:
            asking.refuse_paying(event, paid)
    return tuple(asking.state.nothing)


def without_rates(
    facts: Facts, plans: Sequence[PlanVersion], as_of: datetime
) -> tuple[Nothing, ...]:
    """Return which events count for nothing as their currency has no exchange rate on their day."""
    told = {event.currency for event in facts.events} - {""}
    if len(told | {plan.currency for plan in plans}) < 2:
        return ()
    asking = _Asking(facts, plans, as_of)
    rates = asking.state.rates
    asking.with_orders()
    for event in asking.events:
        for place in () if event.kind.reverses else asking.at(event):
            if rates.at(event.currency, place[0].currency, event.on) is None:
                consider(asking.state, place, event)
    return tuple(each for each in asking.state.nothing if each.code == "rate")


def _is_paid(event: CreditedEvent, places: list[Place], paid: Paid) -> bool:
    """Whether there is nothing to be told of a positive event."""
    lacks = any(_lacking(place, event, paid) for place in places)
    return bool(places) and not lacks and not event.kind.reverses


def _lacking(place: Place, event: CreditedEvent, paid: Paid) -> bool:
    return (event.key, place[0].code, place[1].code) not in paid


def _stands_alone(component: Component) -> bool:
    """Whether what a component counts an event for does not depend on what was paid before."""
    tables = [component.table, *(table for _, table in component.table.by_tier)]
    return (
        component.term.kind == "life"
        and component.first_deals is None
        and component.reversal.at == "as_paid"
        and all(table.per is not Per.ORDER and table.qualify is None for table in tables)
    )


class _Asking:
    """Events in order, and a state in which nothing was paid yet."""

    def __init__(self, facts: Facts, plans: Sequence[PlanVersion], as_of: datetime) -> None:
        self._versions = sorted(plans, key=lambda plan: (plan.code, plan.version))
        self._in_force = InForce(self._versions)
        today = as_of.astimezone(UTC).date()
        self.events = [event for event in known(facts, as_of) if event.on <= today]
        self._by_key: dict[tuple[str, str], CreditedEvent] = {}
        partners = {partner.id: partner for partner in facts.partners}
        self.state = State(self.events, today, partners, Rates(facts.rates), {})

    def with_orders(self) -> None:
        """Tell events the size and day of their order, which conditions may look at."""
        self.events[:] = with_orders(self.events)
        self._by_key = {(event.key, event.partner_id): event for event in self.events}

    def at(self, event: CreditedEvent) -> list[Place]:
        """Return the components in force on an event's day, in the order in which they pay."""
        return [place for places in self._in_force.on(event.on) for place in places]

    def refuse_paying(self, event: CreditedEvent, paid: Paid) -> None:
        """Note why components pay nothing for a positive event."""
        for place in self._places(event):
            if _lacking(place, event, paid):
                candidate = consider(self.state, place, event)
                if candidate is not None or self.state.nothing[-1].code not in AT_ONCE:
                    raise PaidBefore

    def refuse_taking_back(self, event: CreditedEvent, paid: Paid) -> None:
        """Note why components take nothing back."""
        if not self._is_plain(event.on):
            raise PaidBefore
        for place in sorted(self._places(event), key=lambda each: (each[0].code, each[1].code)):
            if _lacking(place, event, paid):
                if event.kind in undoes(place[1]):
                    self._consider_undone(place, event)
                reverse(self.state, place, event)

    def _consider_undone(self, place: Place, event: CreditedEvent) -> None:
        """Let a component look at the events that one undoes, as it did in its time."""
        component, state = place[1], self.state
        if event.kind not in UNDOING or not _stands_alone(component):
            raise PaidBefore
        by = undoes(component) & UNDOING
        for key, _ in state.undone(component.basis.event, by, event):
            earlier = self._by_key[key, event.partner_id]
            if place[0].contains(earlier.on):
                count = len(state.nothing)
                if source_key(place, event.partner_id, key) not in state.sources:
                    consider(state, place, earlier)
                del state.nothing[count:]  # what it says is told where the event stands

    def _places(self, event: CreditedEvent) -> list[Place]:
        """Return the components in force on an event's day; note where there are none."""
        places = self.at(event)
        if not places:
            self.state.nothing.append(no_plan(event))
        return places

    def _is_plain(self, day: date) -> bool:
        """Whether what paid before a day can only be what is in force on it."""
        codes = {plan.code for plan in self._versions}
        return len(codes) == len(self._versions) and all(
            plan.contains(day) for plan in self._versions
        )
