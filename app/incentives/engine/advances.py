"""Draws over the periods of a calculation: what was advanced, and what later surplus repays."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time

from app.incentives.engine import trace as traces
from app.incentives.engine.draw import Drawn, draw
from app.incentives.engine.facts import CreditedEvent, EventKind, PartnerFacts
from app.incentives.engine.lines import Line, Trace
from app.incentives.engine.plan import Draw, PlanVersion
from app.incentives.engine.predicates import Case
from app.kernel.period import Days

DRAW = "draw"
"""The code that lines of a draw bear in place of a component's."""


def advance(
    lines: Iterable[Line],
    plans: Sequence[PlanVersion],
    partners: Mapping[str, PartnerFacts],
    as_of: date,
) -> Iterator[Line]:
    """Yield a line for each partner and ended period in which a draw advances or is repaid."""
    codes = sorted({plan.code for plan in plans if plan.draw is not None})
    if not codes:
        return
    earned: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        earned[line.plan, line.partner_id].append(line)
    for code in codes:
        versions = [plan for plan in plans if plan.code == code]
        for partner in sorted(partners):
            yield from _of_partner(versions, partners[partner], earned[code, partner], as_of)


def _of_partner(
    versions: list[PlanVersion], partner: PartnerFacts, lines: list[Line], as_of: date
) -> Iterator[Line]:
    deficit = 0
    for plan, terms, period in _periods(versions, as_of):
        if not _applies(plan, terms, partner, period.last):
            continue
        gross = sum(line.minor for line in lines if period.contains(line.earned_on))
        before = deficit
        (drawn,) = draw([gross], terms.amount, deficit=deficit, recoverable=terms.recoverable)
        deficit = drawn.deficit
        if drawn.paid != gross:
            yield _line(plan, partner, period, _trace(terms, period, before, drawn))


def _periods(versions: list[PlanVersion], as_of: date) -> Iterator[tuple[PlanVersion, Draw, Days]]:
    """Yield every ended period of a draw, under the version in force on its last day."""
    drawing = [(plan, plan.draw) for plan in versions if plan.draw is not None]
    first = min(terms.start or plan.start for plan, terms in drawing)
    on = first
    while on <= as_of:
        terms = next((terms for plan, terms in drawing if plan.contains(on)), drawing[0][1])
        period = terms.period.period(on)
        if period.last > as_of:
            return
        for plan, terms in drawing:
            if plan.contains(period.last) and _is_whole(terms, period, first):
                yield plan, terms, period
        on = period.until


def _is_whole(terms: Draw, period: Days, first: date) -> bool:
    ends = terms.until is None or period.until <= terms.until
    return ends and period.start >= (terms.start or first)


def _applies(plan: PlanVersion, terms: Draw, partner: PartnerFacts, on: date) -> bool:
    """Whether the partner has the draw, by its tier and place on the last day of the period."""
    asked = CreditedEvent(
        key="", kind=EventKind.BOOKED, on=on, order_id="", partner_id=partner.id, minor=0,
        currency=plan.currency, recorded_at=datetime.combine(on, time.min, UTC),
    )  # fmt: skip
    return terms.applies_to.test(Case(asked, partner, plan.currency, None)).holds


def _trace(terms: Draw, period: Days, deficit: int, drawn: Drawn) -> Trace:
    return {
        "amount": terms.amount,
        "period": str(terms.period),
        "from": period.start.isoformat(),
        "until": period.until.isoformat(),
        "recoverable": terms.recoverable,
        "gross": drawn.gross,
        "deficit_before": deficit,
        "advance": drawn.advance,
        "repaid": drawn.repaid,
        "deficit_after": drawn.deficit,
        "paid": drawn.paid,
    }


def _line(plan: PlanVersion, partner: PartnerFacts, period: Days, drawn: Trace) -> Line:
    minor = drawn["advance"] - drawn["repaid"]
    return Line(
        plan=plan.code,
        version=plan.version,
        component=DRAW,
        title="Draw",
        partner_id=partner.id,
        event_key=f"draw:{period.start.isoformat()}",
        order_id="",
        base_minor=drawn["gross"],
        minor=minor,
        currency=plan.currency,
        earned_on=period.last,
        payable_on=period.last,
        gate=None,
        trace={
            "format": traces.FORMAT,
            "kind": "draw",
            "plan": traces.plan_of(plan),
            "component": {"code": DRAW, "title": "Draw"},
            "partner": {"id": partner.id},
            "draw": drawn,
            "result": traces.result(minor, plan.currency),
        },
    )
