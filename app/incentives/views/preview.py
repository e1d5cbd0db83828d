"""A plan as its author and its readers see it: sentences, warnings, rate tables."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from app.incentives import engine
from app.incentives.engine.describe import bound
from app.incentives.engine.plan import Bracket
from app.incentives.engine.predicates import All, Among, Any, Not, Predicate
from app.incentives.engine.trace import text as exact_text
from app.incentives.engine.words import percent
from app.kernel.format import money
from app.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Part:
    """One component in words, with the rows of its rate table."""

    title: str
    code: str
    sentences: list[str]
    rows: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan says, and what its author should know before it is published."""

    lead: str
    parts: list[Part]
    warnings: list[str]


def preview(plan: engine.PlanVersion, certifications: Collection[str]) -> Preview:
    """Return a plan in words; ``certifications`` are the names of those that were awarded."""
    lead, *sentences = engine.describe(plan)
    parts = [_part(component, sentences, plan.currency) for component in plan.components]
    warnings = [*_warnings(plan), *_unknown(plan, certifications)]
    return Preview(lead, parts, warnings)


def _part(component: engine.Component, sentences: list[str], currency: str) -> Part:
    head = f"{component.title}: "
    own = [text.removeprefix(head) for text in sentences if text.startswith(head)]
    said = [text[:1].upper() + text[1:] for text in dict.fromkeys(own)]
    return Part(component.title, component.code, said, list(_rows(component, currency)))


def _rows(component: engine.Component, currency: str) -> Iterable[tuple[str, str, str]]:
    """Yield the rows of the rate table, each led by its tier where tiers have their own."""
    for tier, table in component.table.by_tier or (("", component.table),):
        own = replace(component, table=table)
        for bracket in table.brackets:
            lower, upper, worth = _row(own, bracket, currency)
            yield f"{tier}: {lower}" if tier else lower, upper, worth


def _row(component: engine.Component, bracket: Bracket, currency: str) -> tuple[str, str, str]:
    upper = "and above" if bracket.upper is None else bound(component, bracket.upper, currency)
    if bracket.amount is not None:
        worth = money(Money(bracket.amount, currency))
    elif component.table.mode.value == "accelerator":
        worth = f"{exact_text(bracket.rate)} times"
    elif component.basis.of.value == "quantity":
        worth = money(Money(int(bracket.rate), currency))
    else:
        worth = percent(bracket.rate)
    return bound(component, bracket.lower, currency), upper, worth


def _warnings(plan: engine.PlanVersion) -> Iterable[str]:
    titles = {component.code: component.title for component in plan.components}
    for finding in engine.check(plan):
        yield f"{titles[finding.component]}: {finding.words}"
    for component in plan.components:
        if not _names_route(component.applies_to):
            yield (
                f"{component.title}: No route is named, so that a partner that both sourced and "
                "influenced an order is paid for each."
            )
        elif component.share.kind == "whole" and _is_influenced(component.applies_to):
            yield (
                f"{component.title}: Every partner that influenced an order is paid on the whole "
                "of it; the credited part would share it among them."
            )


def _unknown(plan: engine.PlanVersion, certifications: Collection[str]) -> Iterable[str]:
    for component in plan.components:
        for name in component.reversal.certifications:
            if name not in certifications:
                yield (
                    f"{component.title}: No certificate of “{name}” was awarded so far; its name "
                    "must be the one on the certificates."
                )


def _leaves(predicate: Predicate) -> Iterable[Among]:
    match predicate:
        case Among():
            yield predicate
        case All(parts) | Any(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)


def _names_route(predicate: Predicate) -> bool:
    return any(leaf.fact == "route" for leaf in _leaves(predicate))


def _is_influenced(predicate: Predicate) -> bool:
    return any("influenced" in leaf.values for leaf in _leaves(predicate) if leaf.fact == "route")
