"""A plan in plain sentences, for its author, for finance and for partners."""

from collections.abc import Sequence
from fractions import Fraction

from app.incentives.engine.facts import EventKind
from app.incentives.engine.plan import (
    Basis,
    Cap,
    CapPer,
    Component,
    Draw,
    PlanVersion,
    Reset,
    Share,
)
from app.incentives.engine.predicates import ALWAYS
from app.incentives.engine.rate_words import bound as bound
from app.incentives.engine.rate_words import period_words, size, table_words
from app.incentives.engine.undoing import NATURAL
from app.incentives.engine.words import percent
from app.kernel.format import day, money
from app.kernel.money import Money

_SCOPES = {
    CapPer.EVENT: "for each event",
    CapPer.DEAL: "for each deal",
    CapPer.PERIOD: "for each partner in this component",
    CapPer.PARTNER: "for each partner in the plan",
    CapPer.COMPONENT: "for all partners together in this component",
    CapPer.GROUP: "for all partners together in the group",
    CapPer.PLAN: "for all partners together in the plan",
}


def describe(plan: PlanVersion) -> list[str]:
    """Return the plan as sentences: its span first, then the plan's own terms, then each part."""
    end = f" until {day(plan.until)} (not included)" if plan.until else ""
    head = f"{plan.title} ({plan.code}), version {plan.version}, pays in {plan.currency} from "
    lines = [f"{head}{day(plan.start)}{end}."]
    if plan.minimum_payout:
        least = money(Money(plan.minimum_payout, plan.currency))
        lines.append(f"Less than {least} is not paid out; it adds up until that is reached.")
    if plan.draw is not None:
        lines.append(_draw(plan.draw, plan.currency))
    for component in plan.components:
        lines.extend(f"{component.title}: {text}" for text in _component(component, plan.currency))
    return lines


def _draw(draw: Draw, currency: str) -> str:
    amount = money(Money(draw.amount, currency))
    repaid = "what is advanced is kept from later earnings above the draw"
    words = f"Each partner is paid at least {amount} over {period_words(draw.period)}"
    if draw.applies_to != ALWAYS:
        words += f" where {draw.applies_to.words}"
    if draw.start is not None:
        words += f", from {day(draw.start)}"
    if draw.until is not None:
        words += f" until {day(draw.until)} (not included)"
    return f"{words}; {repaid if draw.recoverable else 'what is advanced is not repaid'}."


def _component(component: Component, currency: str) -> list[str]:
    basis = component.basis
    lines = [f"pays on {basis.event} {basis.of}, {_share(component.share)}."]
    if component.applies_to != ALWAYS:
        lines.append(f"it applies where {component.applies_to.words}.")
    lines.extend(table_words(component, currency))
    lines.extend(f"the amount is {_cap(cap, None, currency)}." for cap in component.caps)
    lines.extend(f"the base is {_cap(cap, basis, currency)}." for cap in component.base_caps)
    lines.extend(_limits(component))
    lines.append(_timing(component, currency))
    lines.append(_reversal(component))
    return lines


def _share(share: Share) -> str:
    if share.kind == "whole":
        return "the whole of it"
    if share.kind == "credit":
        return "the part credited to the partner by attribution"
    words = "by role: " + ", ".join(f"{role} {percent(part)}" for role, part in share.roles)
    total = sum((part for _, part in share.roles), Fraction(0))
    if share.overlay:
        return f"{words}, an overlay of {percent(total)} in all"
    return words if total == 1 else f"{words}, the rest to nobody"


def _cap(cap: Cap, basis: Basis | None, currency: str) -> str:
    limit = (
        money(Money(cap.limit, currency))
        if basis is None
        else size(basis, Fraction(cap.limit), currency)
    )
    over = "" if cap.period == Reset.LIFETIME else f", over {period_words(cap.period)}"
    return f"at most {limit} {_SCOPES[cap.per]}{over}"


def _limits(component: Component) -> list[str]:
    term, lines = component.term, []
    if term.kind == "once":
        lines.append(f"it pays once per {term.anchor}.")
    if term.kind == "months":
        lines.append(f"it pays for {term.months} months from the start of the {term.anchor}.")
    if component.first_deals is not None:
        over = period_words(component.table.reset)
        lines.append(
            f"it pays on the first {component.first_deals} deals of a partner, over {over}."
        )
    stacking = component.stacking
    if stacking is not None and stacking.rule != "add":
        which = "the best" if stacking.rule == "best" else "the first by priority"
        lines.append(f"of the group {stacking.group} only {which} pays.")
    return lines


def _timing(component: Component, currency: str) -> str:
    timing = component.timing
    start = {
        "earned": "on the day it is earned",
        "collection": "when the customer has paid in full",
        "month_end": "at the end of the month in which it is earned",
    }[timing.payable]
    text = f"it is payable {start}"
    if timing.hold_days:
        text += f" and {timing.hold_days} days of hold have passed"
    if timing.holdback:
        text += f"; {percent(timing.holdback)} is held back for {timing.holdback_days} days more"
    if timing.minimum_payout:
        text += f"; less than {money(Money(timing.minimum_payout, currency))} adds up until then"
    return f"{text}."


_UNDOING = {
    EventKind.REFUNDED: "a refund",
    EventKind.CREDITED: "a credit note",
    EventKind.CANCELLED: "a cancellation",
}


def _lapse(certifications: Sequence[str]) -> str:
    named = " or ".join(f"“{name}”" for name in certifications)
    return f"a lapse of the certification {named}" if named else "a lapse of certification"


def _reversal(component: Component) -> str:
    reversal = component.reversal
    if reversal.mode == "none":
        return "what it paid is not taken back."
    kinds = reversal.on or NATURAL[component.basis.event]
    said = _UNDOING | {EventKind.CERTIFICATION_LAPSED: _lapse(reversal.certifications)}
    what = " or ".join(words for kind, words in said.items() if kind in kinds)
    how = "at the rate paid" if reversal.at == "as_paid" else "by reading the table again"
    if reversal.lapse == "unreleased":
        how += ", a lapse only what is not payable by then"
    if reversal.mode == "pro_rata":
        term = "the contract" if reversal.contract else f"{reversal.months} months"
        return f"{what} takes back the unexpired part of {term}, {how}."
    within = "" if reversal.within_days is None else f" within {reversal.within_days} days"
    return f"{what}{within} takes its part back in full, {how}."
