"""Who and what a component applies to: one tree of conditions, evaluated and put into words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.incentives.engine.facts import CreditedEvent, PartnerFacts
from app.kernel.format import day, money
from app.kernel.money import Money, round_half_away


@dataclass(frozen=True, slots=True)
class Case:
    """What a condition looks at: an event, its partner, the plan's currency, a rate into it."""

    event: CreditedEvent
    partner: PartnerFacts
    currency: str
    rate: Fraction | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a condition holds, in which words, and (when not) what failed first."""

    holds: bool
    words: str
    failed: str = ""
    parts: tuple["Verdict", ...] = ()


def _verdict(holds: bool, words: str, found: str) -> Verdict:
    return Verdict(holds, words, "" if holds else f"{words} (found: {found})")


@dataclass(frozen=True, slots=True)
class Among:
    """A fact is one of the listed values."""

    fact: str
    values: tuple[str, ...]

    def test(self, case: Case) -> Verdict:
        """Return the verdict for one event."""
        found = FACTS[self.fact](case)
        fits = any(value in self.values for value in found)
        return _verdict(fits, self.words, " and ".join(found) or "none")

    @property
    def words(self) -> str:
        """The condition as text."""
        return f"{NAMES[self.fact]} is {_either(self.values)}"


@dataclass(frozen=True, slots=True)
class OrderSize:
    """The order's amount lies in a range, in minor units of the plan's currency."""

    at_least: int | None
    below: int | None
    currency: str

    def test(self, case: Case) -> Verdict:
        """Return the verdict for one event; an order whose size is unknown does not fit."""
        size = case.event.order_minor
        if size is None or case.rate is None:
            return _verdict(False, self.words, "not known")
        size = round_half_away(size * case.rate)
        fits = (self.at_least is None or size >= self.at_least) and (
            self.below is None or size < self.below
        )
        return _verdict(fits, self.words, money(Money(size, self.currency)))

    @property
    def words(self) -> str:
        """The condition as text."""
        low, high = self.at_least, self.below
        ends = []
        if low is not None:
            ends.append(f"at least {money(Money(low, self.currency))}")
        if high is not None:
            ends.append(f"below {money(Money(high, self.currency))}")
        return "order size is " + " and ".join(ends)


@dataclass(frozen=True, slots=True)
class Dates:
    """The event, or the order, is dated in a half-open window."""

    fact: str
    start: date | None
    until: date | None

    def test(self, case: Case) -> Verdict:
        """Return the verdict for one event."""
        on = case.event.on if self.fact == "event_date" else case.event.ordered_on
        if on is None:
            return _verdict(False, self.words, "not known")
        fits = (self.start is None or on >= self.start) and (self.until is None or on < self.until)
        return _verdict(fits, self.words, day(on))

    @property
    def words(self) -> str:
        """The condition as text."""
        ends = []
        if self.start is not None:
            ends.append(f"from {day(self.start)}")
        if self.until is not None:
            ends.append(f"before {day(self.until)}")
        return f"{self.fact.replace('_', ' ')} is " + " and ".join(ends)


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; no part at all holds too."""

    parts: tuple["Predicate", ...]

    def test(self, case: Case) -> Verdict:
        """Return the verdict for one event."""
        parts = tuple(part.test(case) for part in self.parts)
        failed = next((part.failed for part in parts if not part.holds), "")
        return Verdict(not failed, self.words, failed, parts)

    @property
    def words(self) -> str:
        """The condition as text."""
        if len(self.parts) == 1:
            return self.parts[0].words
        return f"all of ({'; '.join(part.words for part in self.parts)})" if self.parts else "any"


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple["Predicate", ...]

    def test(self, case: Case) -> Verdict:
        """Return the verdict for one event."""
        parts = tuple(part.test(case) for part in self.parts)
        holds = any(part.holds for part in parts)
        failed = "" if holds else "; ".join(part.failed for part in parts)
        return Verdict(holds, self.words, failed, parts)

    @property
    def words(self) -> str:
        """The condition as text."""
        return f"any of ({'; '.join(part.words for part in self.parts)})"


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Predicate"

    def test(self, case: Case) -> Verdict:
        """Return the verdict for one event."""
        inner = self.part.test(case)
        return Verdict(not inner.holds, self.words, self.words if inner.holds else "", (inner,))

    @property
    def words(self) -> str:
        """The condition as text."""
        return f"not ({self.part.words})"


Predicate = Among | OrderSize | Dates | All | Any | Not
ALWAYS = All(())


def _either(values: tuple[str, ...]) -> str:
    return values[0] if len(values) == 1 else ", ".join(values[:-1]) + f" or {values[-1]}"


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


FACTS: dict[str, Callable[[Case], tuple[str, ...]]] = {
    "programme": lambda case: _one(case.partner.programme),
    "tier": lambda case: _one(case.partner.tier_on(case.event.on)),
    "partner": lambda case: _one(case.partner.id),
    "country": lambda case: _one(case.partner.country),
    "region": lambda case: _one(case.partner.region),
    "product": lambda case: _one(case.event.product),
    "family": lambda case: _one(case.event.family),
    "deal_type": lambda case: _one(case.event.deal_type),
    "route": lambda case: tuple(sorted(case.event.routes)),
    "role": lambda case: tuple(sorted(case.event.roles)),
    "customer": lambda case: _one(case.event.customer_id),
}
NAMES = {fact: fact.replace("_", " ") for fact in FACTS} | {"family": "product family"}
