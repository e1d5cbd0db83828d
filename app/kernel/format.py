"""Money, dates, periods and shares as text: one wording for page, mail, PDF and CSV."""

from copy import copy
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import NumberPattern, format_decimal, format_percent

from app.kernel.money import Money, decimals
from app.kernel.period import Days


@lru_cache(maxsize=64)
def _pattern(locale: str, places: int) -> tuple[NumberPattern, Locale]:
    parsed = Locale.parse(locale)
    pattern = copy(parsed.decimal_formats[None])
    pattern.frac_prec = (places, places)
    return pattern, parsed


def money(value: Money, locale: str = "en_GB") -> str:
    """Return ``EUR 1,234.50``: the code first, then the amount with all of its decimals."""
    return f"{value.currency}\u00a0{amount(value, locale)}"


@lru_cache(maxsize=4096)
def amount(value: Money, locale: str = "en_GB") -> str:
    """Return the amount without its currency, for columns that name it in their head."""
    if locale == "en_GB":
        return f"{value.amount:,f}"  # as Babel writes it, in a tenth of the time
    pattern, parsed = _pattern(locale, decimals(value.currency))
    return str(pattern.apply(value.amount, parsed))


@lru_cache(maxsize=4096, typed=True)  # a share equals itself as a float, and rounds otherwise
def number(value: int | Decimal | float, locale: str = "en_GB") -> str:
    """Return a plain number with the locale's grouping."""
    return str(format_decimal(value, locale=locale))


@lru_cache(maxsize=4096, typed=True)
def percent(value: Decimal | float, locale: str = "en_GB", places: int = 1) -> str:
    """Return a share (0.125) as a percentage (12.5 %), the sign set off as in every sentence."""
    pattern = "0" if places == 0 else "0." + "#" * places
    pattern = f"#,##{pattern}\u00a0%"
    return format_percent(value, format=pattern, locale=locale, decimal_quantization=True)


def day(value: date, locale: str = "en_GB") -> str:
    """Return a calendar day, such as 3 Mar 2026."""
    # A moment equals itself in another zone, where the day may be another: so only days are kept.
    return _day(value.date() if isinstance(value, datetime) else value, locale)


@lru_cache(maxsize=4096)
def _day(value: date, locale: str) -> str:
    return format_date(value, "d MMM y", locale=locale)


@lru_cache(maxsize=4096)
def moment(value: datetime, locale: str = "en_GB", zone: str = "UTC") -> str:
    """Return a moment in ``zone``, such as 3 Mar 2026, 14:05."""
    return format_datetime(value.astimezone(ZoneInfo(zone)), "d MMM y, HH:mm", locale=locale)


def month(value: Days | date, locale: str = "en_GB") -> str:
    """Return a month, such as March 2026."""
    start = value.start if isinstance(value, Days) else value
    return _month(start.year, start.month, locale)


@lru_cache(maxsize=4096)
def _month(year: int, month: int, locale: str) -> str:
    return format_date(date(year, month, 1), "LLLL y", locale=locale)


_SPELLED = {"co_sell": "Co-sell", "crm": "CRM", "duns": "DUNS", "iban": "IBAN", "bic": "BIC"}


def label(value: Enum | str) -> str:
    """Return a state's name as people read it: ``action_required`` becomes ``Action required``."""
    text = str(value.value if isinstance(value, Enum) else value)
    if text in _SPELLED:
        return _SPELLED[text]
    return text.replace("_", " ").capitalize()
