"""Traces: the working of one line as JSON-able data.

A trace has ``format`` (1), ``kind`` (earned, reversed, adjusted or draw), ``plan``, ``component``,
``partner``, ``event``, ``predicate``, ``base`` (with share, conversion and caps), ``table``,
``caps``, ``holdback``, ``timing``, ``rounding`` and ``result``; reversed lines have ``reversal`` in
place of the middle part, adjusted ones ``was``, ``now`` and ``because``, draws ``draw``. Whole
numbers are minor units; exact values (rates, shares, unrounded amounts) are text, a decimal where
one is exact and a fraction otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from app.incentives.engine.facts import CreditedEvent, ExchangeRate, PartnerFacts
from app.incentives.engine.lines import Trace
from app.incentives.engine.plan import Basis, Bracket, Component, PlanVersion, Share
from app.incentives.engine.predicates import Verdict
from app.incentives.engine.tables import Earlier, Position, Step, Working
from app.kernel.money import decimals, round_half_away

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Base:
    """What an event counts for: the measure, the partner's share of it, converted and capped."""

    measured: Fraction
    share: Fraction
    shared: Fraction
    rate: ExchangeRate | None
    converted: Fraction
    caps: tuple[Trace, ...]
    value: Fraction

    def under(self, value: Fraction, caps: tuple[Trace, ...]) -> "Base":
        """Return the base as caps leave it."""
        return replace(self, caps=caps, value=value)


def text(value: Fraction | None) -> str | None:
    """Return an exact value as a decimal if it has one, else as a fraction."""
    if value is None:
        return None
    twos = fives = 0
    rest = value.denominator
    if rest == 1:
        return str(value.numerator)
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def number(value: str) -> Fraction:
    """Return the exact value that a text of a trace stands for."""
    return Fraction(value)


def heading(
    plan: PlanVersion, component: Component, event: CreditedEvent, partner: PartnerFacts | None
) -> Trace:
    """Return the part of a trace that says which plan, component, partner and event it is about."""
    return {
        "format": FORMAT,
        "plan": plan_of(plan),
        "component": {"code": component.code, "title": component.title},
        "partner": _partner(partner, event),
        "event": _event(event),
    }


def plan_of(plan: PlanVersion) -> Trace:
    """Return which version of a plan a line follows."""
    return {
        "code": plan.code,
        "version": plan.version,
        "title": plan.title,
        "currency": plan.currency,
    }


def predicate(verdict: Verdict) -> Trace:
    """Return the tree of conditions with the outcome of each."""
    node: Trace = {"words": verdict.words, "holds": verdict.holds}
    if verdict.parts:
        node["parts"] = [predicate(part) for part in verdict.parts]
    return node


def base(component: Component, basis: Basis, found: Base) -> Trace:
    """Return how the base came about: measure, share, conversion and cap."""
    rate, share = found.rate, component.share
    return {
        "event": str(basis.event),
        "of": str(basis.of),
        "measured": text(found.measured),
        "share": {
            "kind": share.kind,
            "share": text(found.share),
            **({"roles": dict(_roles(share)), "overlay": share.overlay} if share.roles else {}),
            "result": text(found.shared),
        },
        "conversion": None
        if rate is None or rate.source_currency == rate.target_currency
        else {
            "from": rate.source_currency,
            "to": rate.target_currency,
            "rate": text(rate.rate),
            "on": rate.on.isoformat(),
            "source": rate.source,
            "places": decimals(rate.target_currency) - decimals(rate.source_currency),
            "result": text(found.converted),
        },
        "caps": list(found.caps),
        "value": text(found.value),
    }


def table(component: Component, position: Position, on: date, working: Working) -> Trace:
    """Return the declared table, where the event stood in it, and the steps that it hit."""
    declared, pays = component.table, component.basis.of
    return {
        "mode": str(declared.mode),
        "applies": None if declared.applies is None else str(declared.applies),
        "rate": text(declared.rate),
        "amount": declared.amount,
        "per": str(declared.per),
        "target": text(declared.target),
        "brackets": [_bracket(each) for each in declared.brackets],
        "reset": str(declared.reset),
        "period_start": declared.reset.period(on).start.isoformat(),
        "counts": str(declared.qualify.of if declared.qualify else pays),
        "pays": str(pays),
        "qualify": None
        if declared.qualify is None
        else f"{declared.qualify.event} {declared.qualify.of}",
        "baseline": text(position.baseline),
        "before": text(position.before),
        "after": text(position.after),
        "paid": text(position.paid),
        **({"earlier": [_earlier(each) for each in position.earlier]} if position.earlier else {}),
        "age": position.age,
        "steps": [_step(each) for each in working.steps],
        "already": [_step(each) for each in working.already],
        "exact": text(working.exact),
    }


def rounding(exact: Fraction) -> Trace:
    """Return the one rounding of a line."""
    return {"rule": "half_away", "exact": text(exact), "minor": round_half_away(exact)}


def result(minor: int, currency: str) -> Trace:
    """Return the amount of the line."""
    return {"minor": minor, "currency": currency}


def _partner(partner: PartnerFacts | None, event: CreditedEvent) -> Trace:
    if partner is None:
        return {"id": event.partner_id}
    return {
        "id": partner.id,
        "programme": partner.programme,
        "tier": partner.tier_on(event.on),
        "country": partner.country,
        "region": partner.region,
    }


_DETAILS = (
    "product", "family", "deal_type", "quantity", "margin_minor", "order_minor", "certification",
    "contract_months",
)  # fmt: skip


def _event(event: CreditedEvent) -> Trace:
    found: dict[str, Any] = {
        "key": event.key,
        "kind": str(event.kind),
        "on": event.on.isoformat(),
        "order": event.order_id,
        "minor": event.minor,
        "currency": event.currency,
        "credited_minor": event.credited_minor,
        "share": text(event.share),
        "recorded_at": event.recorded_at.isoformat(),
    }
    for name in _DETAILS:
        if value := getattr(event, name):
            found[name] = value
    for name in ("routes", "roles"):
        if value := getattr(event, name):
            found[name] = sorted(value)
    return found


def _roles(share: Share) -> Iterator[tuple[str, str | None]]:
    return ((role, text(part)) for role, part in share.roles)


def _earlier(sale: Earlier) -> Trace:
    return {
        "event": sale.key,
        "on": sale.on.isoformat(),
        "base": text(sale.base),
        "rate": text(sale.rate),
    }


def _bracket(bracket: Bracket) -> Trace:
    return {
        "from": text(bracket.lower),
        "to": text(bracket.upper),
        "rate": text(bracket.rate),
        "amount": bracket.amount,
    }


def _step(step: Step) -> Trace:
    return {
        "from": text(step.lower),
        "to": text(step.upper),
        "base": text(step.base),
        "rate": text(step.rate),
        "exact": text(step.exact),
    }
