"""Files of many events: calculated in columns where nobody asks for traces or reasons."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from app.incentives.engine import Facts, Line, PlanVersion

if TYPE_CHECKING:
    from app.incentives.engine.columns import LineColumns

MANY = 2000
"""From so many events on NumPy is worth its loading."""


def lines_in_columns(
    facts: Facts, plans: Sequence[PlanVersion], at: datetime
) -> tuple[Line, ...] | None:
    """Return the lines of many events, each with the kind alone of its trace; None for few."""
    found = _calculated(facts, plans, at)
    if found is None:
        return None
    from app.incentives.engine.columns import lines_in_short

    return lines_in_short(found)


def sums_in_columns(
    facts: Facts, plans: Sequence[PlanVersion], at: datetime
) -> Counter[tuple[str, str]] | None:
    """Return the sums of many events' lines by partner and currency; None for few events."""
    found = _calculated(facts, plans, at)
    return None if found is None else Counter(found.totals())


def _calculated(facts: Facts, plans: Sequence[PlanVersion], at: datetime) -> "LineColumns | None":
    currencies = {event.currency for event in facts.events} | {plan.currency for plan in plans}
    # What is left out for want of an exchange rate is to be mentioned, and reasons are not kept.
    if len(facts.events) < MANY or len(currencies) > 1:
        return None
    from app.incentives.engine.columns import calculate_columns, columns_of  # NumPy loads late

    try:
        return calculate_columns(columns_of(facts), plans, at)
    except OverflowError:
        return None
