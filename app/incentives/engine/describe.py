"""A plan in plain sentences, for its author, for finance and for partners."""

from fractions import Fraction

from app.incentives.engine.plan import (
    Applies,
    Bracket,
    Cap,
    CapPer,
    Component,
    Measure,
    Mode,
    Per,
    PlanVersion,
    Reset,
)
from app.incentives.engine.predicates import ALWAYS
from app.incentives.engine.words import percent
from app.kernel.format import day, money
from app.kernel.money import Money

_PERIODS = {
    Reset.MONTH: "each calendar month",
    Reset.QUARTER: "each calendar quarter",
    Reset.YEAR: "each calendar year",
    Reset.LIFETIME: "the partner's whole time in the plan",
}
_MODES = {
    Mode.MARGINAL: "each bracket's rate on its own slice of the running total",
    Mode.RETROACTIVE: "the reached bracket's rate on the whole running total, back to its start",
    Mode.ON_EXCESS: "the reached bracket's rate on what exceeds the baseline",
    Mode.NEXT_SALE: "the rate reached before a sale, on that sale",
    Mode.THRESHOLD_BONUS: "a fixed amount at or above each threshold",
    Mode.GROWTH: "by growth over the baseline",
    Mode.ACCELERATOR: "by attainment of the target",
}
_APPLIES = {
    (Mode.GROWTH, Applies.WHOLE): "the reached rate on all of it",
    (Mode.GROWTH, Applies.EXCESS): "the reached rate on the growth",
    (Mode.GROWTH, Applies.STEPPED): "each band's rate on its own slice",
    (Mode.ACCELERATOR, Applies.SLICED): "each multiplier on its own slice above the target",
    (Mode.ACCELERATOR, Applies.WHOLE): "the reached multiplier on everything above the target",
    (Mode.THRESHOLD_BONUS, Applies.EACH): "every threshold reached pays",
    (Mode.THRESHOLD_BONUS, Applies.HIGHEST): "only the highest threshold reached pays",
}


def describe(plan: PlanVersion) -> list[str]:
    """Return the plan as sentences: its span first, then each component."""
    end = f" until {day(plan.until)} (not included)" if plan.until else ""
    head = f"{plan.title} ({plan.code}), version {plan.version}, pays in {plan.currency} from "
    lines = [f"{head}{day(plan.start)}{end}."]
    for component in plan.components:
        lines.extend(f"{component.title}: {text}" for text in _component(component, plan.currency))
    return lines


def bound(component: Component, value: Fraction | None, currency: str) -> str:
    """Return an edge of a bracket in its own unit: money, a number, months, or per cent."""
    if value is None:
        return "any amount"
    mode = component.table.mode
    if mode in (Mode.GROWTH, Mode.ACCELERATOR):
        of = "baseline" if mode is Mode.GROWTH else "target"
        return f"{percent(value)} of the {of}"
    if mode is Mode.AGE:
        return f"month {value}"
    return _size(component, value, currency)


def _size(component: Component, value: Fraction, currency: str) -> str:
    if component.basis.of is Measure.QUANTITY:
        return f"{value} units"
    return money(Money(int(value), currency))


def _component(component: Component, currency: str) -> list[str]:
    basis = component.basis
    lines = [f"pays on {basis.event} {basis.of}, {_share(component)}."]
    if component.applies_to != ALWAYS:
        lines.append(f"it applies where {component.applies_to.words}.")
    lines.append(_table(component, currency))
    lines.extend(f"the amount is {_cap(cap, currency)}." for cap in component.caps)
    lines.extend(f"the base is {_cap(cap, currency)}." for cap in component.base_caps)
    lines.extend(_limits(component))
    lines.append(_timing(component))
    lines.append(_reversal(component))
    return lines


def _share(component: Component) -> str:
    share = component.share
    if share.kind == "whole":
        return "the whole of it"
    if share.kind == "credit":
        return "the part credited to the partner by attribution"
    return "by role: " + ", ".join(f"{role} {percent(part)}" for role, part in share.roles)


def _table(component: Component, currency: str) -> str:
    table = component.table
    if table.mode is Mode.FLAT:
        return _flat(component, currency)
    rows = "; ".join(_bracket(component, each, currency) for each in table.brackets)
    if table.mode is Mode.AGE:
        return f"by age of the {component.term.anchor}: {rows}."
    text = f"{_MODES[table.mode]}, counted over {_PERIODS.get(table.reset, str(table.reset))}"
    if table.applies is not None:
        text += f", {_APPLIES[table.mode, table.applies]}"
    if table.qualify is not None:
        text += f", reached on {table.qualify.event} {table.qualify.of}"
    if table.mode in (Mode.GROWTH, Mode.ON_EXCESS):
        fixed = None if table.baseline is None else _size(component, table.baseline, currency)
        text += f", baseline {fixed or 'the same period a year earlier'}"
    if table.mode is Mode.ACCELERATOR:
        target = _size(component, table.target or Fraction(0), currency)
        text += f", {_rate(component, table.rate, currency)} up to the target of {target}"
    return f"{text}: {rows}."


def _flat(component: Component, currency: str) -> str:
    table = component.table
    if table.amount is None:
        return f"a flat {_rate(component, table.rate, currency)}."
    per = {Per.EVENT: "event", Per.ORDER: "order, once", Per.UNIT: "unit"}[table.per]
    return f"{money(Money(table.amount, currency))} per {per}."


def _bracket(component: Component, bracket: Bracket, currency: str) -> str:
    low = bound(component, bracket.lower, currency)
    span = f"from {low}" + (
        f" to {bound(component, bracket.upper, currency)}" if bracket.upper is not None else ""
    )
    if bracket.amount is not None:
        return f"{money(Money(bracket.amount, currency))} {span}"
    if component.table.mode is Mode.ACCELERATOR:
        return f"{float(bracket.rate):g} times the rate {span}"
    return f"{_rate(component, bracket.rate, currency)} {span}"


def _rate(component: Component, rate: Fraction | None, currency: str) -> str:
    if component.basis.of is Measure.QUANTITY:
        return f"{money(Money(int(rate or 0), currency))} for each unit"
    return percent(rate or Fraction(0))


def _cap(cap: Cap, currency: str) -> str:
    scope = {
        CapPer.EVENT: "event",
        CapPer.DEAL: "deal",
        CapPer.PERIOD: "partner",
        CapPer.PARTNER: "partner over all of the plan",
        CapPer.COMPONENT: "all partners together in this component",
        CapPer.GROUP: "all partners together in the group",
        CapPer.PLAN: "all partners together in the plan",
    }[cap.per]
    over = "" if cap.period == Reset.LIFETIME else f", {_PERIODS.get(cap.period, str(cap.period))}"
    return f"at most {money(Money(cap.limit, currency))} for each {scope}{over}".replace(
        "each all", "all"
    )


def _limits(component: Component) -> list[str]:
    term, lines = component.term, []
    if term.kind == "once":
        lines.append(f"it pays once per {term.anchor}.")
    if term.kind == "months":
        lines.append(f"it pays for {term.months} months from the start of the {term.anchor}.")
    if component.first_deals is not None:
        lines.append(f"it pays on the first {component.first_deals} deals of a partner.")
    if component.stacking is not None and component.stacking.rule == "best":
        lines.append(f"of the group {component.stacking.group} only the best pays.")
    return lines


def _timing(component: Component) -> str:
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
    return f"{text}."


def _reversal(component: Component) -> str:
    reversal = component.reversal
    if reversal.mode == "none":
        return "what it paid is not taken back."
    what = "a refund, credit note or cancellation"
    how = "at the rate paid" if reversal.at == "as_paid" else "by reading the table again"
    if reversal.mode == "pro_rata":
        return f"{what} takes back the unexpired part of {reversal.months} months, {how}."
    within = "" if reversal.within_days is None else f" within {reversal.within_days} days"
    return f"{what}{within} takes its part back in full, {how}."
