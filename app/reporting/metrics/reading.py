"""Reading what is given for a key: exact numbers, shares, flags, days, funnels."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.kernel.currencies import DECIMALS
from app.reporting.metrics.definition import Key, Kind, MetricRefused

_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,2})?", re.ASCII)
_FRACTION = re.compile(r"(\d{1,40})/(\d{1,40})", re.ASCII)
_FLAGS = {
    **dict.fromkeys(("1", "yes", "true", "y", "t"), True),
    **dict.fromkeys(("0", "no", "false", "n", "f"), False),
}
_BLANKS = ("", "-", "n/a")
STEPS = ("leads", "qualified", "opportunities", "won", "value")


def read(key: Key, text: str) -> object:
    """Return what ``text`` says for ``key``; a series as a tuple.

    :raises MetricRefused: if it says something else
    """
    text = text.strip()
    if not text:
        raise MetricRefused(f"{key.name}: nothing is given; a {key.kind_words} is needed.")
    if key.is_series:
        return tuple(_one(key, each.strip()) for each in text.split(","))
    if key.kind not in (Kind.FUNNEL, Kind.LABEL) and "," in text:
        raise MetricRefused(f"{key.name}: “{text[:40]}” is a series; one {key.kind} is needed.")
    return _one(key, text)


def _one(key: Key, text: str) -> object:
    if key.may_be_blank and text.lower() in _BLANKS:
        return None
    return _READERS[key.kind](key, text)


def number(key: Key, text: str) -> Fraction:
    """Return an exact number, not below the key's least."""
    if not _NUMBER.fullmatch(text):
        raise MetricRefused(f"{key.name}: “{text[:40]}” is not a number.")
    return _at_least(key, Fraction(Decimal(text)))


def _at_least(key: Key, value: Fraction) -> Fraction:
    if key.least is not None and value < key.least:
        raise MetricRefused(f"{key.name}: it must be at least {key.least}.")
    return value


def _parted(key: Key, text: str) -> Fraction:
    """Return a number written 25%, 0.25 or 1/4."""
    fraction = _FRACTION.fullmatch(text)
    if fraction and int(fraction[2]):
        return Fraction(int(fraction[1]), int(fraction[2]))
    if text.endswith("%"):
        return number(key, text.removesuffix("%").strip()) / 100
    return number(key, text)


def _rate(key: Key, text: str) -> Fraction:
    """Return a rate, which may be below zero, and above one where it has its percent sign."""
    value = _parted(key, text)
    if abs(value) > 1 and not text.endswith("%"):
        raise MetricRefused(
            f"{key.name}: a rate above 1 needs its percent sign; write 150%, not “{text[:40]}”."
        )
    return value


def _share(key: Key, text: str) -> Fraction:
    """Return a share: 25%, 0.25 or 1/4."""
    value = _parted(key, text)
    if value > 1:
        raise MetricRefused(
            f"{key.name}: a share is at most 1; write 25% or 0.25, not “{text[:40]}”."
        )
    return value


def _flag(key: Key, text: str) -> bool:
    try:
        return _FLAGS[text.lower()]
    except KeyError:
        raise MetricRefused(f"{key.name}: “{text[:40]}” is neither yes (1) nor no (0).") from None


def _day(key: Key, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise MetricRefused(f"{key.name}: “{text[:40]}” is not a day such as 2026-03-31.") from None


def _label(key: Key, text: str) -> str:
    if not text:
        raise MetricRefused(f"{key.name}: a name is empty.")
    return text


def _currency(key: Key, text: str) -> str:
    if text not in DECIMALS:
        raise MetricRefused(f"{key.name}: “{text[:40]}” is not a currency code.")
    return text


def _funnel(key: Key, text: str) -> dict[str, Fraction]:
    """Return the five steps, written ``leads:100,...`` or as five numbers in that order."""
    named = _named_steps(key, text)
    if unknown := sorted(set(named) - set(STEPS)):
        raise MetricRefused(f"{key.name}: “{unknown[0][:40]}” is not one of {', '.join(STEPS)}.")
    if missing := [step for step in STEPS if step not in named]:
        raise MetricRefused(f"{key.name}: {missing[0]} is missing.")
    return {step: number(Key(f"{key.name}.{step}", ""), named[step]) for step in STEPS}


def _named_steps(key: Key, text: str) -> dict[str, str]:
    """Return the text of each step; braces and quotes, as JSON has them, may stand around."""
    pieces = [piece.strip(" \"'") for piece in text.strip("{} ").split(",")]
    if not re.search("[:=]", text):
        return dict(zip(STEPS, pieces, strict=False)) if len(pieces) == len(STEPS) else {}
    found: dict[str, str] = {}
    for piece in pieces:
        name, value = (each.strip(" \"'") for each in re.split("[:=]", f"{piece}:")[:2])
        if name in found:
            raise MetricRefused(f"{key.name}: {name} is given twice.")
        found[name] = value
    return found


_READERS: dict[Kind, Callable[[Key, str], object]] = {
    Kind.NUMBER: number,
    Kind.SHARE: _share,
    Kind.RATE: _rate,
    Kind.FLAG: _flag,
    Kind.DAY: _day,
    Kind.LABEL: _label,
    Kind.CURRENCY: _currency,
    Kind.FUNNEL: _funnel,
}
