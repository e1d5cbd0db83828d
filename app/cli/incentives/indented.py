"""JSON with an indent of two, as ``json.dumps`` writes it; it has no quick way to do so."""

from collections.abc import Callable, Iterable
from json.encoder import encode_basestring
from typing import Any

STEP = "  "
_PLAIN: dict[type, Callable[[Any], str]] = {
    str: encode_basestring,
    int: int.__repr__,
    bool: {True: "true", False: "false"}.__getitem__,
    type(None): lambda _: "null",
}


def indented(value: object, margin: str = "") -> str:
    """Return a value as JSON, whose first line stands anywhere and the others at a margin."""
    if isinstance(value, dict):
        texts = zip(value, _texts(value.values(), margin + STEP), strict=True)
        members = [f"{encode_basestring(key)}: {text}" for key, text in texts]
        return _between("{", members, "}", margin)
    if isinstance(value, (list, tuple)):
        return _between("[", _texts(value, margin + STEP), "]", margin)
    if isinstance(value, str):
        return encode_basestring(value)
    if type(value) in _PLAIN:
        return _PLAIN[type(value)](value)
    raise TypeError(f"{type(value).__name__} has no JSON")


def _texts(values: Iterable[object], margin: str) -> list[str]:
    """Return values as JSON; most are no lists and no objects, and need no further look."""
    return [
        write(each) if (write := _PLAIN.get(type(each))) else indented(each, margin)
        for each in values
    ]


def _between(start: str, parts: list[str], end: str, margin: str) -> str:
    if not parts:
        return start + end
    inner = f",\n{margin}{STEP}".join(parts)
    return f"{start}\n{margin}{STEP}{inner}\n{margin}{end}"
