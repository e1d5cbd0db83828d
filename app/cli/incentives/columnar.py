"""Files of many events: calculated in columns where nobody asks for traces."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from app.incentives.engine import (
    Facts,
    Line,
    Nothing,
    PlanVersion,
    Result,
    apart,
    calculate,
    shares_limits,
)
from app.incentives.engine.reasons import PaidBefore, reasons, without_rates

if TYPE_CHECKING:
    from app.incentives.engine.columns import LineColumns

MANY = 2000
"""From so many events on NumPy is worth its loading."""


def results_in_columns(
    facts: Facts, plans: Sequence[PlanVersion], at: datetime
) -> list[Result] | None:
    """Return the lines of many events, each with the kind alone of its trace; None for few.

    Of the reasons for nothing it has those that name a missing exchange rate. Where there are no
    lines there may be more to be said, so that there is no result either.
    """
    lines = _lines(facts, plans, at)
    return [Result(lines, without_rates(facts, plans, at))] if lines else None


def _lines(facts: Facts, plans: Sequence[PlanVersion], at: datetime) -> Sequence[Line] | None:
    found = _calculated(facts, plans, at)
    if found is None:
        return None
    from app.incentives.engine.columns import lines_in_short

    return lines_in_short(found)


def results_with_reasons(
    facts: Facts, plans: Sequence[PlanVersion], at: datetime
) -> Iterator[Result] | None:
    """Return for each partner its lines, and all its reasons for nothing; None for few events.

    Where reasons depend on what was paid before, the partner is calculated one event after another.
    """
    if len(facts.events) < MANY or shares_limits(plans):
        return None
    from app.incentives.engine.columns import supported

    if any(supported(plan) for plan in plans):
        return None
    lines = _lines(facts, plans, at)
    return None if lines is None else _by_partner(facts, plans, at, lines)


def _by_partner(
    facts: Facts, plans: Sequence[PlanVersion], at: datetime, lines: Sequence[Line]
) -> Iterator[Result]:
    own: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        own[line.partner_id].append(line)
    for part in apart(facts, plans):
        mine = [line for partner in part.partners for line in own[partner.id]]
        try:
            yield Result(mine, reasons(part, plans, at, mine))
        except PaidBefore:
            yield calculate(part, plans, at, traced=False)


def sums_in_columns(
    facts: Facts, plans: Sequence[PlanVersion], at: datetime
) -> tuple[Counter[tuple[str, str]], Sequence[Nothing]] | None:
    """Return the sums of many events' lines by partner and currency; None for few events.

    Beside them stand the reasons for nothing that name a missing exchange rate.
    """
    found = _calculated(facts, plans, at)
    if found is None:
        return None
    return Counter(found.totals()), without_rates(facts, plans, at)


def _calculated(facts: Facts, plans: Sequence[PlanVersion], at: datetime) -> "LineColumns | None":
    if len(facts.events) < MANY:
        return None
    from app.incentives.engine.columns import calculate_columns, columns_of  # NumPy loads late

    try:
        return calculate_columns(columns_of(facts), plans, at)
    except OverflowError:
        return None
