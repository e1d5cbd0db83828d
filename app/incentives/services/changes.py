"""What a calculation says that is not stored yet: of many facts only that is told in full."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.incentives import engine
from app.incentives.models import Accrual
from app.incentives.services.lines import identity
from app.kernel.period import Days

MANY = 60
"""From so many events on a calculation in columns is the shorter one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One partner's lines up to the end of a period, and those stored of earlier periods."""

    partner_id: str
    period: Days
    issued: Sequence[Accrual]


def changes(
    facts: engine.Facts, plans: Sequence[engine.PlanVersion], at: datetime, asked: Asked
) -> tuple[list[engine.Line], list[Accrual]]:
    """Return the period's lines and earlier ones, and the stored lines to compare these with.

    Where there are many facts, both are left out where they agree in amount and day of payment;
    what a line without a day waits for may have changed.
    """
    if len(facts.events) < MANY:
        lines = engine.calculate(facts, plans, at).lines
        return [line for line in lines if _is_asked(asked, line)], list(asked.issued)
    return _in_columns(facts, plans, at, asked)


def _is_asked(asked: Asked, line: engine.Line) -> bool:
    return line.partner_id == asked.partner_id and line.earned_on < asked.period.until


def _in_columns(
    facts: engine.Facts, plans: Sequence[engine.PlanVersion], at: datetime, asked: Asked
) -> tuple[list[engine.Line], list[Accrual]]:
    from app.incentives.engine import columns  # NumPy is needed by large calculations alone

    told = columns.columns_of(facts)
    made = columns.calculate_columns(told, plans, at, partners=[asked.partner_id])
    stored = _stored(asked.issued)
    lines, agree = [], set()
    for short in columns.in_short(made):
        place = (*short.key[:3], short.key[4])
        known = short.earned_on < asked.period.start and stored.get(place)
        if short.payable_on and known == (short.minor, {short.payable_on}):
            agree.add(place)
        elif short.earned_on < asked.period.until:
            lines.append(short.full())
    lines.sort(key=lambda line: (line.earned_on, line.key))
    return lines, [row for row in asked.issued if identity(row)[:4] not in agree]


def _stored(
    issued: Iterable[Accrual],
) -> dict[tuple[str, str, str, str], tuple[int, set[date | None]]]:
    """Return the sum of each line's stored amounts, and the days of payment that they say."""
    found: dict[tuple[str, str, str, str], list[Accrual]] = defaultdict(list)
    for row in issued:
        found[identity(row)[:4]].append(row)
    return {
        place: (sum(row.amount_minor for row in rows), {row.payable_on for row in rows})
        for place, rows in found.items()
    }
