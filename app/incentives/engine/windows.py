"""Reading of periods: a word for those of the calendar, an object for fiscal and rolling ones."""

from app.incentives.engine.bounds import days_of, months_of
from app.incentives.engine.names import period_word
from app.incentives.engine.resets import Every, Reset
from app.kernel.reading import Node

CALENDAR = (Every.MONTH, Every.QUARTER, Every.YEAR, Every.LIFETIME)
_FISCAL = (Every.FISCAL_QUARTER, Every.FISCAL_YEAR)


def read_reset(node: Node) -> Reset:
    """Return the period that a document names.

    :raises DocumentRefused: if it is neither a calendar period nor a complete fiscal or rolling one
    """
    if not isinstance(node.value, dict):
        return Reset(period_word(node).choice(Every, CALENDAR))
    members = node.keys(("period",), ("start_month", "months", "days"))
    every = members["period"].choice(Every)
    allowed = {"period"} | _details(every)
    for name in members:
        if name not in allowed:
            raise members[name].refuse(f"It does not belong to the period “{every}”.")
    if every in _FISCAL:
        return Reset(every, start_month=_start_month(node, members))
    return _rolling(node, members) if every is Every.ROLLING else Reset(every)


def _details(every: Every) -> set[str]:
    if every in _FISCAL:
        return {"start_month"}
    return {"months", "days"} if every is Every.ROLLING else set()


def _start_month(node: Node, members: dict[str, Node]) -> int:
    if "start_month" not in members:
        raise node.refuse("“start_month” is missing: say in which month, 1 to 12, it begins.")
    month = members["start_month"].whole(1)
    if month > 12:
        raise members["start_month"].refuse("A month is a number from 1 to 12.")
    return month


def _rolling(node: Node, members: dict[str, Node]) -> Reset:
    if ("months" in members) == ("days" in members):
        raise node.refuse("A rolling window is a number of months or of days, one of the two.")
    if "months" in members:
        return Reset(Every.ROLLING, months=months_of(members["months"]))
    return Reset(Every.ROLLING, days=days_of(members["days"], 1))
