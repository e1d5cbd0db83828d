"""What an event counts for under a component: measure, share, conversion and cap."""

from dataclasses import dataclass, replace
from fractions import Fraction

from app.incentives.engine import trace as traces
from app.incentives.engine.facts import CreditedEvent, ExchangeRate, PartnerFacts
from app.incentives.engine.lines import Trace
from app.incentives.engine.plan import Basis, Cap, Component, Measure, Per, RateTable, Share
from app.incentives.engine.state import Place, State, Used, cap_key, minor_rate
from app.incentives.engine.trace import Base
from app.kernel.money import allocate


@dataclass(frozen=True, slots=True)
class Match:
    """An event that a component looks at, with all that was looked up for it."""

    place: Place
    event: CreditedEvent
    partner: PartnerFacts
    table: RateTable
    rate: ExchangeRate | None
    share: Fraction

    @property
    def component(self) -> Component:
        """The component."""
        return self.place[1]

    @property
    def declared(self) -> Component:
        """The component with the table that counts for the partner's tier."""
        own = self.component
        return own if self.table is own.table else replace(own, table=self.table)

    @property
    def pays(self) -> bool:
        """Whether the event is of the kind that is paid on, not only counted."""
        return self.event.kind is self.component.basis.event


def counts_units(table: RateTable, basis: Basis) -> bool:
    """Whether the base is a number of things, which has no currency."""
    return table.is_fixed or basis.of is Measure.QUANTITY


def share_of(share: Share, event: CreditedEvent) -> Fraction:
    """Return the part of the event that is the partner's; one with several roles has them all."""
    match share.kind:
        case "credit":
            return event.share
        case "role":
            held = (part for role, part in share.roles if role in event.roles)
            return sum(held, Fraction(0))
    return Fraction(1)


def measured(basis: Basis, table: RateTable, event: CreditedEvent) -> Fraction:
    """Return what of an event is counted: minor units, units, or one where a fixed amount pays."""
    if table.is_fixed:
        return Fraction(event.quantity if table.per is Per.UNIT else 1)
    match basis.of:
        case Measure.QUANTITY:
            return Fraction(event.quantity)
        case Measure.MARGIN:
            return Fraction(event.margin_minor or 0)
    return Fraction(event.minor)


def _shared(value: Fraction, basis: Basis, match: Match) -> Fraction:
    """Return the partner's part; cents are split so that those of all parts add up."""
    share, event = match.component.share, match.event
    if counts_units(match.table, basis):
        return value * match.share
    if share.kind == "credit" and basis.of is Measure.AMOUNT and event.credited_minor is not None:
        return Fraction(event.credited_minor)
    if share.kind == "role" and not share.overlay:
        parts = [part for _, part in share.roles]
        cents = allocate(int(value), [*parts, 1 - sum(parts)])
        held = zip(share.roles, cents, strict=False)
        return Fraction(sum(cent for (role, _), cent in held if role in event.roles))
    return value * match.share


def base_of(match: Match, basis: Basis) -> Base:
    """Return what the event counts for by a basis, before any cap."""
    found = measured(basis, match.table, match.event)
    shared = converted = _shared(found, basis, match)
    rate = None if counts_units(match.table, basis) else match.rate
    if rate is not None and rate.source_currency != rate.target_currency:
        converted = shared * minor_rate(rate)
    return Base(found, match.share, shared, rate, converted, (), converted)


def capped(
    state: State, match: Match, value: Fraction, caps: tuple[Cap, ...], what: str
) -> tuple[Fraction, tuple[Trace, ...]]:
    """Return what the caps leave of a value, and how each one acted."""
    notes = []
    for cap in caps:
        key = cap_key(what, cap, match.place, match.event)
        used = state.used.at(key, cap.period, match.event.on)
        left = min(value, max(Fraction(0), cap.limit - used))
        notes.append(
            {
                "per": str(cap.per),
                "period": str(cap.period),
                "limit": cap.limit,
                "used": traces.text(used),
                "before": traces.text(value),
                "after": traces.text(left),
            }
        )
        value = left
    return value, tuple(notes)


def use(
    state: State, match: Match, caps: tuple[Cap, ...], what: str, value: Fraction | int
) -> tuple[Used, ...]:
    """Use up limits by a value, and return which, so that taking it back gives them room again."""
    if not caps:
        return ()
    on = match.event.on
    keys = {cap_key(what, cap, match.place, match.event) for cap in caps}
    for key in keys:
        state.used.add(key, on, value)
    return tuple((key, on) for key in sorted(keys, key=str))


def give_back(state: State, limits: tuple[Used, ...], value: Fraction | int) -> None:
    """Give limits room again for what is taken back."""
    for key, on in limits:
        state.used.add(key, on, -value)
