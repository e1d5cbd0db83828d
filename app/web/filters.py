"""Template filters: values as text in the reader's locale and zone."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from flask import Flask

from app.access.guard import current_actor
from app.access.rules import SYSTEM, Actor
from app.kernel import format as text
from app.kernel.money import Money
from app.kernel.period import Days


def reader() -> Actor:
    """Return in whose locale and zone a page is written."""
    return current_actor() or SYSTEM


def money(value: Money | None) -> str:
    """Return the amount with its currency; a dash where there is none."""
    return "–" if value is None else text.money(value, reader().locale)


def amount(value: Money | int | None, currency: str = "") -> str:
    """Return the amount alone; an integer is minor units of ``currency``."""
    if value is None:
        return "–"
    whole = value if isinstance(value, Money) else Money(value, currency)
    return text.amount(whole, reader().locale)


def day(value: date | datetime | None) -> str:
    """Return a calendar day; a dash where there is none."""
    return "–" if value is None else text.day(value, reader().locale)


def moment(value: datetime | None) -> str:
    """Return a moment in the reader's zone; a dash where there is none."""
    who = reader()
    return "–" if value is None else text.moment(value, who.locale, who.zone)


def month(value: Days | date | None) -> str:
    """Return a month; a dash where there is none."""
    return "–" if value is None else text.month(value, reader().locale)


def percent(value: Decimal | float | None, places: int = 1) -> str:
    """Return a share as a percentage; n/a where there is none."""
    return "n/a" if value is None else text.percent(value, reader().locale, places)


def number(value: int | Decimal | float | None) -> str:
    """Return a number with grouping; a dash where there is none."""
    return "–" if value is None else text.number(value, reader().locale)


def label(value: Enum | str | None) -> str:
    """Return a state's name as people read it."""
    return "–" if value is None else text.label(value)


def install(app: Flask) -> None:
    """Give templates these filters."""
    for function in (money, amount, day, moment, month, percent, number, label):
        app.add_template_filter(function)
