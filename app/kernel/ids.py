"""Identifiers: random, except inside a seeded block, where they repeat exactly."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID, uuid4

_source: ContextVar[random.Random | None] = ContextVar("_source", default=None)


def new_id() -> UUID:
    """Return a fresh random identifier."""
    source = _source.get()
    return uuid4() if source is None else UUID(int=source.getrandbits(128), version=4)


def new_salt() -> bytes:
    """Return sixteen fresh random bytes."""
    return new_id().bytes


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Make every identifier inside the block follow from ``seed`` (the demo company only)."""
    token = _source.set(random.Random(seed))  # noqa: S311 - identifiers, not secrets
    try:
        yield
    finally:
        _source.reset(token)
