"""Engine lines and stored lines, compared and turned into each other."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.incentives import engine
from app.incentives.models import Accrual
from app.incentives.rules import AccrualKind
from app.kernel.period import Days

Identity = tuple[str, str, str, str, int]
"""Plan code, component, event key, part, revision."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line that a period should have, with its place among the revisions of its kind."""

    line: engine.Line
    kind: AccrualKind
    revision: int = 0
    corrects_id: UUID | None = None

    @property
    def identity(self) -> Identity:
        """What tells it from every other line of the partner."""
        line = self.line
        return line.plan, line.component, line.event_key, line.part, self.revision


def identity(row: Accrual) -> Identity:
    """Return the same of a stored line."""
    return row.plan_code, row.component, row.event_key, row.part, row.revision


def wanted_lines(
    lines: Iterable[engine.Line], issued: Sequence[Accrual], period: Days
) -> list[Wanted]:
    """Return what a period should hold: its own lines, and what earlier ones lack.

    ``issued`` are the stored lines of all earlier periods, adjustments included.
    """
    lines = list(lines)
    own = [
        Wanted(line, AccrualKind.CLAWBACK if line.kind == "reversed" else AccrualKind.EARNED)
        for line in lines
        if period.contains(line.earned_on)
    ]
    earlier = [line for line in lines if line.earned_on < period.start]
    known: dict[tuple[str, str, str, str], list[Accrual]] = defaultdict(list)
    for row in issued:
        known[identity(row)[:4]].append(row)
    found = engine.difference((as_line(row) for row in issued), earlier)
    return [*own, *(_adjustment(line, known) for line in found)]


def _adjustment(line: engine.Line, known: dict[tuple[str, str, str, str], list[Accrual]]) -> Wanted:
    rows = known[line.plan, line.component, line.event_key, line.part]
    first = min(rows, key=lambda row: row.revision, default=None)
    revision = max((row.revision for row in rows), default=0) + 1
    return Wanted(line, AccrualKind.ADJUSTMENT, revision, None if first is None else first.id)


def as_line(row: Accrual) -> engine.Line:
    """Return a stored line as the engine knows it."""
    key = (row.plan_code, row.component, row.event_key, str(row.partner_id), row.part)
    return engine.Line(
        plan=row.plan_code,
        version=int(row.because["plan"]["version"]),
        component=row.component,
        title=row.title,
        partner_id=str(row.partner_id),
        event_key=row.event_key,
        order_id=row.order_number,
        base_minor=row.base_minor,
        minor=row.amount_minor,
        currency=row.currency,
        earned_on=row.earned_on,
        payable_on=row.payable_on,
        gate=None,
        part=row.part,
        corrects=key if row.kind is AccrualKind.ADJUSTMENT else None,
        trace=row.because,
    )


def differs(row: Accrual, wanted: Wanted) -> bool:
    """Whether a stored line says something else; a gate that only time opened does not count."""
    line = wanted.line
    now = (wanted.kind, line.minor, line.base_minor, line.currency, line.earned_on,
           line.payable_on, line.title, line.order_id, wanted.corrects_id)  # fmt: skip
    was = (row.kind, row.amount_minor, row.base_minor, row.currency, row.earned_on,
           row.payable_on, row.title, row.order_number, row.corrects_id)  # fmt: skip
    return now != was or plain(line.trace) != row.because


def apply(row: Accrual, wanted: Wanted, *, customer: str, at: datetime) -> None:
    """Make a stored line say what is wanted."""
    line = wanted.line
    row.kind, row.revision, row.corrects_id = wanted.kind, wanted.revision, wanted.corrects_id
    row.plan_code, row.component = line.plan, line.component
    row.part, row.title, row.event_key = line.part, line.title, line.event_key
    row.order_number, row.customer_name = line.order_id, customer
    row.currency, row.base_minor, row.amount_minor = line.currency, line.base_minor, line.minor
    row.earned_on, row.payable_on, row.gate = line.earned_on, line.payable_on, _gate(line)
    row.because, row.calculated_at = plain(line.trace), at


def certification_of(line: engine.Line) -> str:
    """Return which certification's lapse takes a line back, in words that fit its place."""
    lapsed = (line.trace.get("event") or {}).get("certification")
    return f"Certification {lapsed}"[:_CONCERNING] if lapsed else ""


_CONCERNING = 120


def move_days(issued: Iterable[Accrual], lines: Iterable[engine.Line]) -> None:
    """Bring the day of payment of earlier lines up to date; their amounts stay as issued."""
    current = {line.key[:3] + line.key[4:]: line for line in lines}
    for row in issued:
        line = current.get(identity(row)[:4])
        if line is not None:
            move_day(row, line)


def move_day(row: Accrual, line: engine.Line) -> None:
    """Bring a line's day of payment up to date, and the minimum that it waits for."""
    now = _gate(line)
    if (row.payable_on, _least(row.gate)) != (line.payable_on, _least(now)):
        row.payable_on, row.gate = line.payable_on, now


def _least(gate: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a gate that the day of payment does not tell, which is that of a minimum."""
    return gate if gate is not None and gate["code"] == "below_minimum" else None


def _gate(line: engine.Line) -> dict[str, Any] | None:
    if line.gate is None:
        return None
    until = line.gate.until
    return {"code": line.gate.code, "until": until and until.isoformat(), "words": line.gate.words}


def plain(trace: engine.Trace) -> dict[str, Any]:
    """Return a trace as the database gives it back."""
    found: dict[str, Any] = json.loads(json.dumps(trace))
    return found
