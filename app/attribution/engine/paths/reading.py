"""Reading of one row of a file of paths: channels, times, roles, exact numbers."""

import re
from datetime import datetime, timedelta
from itertools import pairwise

from app.kernel.errors import FieldError, Invalid

CONVERSIONS, VALUE, NULLS = "total_conversions", "total_conversion_value", "total_null"
SEPARATOR = ">"
HOUR = 3_600_000_000  # microseconds
LONGEST_HOURS = 10_000_000  # more than a thousand years
PLAIN = 19  # so many digits are read without a closer look
_MOST_DIGITS = 60
_SHOWN = 60
_OTHER_SIGNS = (";", "|", ",", ">")
_NUMBER = re.compile(r"\+?(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?", re.ASCII)


class PathRefused(Invalid):
    """A path cannot be read: why, in which ``field`` and, where it is known, ``row``."""

    code = "attribution.path"

    def __init__(self, sentence: str, field: str = "path", row: int | None = None) -> None:
        super().__init__(sentence, errors=[FieldError(field, sentence, self.code)])
        self.field = field
        self.row = row


def read_channels(text: str, separator: str = SEPARATOR) -> tuple[str, ...]:
    """Return the channels of ``a > b > c``.

    :raises PathRefused: if there is none, or one is empty
    """
    channels = tuple(part.strip() for part in text.split(separator))
    if not all(channels):
        raise PathRefused(f"“{text[:_SHOWN]}” has an empty channel.")
    return channels


def read_number(text: str, field: str) -> tuple[int, int]:
    """Return digits and decimal places of a plain number of zero or more, exactly.

    :raises PathRefused: if it is something else, or has more than sixty digits
    """
    if len(text) < PLAIN and text.isdecimal():
        return int(text), 0
    found = _NUMBER.fullmatch(text.strip())
    if not text.strip():
        raise PathRefused("the cell is empty; write 0 where there is nothing.", field)
    if found is None:
        raise PathRefused(f"“{text[:40]}” is not a number of zero or more.", field)
    before, after = found[1].lstrip("0"), (found[2] or "").rstrip("0")
    places = len(after) - int(found[3] or 0)
    if len(before + after) > _MOST_DIGITS or abs(places) > _MOST_DIGITS:
        raise PathRefused(f"“{text[:40]}” has more than {_MOST_DIGITS} digits.", field)
    digits = int(before + after or "0")
    return (digits * 10**-places, 0) if places < 0 else (digits, places)


def read_times(text: str, count: int, separator: str = SEPARATOR) -> tuple[int, ...]:
    """Return microseconds before the conversion, from hours or from moments.

    Hours before the conversion must not grow; moments (ISO 8601) must not go back, and the last
    one stands for the conversion.

    :raises PathRefused: if there is not one for each of ``count`` channels, or one is no time
    """
    parts = _split(text, count, separator)
    if len(parts) != count:
        raise PathRefused(
            f"one time for each of {count} channels is needed, separated like them by "
            f"“{separator}”; “{text[:_SHOWN]}” has {len(parts) if text.strip() else 'none'}.",
            "times",
        )
    before = _moments(parts) if _MOMENT.fullmatch(parts[0]) else [_hours(part) for part in parts]
    if any(later > earlier for earlier, later in pairwise(before)):
        raise PathRefused(
            f"“{text[:_SHOWN]}” does not follow the path: times are hours before the conversion, "
            "which must not grow, or moments, which must not go back.",
            "times",
        )
    return tuple(before)


def _split(text: str, count: int, separator: str) -> list[str]:
    """Return what stands beside the channels of a path.

    Where the sign between the channels is not in it, another sign that makes ``count`` parts of it
    leaves no doubt.
    """
    parts = text.split(separator)
    if len(parts) == 1 < count:
        others = (text.split(sign) for sign in _OTHER_SIGNS)
        parts = next((found for found in others if len(found) == count), parts)
    return [part.strip() for part in parts]


def _hours(part: str) -> int:
    if not part:
        raise PathRefused("a time is missing.", "times")
    digits, places = read_number(part, "times")
    if digits > LONGEST_HOURS * 10**places:
        raise PathRefused(f"“{part[:40]}” is more than {LONGEST_HOURS:,} hours.", "times")
    per: int = 10**places
    return (2 * digits * HOUR + per) // (2 * per)


def _moments(parts: list[str]) -> list[int]:
    try:
        moments = [datetime.fromisoformat(part) for part in parts]
        last = moments[-1]
        return [(last - moment) // timedelta(microseconds=1) for moment in moments]
    except (ValueError, TypeError):
        shown = f"“{' > '.join(parts)[:_SHOWN]}”"
        raise PathRefused(
            f"{shown} are not moments of one kind, such as 2026-03-31T12:00Z.", "times"
        ) from None


def read_roles(text: str, count: int, separator: str = SEPARATOR) -> tuple[str, ...]:
    """Return one role for each channel; it may be empty.

    :raises PathRefused: if there is not one for each of ``count`` channels
    """
    roles = tuple(_split(text, count, separator))
    if len(roles) != count:
        raise PathRefused(f"one role for each of {count} channels is needed.", "roles")
    return roles


def read_milestone(text: str, count: int) -> int:
    """Return the place from 0 of the touch that made it an opportunity, -1 for an empty text.

    :raises PathRefused: if it is not the number of a touch, from 1
    """
    plain = text.strip()
    if not plain:
        return -1
    if not plain.isdecimal() or not 1 <= int(plain[:PLAIN]) <= count:
        raise PathRefused(f"“{text[:40]}” is not the number of a touch, 1 to {count}.", "milestone")
    return int(plain) - 1
