"""A customer's path to the win, over all partners and stages, as one timeline."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access.rules import Actor
from app.attribution.models import Touch
from app.attribution.rules import TouchKind
from app.kernel.format import label
from app.pipeline import queries as pipeline
from app.pipeline.models import Opportunity
from app.pipeline.rules import ParticipantState

WORDS: dict[TouchKind, str] = {
    TouchKind.REGISTRATION: "Deal registered",
    TouchKind.EVENT: "Event",
    TouchKind.CONTENT: "Content shared",
    TouchKind.IMPLEMENTATION: "Implementation work",
    TouchKind.RENEWAL_HELP: "Help with the renewal",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing on the way: when, who, what, and the evidence."""

    at: datetime
    who: str
    what: str
    why: str = ""
    url: str = ""


def journey(session: Session, opportunity: Opportunity, *, actor: Actor) -> list[Moment]:
    """Return what happened on an opportunity that ``actor`` sees, newest first.

    A partner reads its own touches and the stages; only the vendor reads every partner's.
    """
    found = _registered(opportunity, actor)
    found += _touches(session, opportunity.id)
    found += [
        Moment(row.at, row.who or "", _stage(row.from_stage, row.to_stage), row.reason)
        for row in pipeline.stage_changes(session, opportunity.id)
        if row.from_stage != row.to_stage
    ]
    found += [
        Moment(part.answered_at, part.partner.name, f"Takes part: {label(part.role).lower()}")
        for part in pipeline.participants(session, opportunity.id)
        if part.state is ParticipantState.ACCEPTED and part.answered_at is not None
    ]
    return sorted(found, key=lambda moment: moment.at, reverse=True)


def _registered(opportunity: Opportunity, actor: Actor) -> list[Moment]:
    deal = opportunity.registration
    if deal is None or not (actor.is_vendor or deal.partner_id in actor.partner_ids):
        return []
    at = deal.submitted_at or deal.created_at
    return [Moment(at, "", WORDS[TouchKind.REGISTRATION], deal.number or "")]


def _touches(session: Session, opportunity_id: UUID) -> list[Moment]:
    rows = session.scalars(
        select(Touch)
        .where(Touch.opportunity_id == opportunity_id)
        .options(joinedload(Touch.partner))
    )
    return [
        Moment(row.at, row.partner.name, WORDS.get(row.kind, label(row.kind)), row.evidence)
        for row in rows
    ]


def _stage(before: object, after: object) -> str:
    now = label(str(after)).lower()
    return f"Opened as {now}" if before is None else f"Moved to {now}"
