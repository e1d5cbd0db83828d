"""Running totals of one calculation: volume, caps, what was paid on which event."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from app.incentives.engine.facts import CreditedEvent, EventKind, ExchangeRate, Facts, PartnerFacts
from app.incentives.engine.lines import Line, Nothing
from app.incentives.engine.plan import Cap, CapPer, Component, PlanVersion
from app.kernel.errors import Invalid
from app.kernel.money import decimals

Key = tuple[object, ...]
Place = tuple[PlanVersion, Component]


@dataclass(slots=True)
class Source:
    """A positive event under one component, kept so that a later refund can take it back."""

    event: CreditedEvent
    plan: PlanVersion
    component: Component
    remaining: int
    base: Fraction = Fraction(0)
    volume: Key = ()
    baseline: Fraction = Fraction(0)
    age: int = 0
    parts: dict[str, int] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    weight: Fraction = Fraction(0)
    caps: tuple[Key, ...] = ()


@dataclass(slots=True)
class State:
    """Everything that one event leaves behind for the next."""

    facts: Facts
    as_of: date
    partners: dict[str, PartnerFacts]
    collected: dict[str, date]
    totals: dict[Key, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    caps: dict[Key, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    sources: dict[Key, list[Source]] = field(default_factory=lambda: defaultdict(list))
    started: dict[Key, date] = field(default_factory=dict)
    orders: dict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))
    lines: list[Line] = field(default_factory=list)
    nothing: list[Nothing] = field(default_factory=list)

    def refuse(self, place: Place, event: CreditedEvent, code: str, words: str) -> None:
        """Note why a component pays nothing for an event."""
        plan, component = place
        self.nothing.append(
            Nothing(
                plan=plan.code,
                version=plan.version,
                component=component.code,
                partner_id=event.partner_id,
                event_key=event.key,
                order_id=event.order_id,
                code=code,
                words=words,
            )
        )

    def rate(self, source: str, target: str, on: date) -> ExchangeRate | None:
        """Return the latest exchange rate into ``target`` known on a day; one for the same."""
        if source == target:
            return ExchangeRate(source, target, on, Fraction(1))
        fitting = [
            each
            for each in self.facts.rates
            if (each.source_currency, each.target_currency) == (source, target) and each.on <= on
        ]
        return max(fitting, key=lambda each: (each.on, each.source), default=None)


def minor_rate(rate: ExchangeRate) -> Fraction:
    """Return the factor from minor units of the source to minor units of the target currency."""
    places = decimals(rate.target_currency) - decimals(rate.source_currency)
    return rate.rate * Fraction(10) ** places


def place_key(plan: PlanVersion, component: Component, event: CreditedEvent) -> Key:
    """Return the key of a component's running state for the event's partner, over versions."""
    return plan.code, component.code, event.partner_id


def volume_key(plan: PlanVersion, component: Component, event: CreditedEvent) -> Key:
    """Return the key of the running total that the event moves: its reset period's start."""
    start = component.table.reset.period(event.on).start
    return *place_key(plan, component, event), start


def cap_key(cap: Cap, plan: PlanVersion, component: Component, event: CreditedEvent) -> Key:
    """Return the key under which a cap counts the event."""
    start = cap.period.period(event.on).start
    scopes: dict[CapPer, Key] = {
        CapPer.EVENT: (component.code, event.partner_id, event.key),
        CapPer.DEAL: (component.code, event.partner_id, event.order_id, start),
        CapPer.PERIOD: (component.code, event.partner_id, start),
        CapPer.PARTNER: (event.partner_id, start),
        CapPer.COMPONENT: (component.code, start),
        CapPer.GROUP: (start,),
        CapPer.PLAN: (start,),
    }
    return cap.per, plan.code, *scopes[cap.per]


class ContradictingEvents(Invalid):
    """Two records of one event, made at the same moment, differ."""

    code = "incentives.contradicting_events"


def known(facts: Facts, recorded_by: datetime) -> tuple[CreditedEvent, ...]:
    """Return the last version of each event recorded by a moment, in the engine's order.

    :raises ContradictingEvents: if two differing records of an event have the same moment
    """
    latest: dict[tuple[str, str], CreditedEvent] = {}
    for event in facts.events:
        if event.recorded_at > recorded_by:
            continue
        held = latest.get((event.key, event.partner_id))
        if held is None or held.recorded_at < event.recorded_at:
            latest[event.key, event.partner_id] = event
        elif held.recorded_at == event.recorded_at and held != event:
            raise ContradictingEvents(
                f"Event {event.key} of partner {event.partner_id} is recorded twice, differently, "
                f"at {event.recorded_at.isoformat()}."
            )
    return tuple(sorted(latest.values(), key=lambda event: event.sort_key))


def collection_days(events: tuple[CreditedEvent, ...]) -> dict[str, date]:
    """Return for each order that is paid in full the day on which it was."""
    received: dict[tuple[str, str], int] = defaultdict(int)
    due: dict[str, int] = {}
    days: dict[str, date] = {}
    seen: set[str] = set()
    for event in events:
        if event.kind in (EventKind.BOOKED, EventKind.BILLED) and event.order_id not in due:
            due[event.order_id] = event.minor if event.order_minor is None else event.order_minor
        if event.kind is not EventKind.COLLECTED or event.key in seen:
            continue
        seen.add(event.key)
        place = (event.order_id, event.credit_class)
        received[place] += event.minor
        wanted = event.order_minor if event.order_minor is not None else due.get(event.order_id)
        if wanted is not None and received[place] >= wanted:
            days.setdefault(event.order_id, event.on)
    return days
