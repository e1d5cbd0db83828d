"""Rate limits: fixed windows counted in one table."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.identity.models import Attempt
from app.kernel.errors import Refusal


class TooMany(Refusal):
    """It was tried more often than the limit allows in this window."""

    status = 429
    code = "identity.too_many"


def spend(session: Session, key: str, *, limit: int, window: timedelta, at: datetime) -> int:
    """Count one try of ``key`` in the window that ``at`` lies in; return how many there were.

    :raises TooMany: if that is more than ``limit``
    """
    seconds = int(window.total_seconds())
    start = datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)
    count = (
        insert(Attempt)
        .values(key=key[:120], window_start=start, count=1)
        .on_conflict_do_update(
            index_elements=["key", "window_start"], set_={"count": Attempt.count + 1}
        )
        .returning(Attempt.count)
    )
    tries = session.scalars(count).one()
    if tries > limit:
        minutes = max(1, -(-int((start + window - at).total_seconds()) // 60))
        unit = "minute" if minutes == 1 else "minutes"
        raise TooMany(f"That was tried too often. Try again in {minutes} {unit}.")
    return tries
