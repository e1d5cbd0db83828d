"""JSON with an indent of two, as ``json.dumps`` writes it; it has no quick way to do so."""

from collections.abc import Callable
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
    write = _PLAIN.get(type(value))
    if write is not None:
        return write(value)
    inner = margin + STEP
    if isinstance(value, dict):
        members = [f"{encode_basestring(k)}: {indented(v, inner)}" for k, v in value.items()]
        return _between("{", members, "}", margin)
    if isinstance(value, (list, tuple)):
        return _between("[", [indented(each, inner) for each in value], "]", margin)
    if isinstance(value, str):
        return encode_basestring(value)
    raise TypeError(f"{type(value).__name__} has no JSON")


def _between(start: str, parts: list[str], end: str, margin: str) -> str:
    if not parts:
        return start + end
    inner = f",\n{margin}{STEP}".join(parts)
    return f"{start}\n{margin}{STEP}{inner}\n{margin}{end}"
