"""Draw the next human reference of a series."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db.models import Counter
from app.kernel.numbering import reference


def next_reference(session: Session, series: str, year: int) -> str:
    """Return the next reference, such as DR-2026-000123-3; numbers never repeat nor leave gaps."""
    draw = (
        insert(Counter)
        .values(series=series, year=year, last=1)
        .on_conflict_do_update(index_elements=["series", "year"], set_={"last": Counter.last + 1})
        .returning(Counter.last)
    )
    return reference(series, year, session.scalars(draw).one())
