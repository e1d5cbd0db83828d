"""Give a partner another tier, from a day on."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.kernel.errors import Broken, FieldError, Invalid
from app.ledger.services import record
from app.partners import queries
from app.partners.models import Partner, Tier, TierHold


class TierDayRefused(Invalid):
    """A tier changes on a day after the last change and not after today."""

    code = "partners.tier_day_refused"


def set_tier(
    session: Session, partner_id: UUID, *, tier_id: UUID, on: date, actor: Actor, at: datetime
) -> Partner:
    """Let a partner hold another tier from ``on`` on; the one before ends there, exclusively.

    :raises NotFound: if there is no such partner or tier
    :raises TierDayRefused: if ``on`` lies after today or before the present tier began
    """
    partner = queries.one(session, partner_id, actor=actor, lock=True)
    before, tier = partner.tier, queries.tier(session, tier_id)
    if tier.id == before.id:
        return partner
    _turn(session, partner, tier, on=_day(on, at=at))
    partner.tier_id, partner.programme_id = tier.id, tier.programme_id
    session.flush()
    session.expire(partner, ["tier", "programme"])
    facts = {"before": before.code, "after": tier.code, "on": on.isoformat()}
    record(
        session,
        "partners.tier.changed",
        subject=partner,
        actor=actor,
        at=at,
        partner_id=partner.id,
        **facts,
    )
    return queries.one(session, partner_id, actor=actor)


def _day(on: date, *, at: datetime) -> date:
    if on > at.date():
        raise _refused("The day lies in the future. A tier changes today or on a day before.")
    return on


def _turn(session: Session, partner: Partner, tier: Tier, *, on: date) -> None:
    held = queries.open_hold(session, partner.id)
    if held is None:
        raise Broken(f"partner {partner.number} holds no tier")
    if on < held.held_from:
        raise _refused(f"The present tier is held since {held.held_from}; choose no day before.")
    if on == held.held_from:
        held.tier_id = tier.id  # it would have been held for no day at all
        return
    held.held_until = on
    session.add(TierHold(partner_id=partner.id, tier_id=tier.id, held_from=on))


def _refused(sentence: str) -> TierDayRefused:
    return TierDayRefused(sentence, errors=(FieldError("on", sentence, TierDayRefused.code),))
