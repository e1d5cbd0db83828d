"""Template filters: values as text in the reader's locale and zone."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache

from flask import Flask
from markupsafe import Markup

from app.access.guard import current_actor
from app.kernel import format as text
from app.kernel.money import Money
from app.kernel.period import Days
from config import ROOT

_ICONS = ROOT / "templates" / "icons"


def _locale() -> str:
    actor = current_actor()
    return actor.locale if actor else "en_GB"


def _zone() -> str:
    actor = current_actor()
    return actor.zone if actor else "UTC"


def money(value: Money | None) -> str:
    """Return the amount with its currency; a dash where there is none."""
    return "–" if value is None else text.money(value, _locale())


def amount(value: Money | int | None, currency: str = "") -> str:
    """Return the amount alone; an integer is minor units of ``currency``."""
    if value is None:
        return "–"
    return text.amount(value if isinstance(value, Money) else Money(value, currency), _locale())


def day(value: date | datetime | None) -> str:
    """Return a calendar day; a dash where there is none."""
    return "–" if value is None else text.day(value, _locale())


def moment(value: datetime | None) -> str:
    """Return a moment in the reader's zone; a dash where there is none."""
    return "–" if value is None else text.moment(value, _locale(), _zone())


def month(value: Days | date | None) -> str:
    """Return a month; a dash where there is none."""
    return "–" if value is None else text.month(value, _locale())


def percent(value: Decimal | float | None, places: int = 1) -> str:
    """Return a share as a percentage; n/a where there is none."""
    return "n/a" if value is None else text.percent(value, _locale(), places)


def number(value: int | Decimal | float | None) -> str:
    """Return a number with grouping; a dash where there is none."""
    return "–" if value is None else text.number(value, _locale())


def label(value: Enum | str | None) -> str:
    """Return a state's name as people read it."""
    return "–" if value is None else text.label(value)


@cache
def icon_svg(name: str) -> Markup:
    """Return the drawing of an icon, read once: a page has dozens, an include each is slow."""
    file = _ICONS / f"{name}.svg"
    return Markup(file.read_text("utf-8").strip())  # noqa: S704 - our own file


def install(app: Flask) -> None:
    """Give templates these filters, and the icons."""
    app.jinja_env.globals["icon_svg"] = icon_svg
    for function in (money, amount, day, moment, month, percent, number, label):
        app.add_template_filter(function)
