"""Three years of a large programme: facts of 5,000 partners and 40 components to pay them.

Four programmes of ten components each, in two dated versions, every one marginal on a running
volume by month, quarter or year, with conditions on programme, family, country, tier and route.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from app.incentives.engine import EventKind, PartnerFacts, PlanVersion, TierSpan
from app.incentives.engine.columns import Coded, FactColumns
from app.incentives.engine.plan import Basis, Bracket, Component, Mode, RateTable, Reset
from app.incentives.engine.predicates import All, Among

FIRST, TURN, LAST = date(2024, 1, 1), date(2025, 7, 1), date(2027, 1, 1)
AS_OF = datetime(2026, 12, 31, 12, tzinfo=UTC)
KINDS = (EventKind.BOOKED, EventKind.COLLECTED)
PROGRAMMES = ("reseller", "agency", "service", "software")
FAMILIES = ("cloud", "network", "storage", "security", "voice", "devices", "support", "training")
COUNTRIES = ("DE", "FR", "GB", "US", "IT", "ES", "NL", "SE", "PL", "CH")
TIERS = ("bronze", "silver", "gold")
ROUTES = ("fulfilled", "influenced", "sourced")
RESETS = {"month": Reset.MONTH, "quarter": Reset.QUARTER, "year": Reset.YEAR}
EPOCH = date(1970, 1, 1).toordinal()
PER = 10_000  # rates are so many parts of this

Codes = npt.NDArray[np.integer[Any]]
Choice = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A component of one version: whom it pays and when, and brackets in minor units."""

    component: int
    version: int
    programme: int
    start: date
    until: date
    kind: int
    families: Choice
    countries: Choice
    tiers: Choice
    routes: Choice
    reset: str
    edges: Choice
    rates: Choice


@dataclass(frozen=True, slots=True)
class World:
    """Facts as they come in, a number each for every column, and what is known of partners.

    Each partner has one tier until its day of promotion and another from then on.
    """

    partner: Codes
    day: Codes
    kind: Codes
    minor: Codes
    family: Codes
    route: Codes
    programme: Codes
    country: Codes
    tier: Codes
    promoted: Codes
    tier_then: Codes
    rules: tuple[Rule, ...]


def world(facts: int, partners: int) -> World:
    """Return a world of that size, always the same."""
    chance = np.random.default_rng(11)
    first, days = FIRST.toordinal(), (LAST - FIRST).days

    def any_of(choices: int, size: int = facts) -> Codes:
        return chance.integers(0, choices, size, np.uint8 if choices < 256 else np.int32)

    weights = chance.pareto(1.5, partners) + 1
    return World(
        partner=chance.choice(partners, facts, p=weights / weights.sum()).astype(np.int32),
        day=np.int32(first) + any_of(days),
        kind=(chance.random(facts) < 0.6).astype(np.uint8),
        minor=(chance.pareto(1.2, facts) * 100_000).astype(np.int64) % 50_000_000 + 1,
        family=any_of(len(FAMILIES)),
        route=any_of(len(ROUTES)),
        programme=any_of(len(PROGRAMMES), partners),
        country=any_of(len(COUNTRIES), partners),
        tier=any_of(2, partners),
        promoted=np.int32(first) + any_of(days, partners),
        tier_then=any_of(2, partners) + np.uint8(1),
        rules=_rules(chance),
    )


def _rules(chance: np.random.Generator) -> tuple[Rule, ...]:
    def some(of: tuple[str, ...], size: int) -> Choice:
        return tuple(sorted(chance.choice(len(of), size, replace=False).tolist()))

    found = []
    for component in range(40):
        conditions = (
            some(FAMILIES, 6), some(COUNTRIES, 8), some(TIERS, 2), some(ROUTES, 2 + component % 2),
        )  # fmt: skip
        kind, reset = int(component % 10 < 7), tuple(RESETS)[component % 3]
        for version, (start, until) in enumerate(((FIRST, TURN), (TURN, LAST)), 1):
            edges = np.cumsum(chance.integers(5, 60, 3)) * 100_000
            rates = 200 + np.cumsum(chance.integers(25, 300, 4))
            found.append(
                Rule(
                    component,
                    version,
                    component // 10,
                    start,
                    until,
                    kind,
                    *conditions,
                    reset,
                    tuple(edges.tolist()),
                    tuple(rates.tolist()),
                )
            )
    return tuple(found)


def columns(world: World) -> FactColumns:
    """Return the facts as the engine reads them."""
    size = len(world.day)
    keys = [f"e{number:08}" for number in range(size)]
    routes = [frozenset({route}) for route in ROUTES]
    ids = [f"p{number:05}" for number in range(len(world.tier))]

    def coded(codes: Codes, values: list[object]) -> Coded:
        return Coded(codes.astype(np.int32), values)

    every = np.arange(size)
    return FactColumns(
        partners(world),
        {
            "on": world.day.astype(np.int64),
            "minor": world.minor,
            "recorded_at": (world.day.astype(np.int64) - EPOCH) * 86_400_000_000,
        },
        {
            "key": coded(every, [*keys]),
            "kind": coded(world.kind, [*KINDS]),
            "partner_id": coded(world.partner, [*ids]),
            "order_id": coded(every, [*keys]),
            "currency": coded(np.zeros(size, np.int64), ["EUR"]),
            "family": coded(world.family, [*FAMILIES]),
            "routes": coded(world.route, [*routes]),
        },
    )


def partners(world: World) -> tuple[PartnerFacts, ...]:
    """Return the partners as the engine reads them."""
    found = []
    for number, day in enumerate(world.promoted.tolist()):
        on = date.fromordinal(day)
        spans = (
            TierSpan(TIERS[world.tier[number]], FIRST, on),
            TierSpan(TIERS[world.tier_then[number]], on),
        )
        programme, country = PROGRAMMES[world.programme[number]], COUNTRIES[world.country[number]]
        found.append(PartnerFacts(f"p{number:05}", programme, spans, country))
    return tuple(found)


def plans(world: World) -> list[PlanVersion]:
    """Return the rules as the engine reads them: a plan for each programme, in two versions."""
    found = []
    for number, name in enumerate(PROGRAMMES):
        for version in (1, 2):
            own = [r for r in world.rules if (r.programme, r.version) == (number, version)]
            parts = tuple(_component(rule) for rule in own)
            ends = own[0].start, own[0].until
            found.append(PlanVersion(name, version, name.title(), "EUR", *ends, parts))
    return found


def _component(rule: Rule) -> Component:
    table = RateTable(Mode.MARGINAL, brackets=_brackets(rule), reset=RESETS[rule.reset])
    conditions = [
        Among(fact, tuple(words[code] for code in codes))
        for fact, words, codes in (
            ("programme", PROGRAMMES, (rule.programme,)),
            ("family", FAMILIES, rule.families),
            ("country", COUNTRIES, rule.countries),
            ("tier", TIERS, rule.tiers),
            ("route", ROUTES, rule.routes),
        )
    ]
    code = f"c{rule.component:02}"
    return Component(code, code, Basis(KINDS[rule.kind]), table, All(tuple(conditions)))


def _brackets(rule: Rule) -> tuple[Bracket, ...]:
    lows, highs = (0, *rule.edges), (*rule.edges, None)
    return tuple(
        Bracket(Fraction(low), None if high is None else Fraction(high), Fraction(rate, PER))
        for low, high, rate in zip(lows, highs, rule.rates, strict=True)
    )
