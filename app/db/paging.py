"""Pages of a list: some rows, where they stand, and how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; ``number`` counts from 1, ``total`` counts all rows."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    number: int
    per_page: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // self.per_page))

    @property
    def first_row(self) -> int:
        """The position of the first row shown, from 1; 0 where there is none."""
        return (self.number - 1) * self.per_page + 1 if self.rows else 0

    @property
    def last_row(self) -> int:
        """The position of the last row shown."""
        return (self.number - 1) * self.per_page + len(self.rows)


def page_of(
    session: Session, statement: Select[*tuple[Any, ...]], number: int, *, per_page: int = PER_PAGE
) -> Page:
    """Return page ``number`` of ``statement``, ordered by its caller, with the count of all."""
    count, window = _parts(statement)
    total = session.scalar(count) or 0
    number = min(max(1, number), max(1, -(-total // per_page)))
    given = {"rows": per_page, "before": (number - 1) * per_page}
    return Page(session.execute(window, given).all(), number, per_page, total)


@lru_cache(maxsize=128)  # by identity: it helps the lists whose statement is built once
def _parts(statement: Select[*tuple[Any, ...]]) -> tuple[Select[int], Select[*tuple[Any, ...]]]:
    count = select(func.count()).select_from(statement.order_by(None).subquery())
    return count, statement.limit(bindparam("rows")).offset(bindparam("before"))
