"""What the library holds, and who may read it."""

from datetime import date
from enum import StrEnum


class ItemKind(StrEnum):
    """A page to read or a file to download."""

    PAGE = "page"
    FILE = "file"


def is_live(awarded_on: date, valid_until: date, on: date) -> bool:
    """Return whether a certificate holds on ``on``: from its award until, not including, its end."""
    return awarded_on <= on < valid_until


def reaches(held_rank: int, asked_rank: int | None) -> bool:
    """Return whether a tier of ``held_rank`` may read an item that asks for ``asked_rank``."""
    return asked_rank is None or held_rank >= asked_rank
