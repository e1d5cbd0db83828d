"""What one event of a calculation leaves behind for the next: totals, caps, what was paid on."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from app.incentives.engine.facts import CreditedEvent, EventKind, ExchangeRate, PartnerFacts
from app.incentives.engine.knowledge import Order
from app.incentives.engine.knowledge import known as known
from app.incentives.engine.lines import Line, Nothing, Trace
from app.incentives.engine.plan import Cap, CapPer, Component, PlanVersion, RateTable, Reset
from app.incentives.engine.totals import Key as Key
from app.incentives.engine.totals import Totals
from app.incentives.engine.undoing import Undone, undoings
from app.kernel.money import decimals

Place = tuple[PlanVersion, Component]
Codes = tuple[str, str]
"""A plan's and a component's: their running state goes on over versions."""


@dataclass(slots=True)
class Part:
    """What a line paid, main or held back, and what was taken back of it since.

    ``weight`` is the part that was taken back, ``kept`` what lapses left of the rest.
    """

    paid: int
    line: Line
    weight: Fraction = Fraction(0)
    kept: Fraction = Fraction(1)


@dataclass(slots=True)
class Portion:
    """What the event ``paid_by`` paid on a sale of which ``of`` minor units were left then."""

    paid_by: str
    of: int
    parts: dict[str, Part]
    caps: "tuple[Used, ...]" = ()


@dataclass(slots=True)
class Source:
    """A positive event under one component, kept so that later ones can take it back.

    ``base`` is what all of it counts for, ``rate`` what each unit of that was paid at so far where
    reaching a bracket later adds to it.
    """

    event: CreditedEvent
    place: Place
    table: RateTable
    base: Fraction
    left: int
    counts: bool = True
    baseline: Fraction = Fraction(0)
    age: int = 0
    rate: Fraction = Fraction(0)
    portions: list[Portion] = field(default_factory=list)
    base_caps: "tuple[Used, ...]" = ()

    @property
    def base_left(self) -> Fraction:
        """What the part that was not undone counts for."""
        return self.base * self.left / self.event.minor if self.event.minor else self.base


@dataclass(slots=True)
class Ledger:
    """What a period comes to under a component that takes back by volume, and what was paid."""

    owed: Fraction = Fraction(0)
    paid: dict[str, int] = field(default_factory=lambda: defaultdict(int))


Used = tuple[Key, date]
"""A limit that was used up in part, and on which day."""


class Rates:
    """Exchange rates by pair, the latest up to a day looked up."""

    def __init__(self, rates: Iterable[ExchangeRate]) -> None:
        self._found: dict[tuple[str, str], list[ExchangeRate]] = defaultdict(list)
        for each in sorted(rates, key=lambda each: (each.on, each.source)):
            self._found[each.source_currency, each.target_currency].append(each)

    def at(self, source: str, target: str, on: date) -> ExchangeRate | None:
        """Return the latest exchange rate into ``target`` known on a day; one for the same."""
        if source == target:
            return ExchangeRate(source, target, on, Fraction(1))
        known = self._found.get((source, target), [])
        index = bisect_right(known, on, key=lambda each: each.on)
        return known[index - 1] if index else None


@dataclass(slots=True)
class State:
    """Everything that one event leaves behind for the next."""

    events: list[CreditedEvent]
    as_of: date
    partners: dict[str, PartnerFacts]
    rates: Rates
    collected: dict[Order, date]
    traced: bool = True
    totals: Totals = field(default_factory=Totals)
    used: Totals = field(default_factory=Totals)
    sources: dict[Key, Source] = field(default_factory=dict)
    of_place: dict[Key, list[Source]] = field(default_factory=lambda: defaultdict(list))
    counted: dict[Key, Source] = field(default_factory=dict)
    sales: dict[Key, list[Source]] = field(default_factory=lambda: defaultdict(list))
    ledgers: dict[Key, Ledger] = field(default_factory=lambda: defaultdict(Ledger))
    places: dict[Order, dict[Codes, Place]] = field(default_factory=lambda: defaultdict(dict))
    started: dict[Key, date] = field(default_factory=dict)
    paid: dict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))
    lines: list[Line] = field(default_factory=list)
    nothing: list[Nothing] = field(default_factory=list)
    _undoings: dict[Key, dict[tuple[str, str], Undone]] = field(default_factory=dict)

    def told(self, tell: Callable[..., Trace], *of: object) -> Trace:
        """Return a part of a trace, or nothing where none is asked for."""
        return tell(*of) if self.traced else {}

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

    def undone(self, basis: EventKind, by: frozenset[EventKind], event: CreditedEvent) -> Undone:
        """Return what a refund, credit note or cancellation undoes of events like ``basis``."""
        if (basis, by) not in self._undoings:
            self._undoings[basis, by] = undoings(self.events, basis, by)
        return self._undoings[basis, by].get((event.key, event.partner_id), ())

    def keep(self, source: Source) -> None:
        """Keep what a component counts for an event, for later events to look at."""
        plan, component = source.place
        event = source.event
        self.sources[source_key(source.place, event.partner_id, event.key)] = source
        self.of_place[place_key(source.place, event.partner_id)].append(source)
        for order in ((event.partner_id, event.order_id), (event.partner_id, "")):
            self.places[order][plan.code, component.code] = source.place


def minor_rate(rate: ExchangeRate) -> Fraction:
    """Return the factor from minor units of the source to minor units of the target currency."""
    places = decimals(rate.target_currency) - decimals(rate.source_currency)
    return rate.rate * Fraction(10) ** places


def place_key(place: Place, partner_id: str) -> Key:
    """Return the key of a component's running state for a partner, over versions."""
    return place[0].code, place[1].code, partner_id


def source_key(place: Place, partner_id: str, event_key: str) -> Key:
    """Return the key of an event under a component, over versions."""
    return *place_key(place, partner_id), event_key


def cap_key(what: str, cap: Cap, place: Place, event: CreditedEvent) -> Key:
    """Return the key under which a cap counts the event; the period is asked for beside it."""
    plan, component = place
    group = component.stacking.group if component.stacking else ""
    scopes: dict[CapPer, Key] = {
        CapPer.EVENT: (plan.code, component.code, event.partner_id, event.key),
        CapPer.DEAL: (plan.code, component.code, event.partner_id, event.order_id),
        CapPer.PERIOD: (plan.code, component.code, event.partner_id),
        CapPer.PARTNER: (plan.code, event.partner_id),
        CapPer.COMPONENT: (plan.code, component.code),
        CapPer.GROUP: (plan.currency, group),
        CapPer.PLAN: (plan.code,),
    }
    return what, cap.per, *scopes[cap.per]


def start_of(reset: Reset, on: date) -> date:
    """Return the first day of the period, or of the window, that a day lies in."""
    return reset.period(on).start
