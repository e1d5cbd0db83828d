"""Canonical text (RFC 8785) of what happened, and the values that may stand in it."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import singledispatch
from typing import Any
from uuid import UUID

import rfc8785

from app.kernel.errors import Broken
from app.kernel.money import Money
from app.kernel.period import Days, Period

EXACT = 2**53 - 1
"""The largest integer that every JSON reader keeps exact (RFC 8785, section 3.2.2.3)."""


def stamp(at: datetime) -> str:
    """Return ``at`` as text in UTC with microseconds: 2026-03-02T12:00:00.000000Z.

    :raises Broken: if ``at`` has no zone
    """
    if at.tzinfo is None:
        raise Broken("a moment without a zone cannot be recorded")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


@singledispatch
def plain(value: object) -> Any:
    """Return ``value`` as JSON has it; integers beyond 2^53 and decimals become text.

    :raises Broken: if it is of a kind that has no exact text, such as a float
    """
    raise Broken(f"a ledger fact cannot be of type {type(value).__name__}")


@plain.register(bool)
@plain.register(type(None))
def _(value: bool | None) -> Any:
    return value


@plain.register
def _(value: str) -> str:
    return str.__str__(value)  # the text itself, also of a member of a str enumeration


@plain.register
def _(value: int) -> Any:
    return int(value) if abs(value) <= EXACT else str(int(value))


@plain.register
def _(value: Enum) -> Any:
    return plain(value.value)


@plain.register
def _(value: datetime) -> str:
    return stamp(value)


@plain.register
def _(value: date) -> str:
    return value.isoformat()


@plain.register
def _(value: bytes) -> str:
    return value.hex()


@plain.register(UUID)
@plain.register(Fraction)
def _(value: UUID | Fraction) -> str:
    return str(value)


@plain.register
def _(value: Decimal) -> str:
    if not value.is_finite():
        raise Broken("a ledger fact must be a finite number")
    return format(value, "f")


@plain.register
def _(value: Money) -> dict[str, Any]:
    return {"minor": plain(value.minor), "currency": value.currency}


@plain.register
def _(value: Period) -> dict[str, Any]:
    return {"start": stamp(value.start), "end": stamp(value.end)}


@plain.register
def _(value: Days) -> dict[str, Any]:
    return {"start": plain(value.start), "until": plain(value.until)}


@plain.register
def _(value: Mapping) -> dict[str, Any]:  # type: ignore[type-arg]
    return {_key(key): plain(each) for key, each in value.items()}


@plain.register(list)
@plain.register(tuple)
def _(value: Iterable[object]) -> list[Any]:
    return [plain(each) for each in value]


@plain.register(set)
@plain.register(frozenset)
def _(value: Iterable[object]) -> list[Any]:
    return sorted((plain(each) for each in value), key=str)


def _key(key: object) -> str:
    text = plain(key)
    if not isinstance(text, str):
        raise Broken("the keys of a ledger fact must be text")
    return text


def canonical(value: object) -> str:
    """Return the one canonical JSON text of ``value`` (RFC 8785).

    :raises Broken: if it has no canonical text
    """
    try:
        return rfc8785.dumps(plain(value)).decode()
    except rfc8785.CanonicalizationError as refused:
        raise Broken(f"no canonical text: {refused}") from refused


def salted(salt: bytes, value: str) -> str:
    """Return what may stand for personal data in an entry: SHA-256 over salt and text, in hex.

    The salt stays beside the personal data; erasing both leaves a hash that says nothing.
    """
    return hashlib.sha256(salt + value.encode()).hexdigest()
