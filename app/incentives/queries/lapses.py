"""Certifications that partners lost, as the engine's events."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.enablement import queries as enablement
from app.incentives import engine


def watch(plans: Iterable[engine.PlanVersion]) -> bool:
    """Return whether any plan takes something back when a certification is lost."""
    lapsed = engine.EventKind.CERTIFICATION_LAPSED
    return any(lapsed in part.reversal.on for plan in plans for part in plan.components)


def lapses(
    session: Session, partner_ids: Collection[UUID], until: date, recorded_by: datetime
) -> Iterator[engine.CreditedEvent]:
    """Yield each loss of a certification before ``until``, as known at ``recorded_by``.

    What all people of a partner hold under one name is one certification. The key is that of the
    certificate with which the holding began, so that a renewal that is recorded later moves the
    loss, or undoes it, and the engine adjusts what it took back.
    """
    lapsed = enablement.lapsed(session, partner_ids, by=recorded_by)
    for (partner_id, certification), found in sorted(lapsed.items()):
        for lapse in found:
            if lapse.on < until:
                yield engine.CreditedEvent(
                    key=f"lapse:{lapse.number}",
                    kind=engine.EventKind.CERTIFICATION_LAPSED,
                    on=lapse.on,
                    order_id="",
                    partner_id=str(partner_id),
                    minor=0,
                    currency="",
                    recorded_at=lapse.known_at,
                    certification=certification,
                )


def certifications(session: Session) -> list[str]:
    """Return the names of the certifications that a plan can watch: those ever awarded."""
    return enablement.subjects(session)
