"""Take a partner in, and change where it stands."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.db.numbering import next_reference
from app.kernel.ids import new_id
from app.ledger.services import record
from app.partners import queries
from app.partners.models import Partner, TierHold
from app.partners.rules import LIFECYCLE, Details, Ground, PartnerAct, PartnerState
from app.partners.services.details import check_manager, describe


def admit(
    session: Session,
    details: Details,
    *,
    tier_id: UUID,
    manager_id: UUID | None = None,
    actor: Actor,
    at: datetime,
) -> Partner:
    """Take a partner in: it gets a number, stands at onboarding and holds its tier from today.

    :raises Invalid: if a fact cannot be, or the manager is none
    :raises NotFound: if there is no such tier
    """
    tier = queries.tier(session, tier_id)
    check_manager(session, manager_id)
    partner = Partner(
        id=new_id(),
        state=PartnerState.ONBOARDING,
        programme_id=tier.programme_id,
        tier_id=tier.id,
        manager_id=manager_id,
        joined_at=at,
    )
    describe(session, partner, details)
    partner.number = next_reference(session, "PA", at.year)
    session.add(partner)
    session.flush()
    session.add(TierHold(partner_id=partner.id, tier_id=tier.id, held_from=at.date()))
    facts = {"number": partner.number, "programme": tier.programme.code, "tier": tier.code}
    record(
        session,
        "partners.partner.admitted",
        subject=partner,
        actor=actor,
        at=at,
        partner_id=partner.id,
        country=partner.country,
        **facts,
    )
    return partner


def activate(session: Session, partner_id: UUID, *, actor: Actor, at: datetime) -> Partner:
    """Let a partner that was onboarding work.

    :raises TransitionRefused: in any other state
    """
    return _move(session, partner_id, PartnerAct.ACTIVATE, actor=actor, at=at)


def suspend(
    session: Session, partner_id: UUID, *, ground: Ground, actor: Actor, at: datetime
) -> Partner:
    """Keep a partner from registering and earning until it is reinstated.

    :raises TransitionRefused: unless it is active
    """
    return _move(session, partner_id, PartnerAct.SUSPEND, ground=ground, actor=actor, at=at)


def reinstate(session: Session, partner_id: UUID, *, actor: Actor, at: datetime) -> Partner:
    """Let a suspended partner work again.

    :raises TransitionRefused: unless it is suspended
    """
    return _move(session, partner_id, PartnerAct.REINSTATE, actor=actor, at=at)


def end(
    session: Session, partner_id: UUID, *, ground: Ground, actor: Actor, at: datetime
) -> Partner:
    """End a partnership for good.

    :raises TransitionRefused: if it has ended
    """
    return _move(session, partner_id, PartnerAct.END, ground=ground, actor=actor, at=at)


_EVENTS = {
    PartnerAct.ACTIVATE: "partners.partner.activated",
    PartnerAct.SUSPEND: "partners.partner.suspended",
    PartnerAct.REINSTATE: "partners.partner.reinstated",
    PartnerAct.END: "partners.partner.ended",
}


def _move(
    session: Session,
    partner_id: UUID,
    act: PartnerAct,
    *,
    actor: Actor,
    at: datetime,
    ground: Ground | None = None,
) -> Partner:
    partner = queries.one(session, partner_id, actor=actor, lock=True)
    before = partner.state
    partner.state = LIFECYCLE.next(before, act)
    facts = {"ground": ground.value} if ground is not None else {}
    record(
        session,
        _EVENTS[act],
        subject=partner,
        actor=actor,
        at=at,
        partner_id=partner.id,
        before=before.value,
        **facts,
    )
    return partner
