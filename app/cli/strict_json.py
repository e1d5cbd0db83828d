"""JSON read strictly: decimals stay exact; NaN, infinities and repeated keys are told apart."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class NoNumber:
    """NaN or an infinity, which JSON does not know."""

    name: str


def decoder(no_number: Callable[[str], object] = NoNumber) -> json.JSONDecoder:
    """Return a decoder; what ``no_number`` makes of NaN and infinities stands in their place.

    It raises ValueError where an object has a key twice.
    """
    return json.JSONDecoder(
        parse_float=Decimal, parse_constant=no_number, object_pairs_hook=_no_repeats
    )


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"{first_repeated(key for key, _ in pairs)} is given twice in one object.")
    return found


def first_repeated(keys: Iterator[str]) -> str:
    """Return the first of some keys that is there twice, in quotes."""
    return next(f"“{key}”" for key, count in Counter(keys).items() if count > 1)


def complaints(value: object, path: str = "") -> Iterator[str]:
    """Yield a complaint, with its path, about each value that is no number."""
    if isinstance(value, NoNumber):
        yield f"{path}{': ' if path else ''}{value.name} is not a number."
    if isinstance(value, dict):
        for key, each in value.items():
            yield from complaints(each, f"{path}.{key}" if path else key)
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from complaints(each, f"{path}[{index}]")
