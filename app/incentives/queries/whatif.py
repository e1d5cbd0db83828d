"""What an open deal would pay a partner, and how far the next bracket is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from app.incentives import engine
from app.incentives.queries.worked import Today, worked
from app.kernel.money import Money

HYPOTHETICAL = "what-if"
_KINDS = (engine.EventKind.BOOKED, engine.EventKind.BILLED, engine.EventKind.COLLECTED)


@dataclass(frozen=True, slots=True)
class Step:
    """How far a running total is from a component's next bracket; amounts in minor units."""

    title: str
    currency: str
    reached: int
    bracket: int
    rate: Fraction

    @property
    def missing(self) -> int:
        """What is still missing to the bracket."""
        return self.bracket - self.reached


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a deal would pay if it were booked, billed and paid in full today."""

    lines: tuple[engine.Line, ...]
    nothing: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]

    @property
    def totals(self) -> list[Money]:
        """The sum of all lines, by currency."""
        sums: dict[str, int] = {}
        for line in self.lines:
            sums[line.currency] = sums.get(line.currency, 0) + line.minor
        return [Money(minor, currency) for currency, minor in sorted(sums.items())]


@dataclass(frozen=True, slots=True)
class Deal:
    """What is supposed of an open deal: its worth, its kind, and the partner's part in it."""

    worth: Money
    routes: frozenset[str]
    deal_type: str = "new_business"
    family: str = ""
    customer_id: str = ""
    share: Fraction = Fraction(1)


def what_if(today: Today, deal: Deal, partner_id: UUID) -> Outlook:
    """Return what a deal would pay a partner on top of everything that it has earned so far."""
    mine = str(partner_id)
    supposed = tuple(_events(deal, mine, today.as_of))
    known = replace(today.facts, events=(*today.facts.events, *supposed))
    after = worked(known, today.plans, today.as_of)
    made = tuple(line for line in after.lines if line.order_id == HYPOTHETICAL)
    others = [line for line in after.lines if _is_known(line, mine)]
    changed = engine.difference(
        [line for line in today.result().lines if _is_known(line, mine)], others
    )
    reasons = after.why_nothing(HYPOTHETICAL, mine)
    titles = {(p.code, c.code): c.title for p in today.plans for c in p.components}
    told = [
        (titles.get((each.plan, each.component), "Every plan"), each.words)
        for each in reasons
        if "partner is" not in each.words  # a plan for other partners is not told of
    ]
    return Outlook((*made, *changed), tuple(told), tuple(_steps(made)))


def _is_known(line: engine.Line, partner_id: str) -> bool:
    return line.order_id != HYPOTHETICAL and line.partner_id == partner_id


def _events(deal: Deal, partner_id: str, at: datetime) -> Iterable[engine.CreditedEvent]:
    """Yield the whole course of the deal, in each class that the partner would be credited in."""
    classes = sorted(deal.routes & {"sourced", "influenced", "fulfilled"})
    extra = deal.routes & {"registered"}
    for credit_class in classes:
        for kind in _KINDS:
            yield engine.CreditedEvent(
                key=f"{HYPOTHETICAL}:{kind}:{credit_class}", kind=kind, on=at.date(),
                order_id=HYPOTHETICAL, partner_id=partner_id, minor=deal.worth.minor,
                currency=deal.worth.currency, recorded_at=at, share=deal.share,
                credited_minor=deal.worth.times(deal.share).minor, order_minor=deal.worth.minor,
                ordered_on=at.date(), family=deal.family, deal_type=deal.deal_type,
                routes=frozenset({credit_class, *extra}), customer_id=deal.customer_id,
                credit_class=credit_class,
            )  # fmt: skip


def _steps(lines: Sequence[engine.Line]) -> Iterable[Step]:
    """Yield, for each component that counts a running total, its next bracket."""
    last = {(line.plan, line.component): line for line in lines if line.kind == "earned"}
    for line in last.values():
        table: dict[str, Any] = line.trace["table"]
        if table["mode"] in ("flat", "age", "growth", "accelerator"):
            continue
        reached = Fraction(table["after"])
        ahead = [each for each in table["brackets"] if Fraction(each["from"]) > reached]
        if ahead and table.get("counts", line.trace["base"]["of"]) == "amount":
            following = min(ahead, key=lambda each: Fraction(each["from"]))
            yield Step(
                line.title, line.currency, int(reached), int(Fraction(following["from"])),
                Fraction(following["rate"]),
            )  # fmt: skip
