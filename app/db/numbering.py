"""Draw the next human reference of a series."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db.models import Counter
from app.kernel.numbering import reference


def next_reference(session: Session, series: str, year: int) -> str:
    """Return the next reference, such as DR-2026-000123-3; numbers never repeat nor leave gaps."""
    return next_references(session, series, year, 1)[0]


def next_references(session: Session, series: str, year: int, count: int) -> list[str]:
    """Return the next ``count`` references (at least one) in order, drawn at once."""
    draw = (
        insert(Counter)
        .values(series=series, year=year, last=count)
        .on_conflict_do_update(
            index_elements=["series", "year"], set_={"last": Counter.last + count}
        )
        .returning(Counter.last)
    )
    last = session.scalars(draw).one()
    return [reference(series, year, number) for number in range(last - count + 1, last + 1)]
