"""Rate tables in words: periods, edges of brackets, rates and modes."""

from calendar import month_name
from dataclasses import replace
from fractions import Fraction

from app.incentives.engine.plan import (
    Applies,
    Basis,
    Bracket,
    Component,
    Measure,
    Mode,
    Per,
    RateTable,
    Reset,
)
from app.incentives.engine.resets import Every
from app.incentives.engine.trace import text
from app.incentives.engine.words import percent
from app.kernel.format import money
from app.kernel.money import Money, round_half_away

_PERIODS = {
    Every.MONTH: "each calendar month",
    Every.QUARTER: "each calendar quarter",
    Every.YEAR: "each calendar year",
    Every.LIFETIME: "the partner's whole time in the plan",
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


def period_words(reset: Reset) -> str:
    """Return a period as people say it."""
    if reset.every is Every.ROLLING:
        size = f"{reset.months} months" if reset.months else f"{reset.days} days"
        return f"a rolling window of the last {size}"
    if reset.every in (Every.FISCAL_QUARTER, Every.FISCAL_YEAR):
        name = "quarter" if reset.every is Every.FISCAL_QUARTER else "year"
        return f"each fiscal {name} counted from {month_name[reset.start_month]}"
    return _PERIODS[reset.every]


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
    return size(component.table.qualify or component.basis, value, currency)


def size(basis: Basis, value: Fraction, currency: str) -> str:
    """Return what is counted as money, or as a number of units."""
    if basis.of is Measure.QUANTITY:
        return f"{text(value)} units"
    return money(Money(round_half_away(value), currency))


def table_words(component: Component, currency: str) -> list[str]:
    """Return how the rates apply: one sentence, or one for each tier."""
    if not component.table.by_tier:
        return [_table(component, component.table, currency)]
    return [
        f"for the tier {tier}: {_table(replace(component, table=table), table, currency)}"
        for tier, table in component.table.by_tier
    ]


def _table(component: Component, table: RateTable, currency: str) -> str:
    if table.mode is Mode.FLAT:
        return _flat(component, table, currency)
    rows = "; ".join(_bracket(component, each, currency) for each in table.brackets)
    if table.mode is Mode.AGE:
        return f"by age of the {component.term.anchor}: {rows}."
    words = f"{_MODES[table.mode]}, counted over {period_words(table.reset)}"
    if table.applies is not None and table.qualify is None:
        words += f", {_APPLIES[table.mode, table.applies]}"
    if table.qualify is not None:
        words += ", on all of what is paid on" if table.mode is not Mode.NEXT_SALE else ""
        words += f", reached on {table.qualify.event} {table.qualify.of}"
    return f"{words}{_measured(component, table, currency)}: {rows}."


def _measured(component: Component, table: RateTable, currency: str) -> str:
    """Return what the running total is held against."""
    counted = table.qualify or component.basis
    if table.mode is Mode.ACCELERATOR:
        target = size(counted, table.target or Fraction(0), currency)
        return f", {rate_words(component, table.rate, currency)} up to the target of {target}"
    if table.mode not in (Mode.GROWTH, Mode.ON_EXCESS):
        return ""
    fixed = None if table.baseline is None else size(counted, table.baseline, currency)
    return f", baseline {fixed or 'the same period a year earlier'}"


def _flat(component: Component, table: RateTable, currency: str) -> str:
    if table.amount is None:
        return f"a flat {rate_words(component, table.rate, currency)}."
    per = {Per.EVENT: "event", Per.ORDER: "order, once", Per.UNIT: "unit"}[table.per]
    return f"{money(Money(table.amount, currency))} per {per}."


def _bracket(component: Component, bracket: Bracket, currency: str) -> str:
    span = f"from {bound(component, bracket.lower, currency)}"
    if bracket.upper is not None:
        span += f" to {bound(component, bracket.upper, currency)}"
    if bracket.amount is not None:
        return f"{money(Money(bracket.amount, currency))} {span}"
    if component.table.mode is Mode.ACCELERATOR:
        return f"{text(bracket.rate)} times the rate {span}"
    return f"{rate_words(component, bracket.rate, currency)} {span}"


def rate_words(component: Component, rate: Fraction | None, currency: str) -> str:
    """Return a rate as a percentage, or as money for each unit where units are counted."""
    if component.basis.of is Measure.QUANTITY:
        return f"{money(Money(int(rate or 0), currency))} for each unit"
    return percent(rate or Fraction(0))
