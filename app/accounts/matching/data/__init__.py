"""The tables of the matcher: legal forms, words, places and hosts, read once at import."""

import csv
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of the table ``name`` (a CSV file beside this one)."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def words(name: str) -> dict[str, frozenset[str]]:
    """Return the lists of the file ``name``: words under headings in square brackets."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    sections = (part.partition("]") for part in text.split("[") if part.strip())
    return {heading: frozenset(body.split()) for heading, _, body in sections}
