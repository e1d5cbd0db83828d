"""Which plans are calculated in columns; whatever else there is goes to the plain engine."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from functools import lru_cache
from itertools import chain as joined
from typing import Any

from app.incentives.engine.columns.chains import Chain, chains_of, counting_over
from app.incentives.engine.plan import (
    Basis,
    Bracket,
    Cap,
    CapPer,
    Component,
    Mode,
    Per,
    PlanVersion,
    RateTable,
    Reset,
    Reversal,
    Share,
    Stacking,
    Term,
    Timing,
)
from app.incentives.engine.predicates import ALWAYS, All, Among, Dates, Not, OrderSize
from app.incentives.engine.predicates import Any as AnyOf

_KNOWN: dict[type, str] = {
    PlanVersion: "code version title currency start until components",
    Component: "code title basis table applies_to caps base_caps share term timing reversal "
    "stacking first_deals",
    Basis: "event of",
    Bracket: "lower upper rate amount",
    Cap: "per limit period",
    RateTable: "mode rate amount per brackets reset qualify baseline target applies by_tier",
    Reset: "every start_month",
    Reversal: "mode on within_days months at contract lapse certifications",
    Share: "kind roles overlay",
    Stacking: "group rule priority",
    Term: "kind months anchor",
    Timing: "hold_days payable holdback holdback_days",
    All: "parts",
    AnyOf: "parts",
    Not: "part",
    Among: "fact values",
    Dates: "fact start until",
    OrderSize: "at_least below currency",
}
"""What is understood here. A field that is not named must have its default."""

_CHOICES: dict[tuple[type, str], Collection[Any]] = {
    (Cap, "per"): {CapPer.EVENT, CapPer.DEAL, CapPer.PERIOD, CapPer.PARTNER},
    (RateTable, "mode"): set(Mode),
    (Share, "kind"): {"whole", "credit", "role"},
    (Term, "kind"): {"life", "once", "months"},
    (Term, "anchor"): {"order", "customer"},
    (Timing, "payable"): {"earned", "collection", "month_end"},
    (Reversal, "mode"): {"none", "full", "pro_rata"},
    (Stacking, "rule"): {"add", "best", "priority"},
}
"""The values that are understood, where there may come to be others."""


def supported(plan: PlanVersion) -> str | None:
    """Return why a part of a plan goes to the plain engine, in words; None where none does."""
    return why_not(chains_of([plan]))


def why_not(island: Sequence[Chain]) -> str | None:
    """Return what keeps chains that depend on one another out of the columns, if anything."""
    plans = {id(place.plan): place.plan for chain in island for place in chain.places}
    of_plans = (reason for plan in plans.values() for reason in _strange(plan, ("components",)))
    of_chains = (reason for chain in island for reason in _of_chain(chain))
    return next(joined(of_plans, of_chains, _together(island)), None)


def _of_chain(chain: Chain) -> Iterator[str]:
    names = {(place.plan.version, place.tier) for place in chain.places}
    if len(names) < len(chain.places):
        yield "Two components of one plan have the same code."
    for place in chain.places:
        yield from _inside(place.component)
        yield from _of_table(place.table, place.component)
        yield from _of_component(place.component)
    frames = {(place.plan.currency, _frame(place.component, place.table)) for place in chain.places}
    if len(frames) > 1:
        yield "Versions that differ in more than rates and conditions are not counted together."


@lru_cache(maxsize=4096)
def _inside(component: Component) -> tuple[str, ...]:
    """Return what in a component is not understood here."""
    return tuple(_strange(component))


def _of_table(table: RateTable, component: Component) -> Iterator[str]:
    if table.mode in (Mode.ON_EXCESS, Mode.GROWTH) and table.baseline is None:
        yield "What is compared with the year before is not calculated in columns."
    if (component.table.qualify, component.table.reset) != (table.qualify, table.reset):
        yield "Tables by tier that count by themselves are not calculated in columns."
    if table.qualify is not None and table.mode is not Mode.NEXT_SALE:
        yield "Earlier sales are not topped up in columns."
    if table.qualify is not None and component.share.kind != "whole":
        yield "A measure that only qualifies is counted in columns for the whole amount alone."
    back = _looks_back(component, table)
    limits = (*component.caps, *component.base_caps)
    if len(back) > 1 or (back and (table.mode is not Mode.FLAT or limits)):
        yield "What was paid before is looked at in columns for flat tables without caps alone."


def _of_component(component: Component) -> Iterator[str]:
    if any(len(counting_over(caps)) > 1 for caps in (component.caps, component.base_caps)):
        yield "Several caps that count over events are not calculated in columns."
    competes = component.stacking is not None and component.stacking.rule != "add"
    if competes and (counting_over(component.caps) or _looks_back(component, component.table)):
        yield "Caps and first deals where one of a group pays are not calculated in columns."


def _looks_back(component: Component, table: RateTable) -> list[str]:
    """Return which terms look at what was paid before."""
    terms = {
        "per order": table.amount is not None and table.per is Per.ORDER,
        "once": component.term.kind == "once",
        "first deals": component.first_deals is not None,
    }
    return [name for name, looks in terms.items() if looks]


def _strange(value: Any, leave: Sequence[str] = ()) -> Iterator[str]:
    """Yield what in a value, or inside it, is not understood here."""
    kind = type(value)
    if kind not in _KNOWN:
        yield f"{kind.__name__} is not calculated in columns."
        return
    known = _KNOWN[kind].split()
    for each in fields(value):
        found = getattr(value, each.name)
        if each.name not in known:
            if found != _default(each):
                yield f"{kind.__name__}.{each.name} is not calculated in columns."
        elif each.name not in leave:
            yield from _unknown(kind, each.name, found)


def _unknown(kind: type, name: str, found: Any) -> Iterator[str]:
    choices = _CHOICES.get((kind, name))
    if choices is not None and found not in choices:
        yield f"{kind.__name__}.{name} {found} is not calculated in columns."
    for part in found if isinstance(found, tuple) else (found,):
        for inner in part if isinstance(part, tuple) else (part,):
            if is_dataclass(inner) and not isinstance(inner, type):
                yield from _strange(inner)


def _default(each: "Field[Any]") -> Any:
    return each.default_factory() if each.default_factory is not MISSING else each.default


def _frame(component: Component, table: RateTable) -> Component:
    """Return a component without what may differ from version to version, or from tier to tier."""
    kept = RateTable(
        Mode.MARGINAL if table.runs else table.mode,
        amount=None if table.amount is None else 1,
        per=table.per,
        reset=table.reset,
        qualify=table.qualify,
    )
    return replace(component, title="", table=kept, applies_to=ALWAYS, timing=Timing())


def _together(island: Sequence[Chain]) -> Iterator[str]:
    """Yield what keeps chains apart: a cap that more than one of them shares."""
    for what in ("caps", "base_caps"):
        shared = [
            chain.key[0]
            for chain in island
            if any(cap.per is CapPer.PARTNER for cap in getattr(chain.first, what))
        ]
        if len(set(shared)) < len(shared):
            yield "A cap that several components share is not calculated in columns."
