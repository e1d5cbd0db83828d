"""Totals of any contracts by month: plain ones in columns, the others period by period."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from app.kernel.period import add_months
from app.revenue.recognition.book import refused
from app.revenue.recognition.calendar import Granularity
from app.revenue.recognition.document import Document
from app.revenue.recognition.grain import Grain
from app.revenue.recognition.plain import LONGEST as _LONGEST
from app.revenue.recognition.plain import Plain, plain
from app.revenue.recognition.portfolio import Month, Portfolio
from app.revenue.recognition.recognise import recognise
from app.revenue.recognition.result import Result, Row

_BLOCK = 5_000
_MOVES = ("billed", "recognised", "other")
_STANDS = ("closing", "contract_liability", "contract_asset", "remaining", "current")
Figures = dict[str, int]


@dataclass(slots=True)
class Totals:
    """Adds up contracts of one currency and one smallest amount."""

    grain: Grain | None = None
    portfolio: Portfolio = field(default_factory=Portfolio)
    contracts: int = 0
    obligations: int = 0
    _plain: list[Plain] = field(default_factory=list)
    _changes: dict[str, Figures] = field(default_factory=dict)
    """What each month changes, of the contracts that are not plain."""

    def add(self, document: Document, path: str) -> None:
        """Add what one document comes to.

        :raises DocumentRefused: if it is not by months, or of another currency than those before
        """
        self._same(document.grain, path)
        if document.calendar.granularity is not Granularity.MONTH:
            raise refused(f"{path}.granularity", "Totals are by month.")
        self.contracts += 1
        self.obligations += len(document.obligations)
        found = plain(document)
        if found is None:
            self._add_result(recognise(document))
            return
        self._plain.append(found)
        if len(self._plain) == _BLOCK:
            self._flush()

    def merge(self, other: "Totals", path: str) -> None:
        """Add what other contracts came to.

        :raises DocumentRefused: if they are of another currency
        """
        if other.grain is not None:
            self._same(other.grain, path)
        other._flush()
        self.portfolio.merge(other.portfolio)
        self.contracts += other.contracts
        self.obligations += other.obligations
        for label, figures in other._changes.items():
            self._change(label, figures)

    def months(self) -> list[tuple[str, Figures]]:
        """Return the label and the figures of each month from the first to the last, in grains."""
        self._flush()
        for month in self._columns():
            self._change(month[0], month[1])
        at, rows = dict.fromkeys(_STANDS, 0), []
        for label in _labels(self._changes):
            figures = self._changes.get(label, {})
            opening = at["closing"]
            at = {name: value + figures.get(name, 0) for name, value in at.items()}
            moves = {name: figures.get(name, 0) for name in _MOVES}
            rows.append((label, {"opening": opening, **moves, **at}))
        return rows

    def _same(self, grain: Grain, path: str) -> None:
        if self.grain is None:
            self.grain = grain
        elif self.grain != grain:
            why = "It is not that of the documents before; totals are of one."
            is_unit = self.grain.currency == grain.currency
            raise refused(f"{path}.{'round_to' if is_unit else 'currency'}", why)

    def _flush(self) -> None:
        """Put plain contracts into columns: together, unless they lie centuries apart."""
        days = [each.begins for each in self._plain] + [each.last for each in self._plain]
        if days and max(days) - min(days) > _LONGEST:
            for each in self._plain:
                self.portfolio.add_plain([each])
        else:
            self.portfolio.add_plain(self._plain)
        self._plain = []

    def _columns(self) -> Iterable[tuple[str, Figures]]:
        """Yield what each month of the plain contracts changes."""
        before: Month | None = None
        for month in self.portfolio.months():
            stands = {n: getattr(month, n) - (getattr(before, n) if before else 0) for n in _STANDS}
            yield month.label, stands | {"billed": month.billed, "recognised": month.recognised}
            before = month
        self.portfolio = Portfolio()

    def _add_result(self, result: Result) -> None:
        before: Row | None = None
        for row in result.rows:
            figures = _stands(row)
            if before is not None:
                was = _stands(before)
                figures = {name: value - was[name] for name, value in figures.items()}
            billed = row.after.billed - row.before.billed
            other = figures["closing"] - billed + row.revenue
            moves = {"billed": billed, "recognised": row.revenue, "other": other}
            self._change(row.label, figures | moves)
            before = row

    def _change(self, label: str, figures: Figures) -> None:
        sums = self._changes.setdefault(label, defaultdict(int))
        for name, value in figures.items():
            sums[name] += value


def _stands(row: Row) -> Figures:
    after, left = row.after, row.remaining
    return {
        "closing": after.contract_liability - after.contract_asset - after.financed,
        "contract_liability": after.contract_liability,
        "contract_asset": after.contract_asset,
        "remaining": left.total,
        "current": left.current,
    }


def _labels(known: Iterable[str]) -> list[str]:
    """Return every month from the first to the last of some."""
    ordered = sorted(known)
    if not ordered:
        return []
    first = date.fromisoformat(f"{ordered[0]}-01")
    last = date.fromisoformat(f"{ordered[-1]}-01")
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [f"{add_months(first, number):%Y-%m}" for number in range(count)]
