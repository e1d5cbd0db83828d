"""Recognition of one document: every section that it has, period by period."""

from datetime import date
from fractions import Fraction

from app.kernel.money import round_half_away
from app.kernel.period import Days
from app.revenue.recognition.billing import billed, check
from app.revenue.recognition.costs import Carried, carried
from app.revenue.recognition.document import Document
from app.revenue.recognition.events import PAPERS
from app.revenue.recognition.explain import warnings
from app.revenue.recognition.financing import Financed
from app.revenue.recognition.history import History
from app.revenue.recognition.period_range import range_of
from app.revenue.recognition.position import CANCELLED, Manner, Position, end_revenue, position
from app.revenue.recognition.posting import Posting
from app.revenue.recognition.prepare import prepared
from app.revenue.recognition.remaining import bands, remaining
from app.revenue.recognition.repurchase import held
from app.revenue.recognition.result import Line, Remaining, Result, Row
from app.revenue.recognition.standing import Standing


def recognise(document: Document) -> Result:
    """Return what a document comes to.

    :raises DocumentRefused: if it contradicts itself
    :raises NothingToAllocateBy: if its price cannot be allocated
    """
    document, found = prepared(document)
    check(document.events, document.grain)
    history = History(document)
    result = Result(document, history, financed=found)
    days = range_of(document, found)
    if days is not None:
        _Periods(result, history, found).fill(days)
    _costs(result)
    _repurchase(result)
    result.warnings += warnings(result)
    return result


class _Periods:
    """Fills the rows of one result, one period after the other."""

    def __init__(self, result: Result, history: History, found: Financed | None) -> None:
        self.result, self.history, self.found = result, history, found
        self.document = result.document
        self.posting = Posting(result.document, history)
        self.papers = tuple(event for event in self.document.events if event.kind in PAPERS)
        self.flows: list[tuple[date, int]] = []
        self.last_flow = 0

    def fill(self, days: tuple[date, date]) -> None:
        document = self.document
        self.result.catch_ups = self.history.catch_ups()
        before, was = _opening(document)
        moments = sorted({event.on for event in document.events})
        for period in document.calendar.periods(*days):
            ends_on = min(period.last, document.as_of or period.last)
            now = self.posting.standing(period)
            self._flows(period, ends_on, moments)
            after = self._position(period, ends_on, now)
            lines = self._lines(period, ends_on, was, now, after, before)
            left = Remaining()
            if document.price is not None:
                left = remaining(self.history, ends_on)
            row = Row(
                document.calendar.label(period), period, ends_on, self.posting.is_open(period),
                lines, before, after, left, self._carried(ends_on, period),
                _provision(self.history, ends_on),
            )  # fmt: skip
            self.result.rows.append(row)
            before, was = after, now
        last = self.result.rows[-1].ends_on
        if document.price is not None and document.obligations:
            self.result.remaining_on = last
            self.result.remaining = bands(self.history, document, last)

    def _flows(self, period: Days, ends_on: date, moments: list[date]) -> None:
        if self.found is None:
            return
        inside = [on for on in moments if period.start <= on < ends_on]
        for on in [*inside, ends_on]:
            total = self.history.standing(on).total
            if total != self.last_flow:
                self.flows.append((on, total - self.last_flow))
                self.last_flow = total

    def _position(self, period: Days, ends_on: date, now: Standing) -> Position:
        document = self.document
        way = document.contract.receivable_from
        papers = billed(self.papers, ends_on, way)
        interest = 0
        if self.found is not None and self.posting.is_open(period):
            paid = sum(
                round_half_away(f.amount) for f in self.found.terms.payments if f.on <= ends_on
            )
            interest = self.found.interest(ends_on, self.flows, paid)
        ended = None
        if self.history.book(ends_on).end is not None:
            ended = end_revenue(document, self.history, ends_on)
        only_time = self.found is not None and all(part == 1 for part in now.progress.values())
        return position(now, papers, Manner(way, interest, ended, only_time))

    def _lines(
        self,
        period: Days,
        ends_on: date,
        was: Standing,
        now: Standing,
        after: Position,
        before: Position,
    ) -> tuple[Line, ...]:
        earlier = self.posting.earlier(period, was)
        start = period.start
        jumps = [each for each in self.result.catch_ups if start <= each.on <= ends_on]
        if self.posting.is_settled(period):
            jumps = []
        lines = []
        for key, amount in now.revenue.items():
            at_once = sum(each.changes.get(key, 0) for each in jumps)
            posted = amount - was.revenue.get(key, 0)
            done = now.progress.get(key)
            lines.append(Line(key, posted, amount, earlier.get(key, 0), at_once, done))
        ended = after.revenue - now.total
        if ended:
            lines.append(Line(CANCELLED, ended - (before.revenue - was.total), ended))
        return tuple(lines)

    def _carried(self, ends_on: date, period: Days) -> dict[str, Carried]:
        if not self.posting.is_open(period):
            return {}
        return {
            cost.id: carried(
                cost, ends_on, _with_revenue(self.history, cost.with_revenue_of, ends_on)
            )
            for cost in self.document.costs
        }


def _opening(document: Document) -> tuple[Position, Standing]:
    """Return what was recognised before the document begins, as not billed yet."""
    revenue = {
        each.id: round_half_away(each.recognised_before)
        for each in document.obligations
        if each.recognised_before
    }
    total = sum(revenue.values())
    return Position(revenue=total, contract_asset=total), Standing(revenue=revenue)


def _with_revenue(history: History, keys: tuple[str, ...], on: date) -> Fraction | None:
    if not keys:
        return None
    now, whole = history.standing(on).revenue, history.completed(on).revenue
    total = sum(whole.get(key, 0) for key in keys)
    return Fraction(sum(now.get(key, 0) for key in keys), total) if total else Fraction(0)


def _provision(history: History, on: date) -> int:
    """Return the loss still to come on obligations measured by cost (IAS 37, ASC 605-35-25-45)."""
    now, whole, provision = history.standing(on), 0, Fraction(0)
    terms = history.book(on).terms
    for key, each in terms.items():
        if each.total is None or each.pattern != "cost_to_cost" or key not in now.allocated:
            continue
        whole = now.allocated[key]
        loss = max(each.total - whole, Fraction(0))
        provision += loss * (1 - now.progress.get(key, Fraction(0)))
    return round_half_away(provision)


def _costs(result: Result) -> None:
    for cost in result.document.costs:
        rows = [(row.label, row.costs[cost.id]) for row in result.rows if cost.id in row.costs]
        result.costs.append((cost, rows))


def _repurchase(result: Result) -> None:
    terms = result.document.repurchase
    if terms is not None:
        result.repurchase = [(row.label, held(terms, row.ends_on)) for row in result.rows]
