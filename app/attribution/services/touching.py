"""Log what a partner did on an opportunity."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.rules import SYSTEM, Actor
from app.attribution.models import Touch
from app.attribution.rules import SOURCING, TouchKind
from app.attribution.services.crediting import credit_order
from app.db.engine import elevated
from app.kernel.errors import Conflict, FieldError, Forbidden, Invalid
from app.kernel.format import day
from app.ledger.services import record
from app.partners.models import Partner
from app.pipeline import queries as pipeline
from app.pipeline.models import Opportunity
from app.pipeline.services import refuse_onlookers
from app.revenue.queries import order_of_opportunity


class TouchAfterWin(Invalid):
    """What is dated after the win, or in the future, cannot have helped to it."""

    code = "attribution.touch_after_win"


class MadeByRegistration(Invalid):
    """A registration counts by itself; it is not logged by hand."""

    code = "attribution.made_by_registration"


class NotAPartnerOfIt(Forbidden):
    """A partner logs what it did itself, never what another did."""

    code = "attribution.not_own_touch"


class TouchLoggedBefore(Conflict):
    """The same act at the same moment is logged already."""

    code = "attribution.touch_logged_before"


def log_touch(  # noqa: PLR0913 - a touch has this many facts
    session: Session,
    opportunity_id: UUID,
    *,
    partner_id: UUID,
    kind: TouchKind,
    at: datetime,
    evidence: str,
    actor: Actor,
    now_at: datetime,
) -> Touch:
    """Log a touch that a partner made at ``at``, and credit the order again where there is one.

    :raises NotFound: if there is no such opportunity or partner for ``actor``
    :raises NotAPartnerOfIt: if a partner speaks for another
    :raises NotTakingPart: if the actor's partner has not accepted to take part
    :raises TouchAfterWin: if it is dated after the win or in the future
    :raises MadeByRegistration: if it is a registration
    :raises TouchLoggedBefore: if it is logged already
    """
    opportunity = pipeline.one(session, opportunity_id, actor=actor, lock=True)
    if not actor.is_vendor and partner_id != actor.partner_id:
        raise NotAPartnerOfIt("Log what your own company did.")
    refuse_onlookers(session, opportunity, actor=actor)
    _refuse_impossible(session, opportunity, partner_id=partner_id, kind=kind, at=at, now_at=now_at)
    touch = Touch(
        opportunity_id=opportunity_id, partner_id=partner_id, kind=kind, at=at,
        evidence=evidence, logged_by=actor.user_id, logged_at=now_at,
    )  # fmt: skip
    session.add(touch)
    session.flush()
    record(session, "attribution.touch.logged", subject=touch, actor=actor, at=now_at,
           partner_id=partner_id, opportunity_id=str(opportunity_id), kind=kind.value,
           touched_at=at.isoformat())  # fmt: skip
    _credit_again(session, opportunity_id, at=now_at)
    return touch


def _refuse_impossible(
    session: Session,
    opportunity: Opportunity,
    *,
    partner_id: UUID,
    kind: TouchKind,
    at: datetime,
    now_at: datetime,
) -> None:
    if kind in SOURCING:
        raise MadeByRegistration.fields(
            FieldError("kind", "A registration counts by itself.", MadeByRegistration.code)
        )
    won = opportunity.closed_at
    if at > now_at or (won is not None and at > won):
        end = f"after it was closed on {day(won.date())}" if won and at > won else "in the future"
        raise TouchAfterWin.fields(
            FieldError("on", f"This day lies {end}; it cannot have helped.", TouchAfterWin.code)
        )
    known = select(Partner.id).where(Partner.id == partner_id)
    if session.scalar(known) is None:
        raise Invalid.fields(FieldError("partner_id", "Choose a partner.", "invalid"))
    same = select(Touch.id).where(
        Touch.opportunity_id == opportunity.id, Touch.partner_id == partner_id,
        Touch.kind == kind, Touch.at == at,
    )  # fmt: skip
    if session.scalar(same) is not None:
        raise TouchLoggedBefore("This touch is logged already.")


def _credit_again(session: Session, opportunity_id: UUID, *, at: datetime) -> None:
    """Credit in the system's reach and name: the partner that logs may not see the others."""
    with elevated(session):
        order = order_of_opportunity(session, opportunity_id)
        if order is not None:
            credit_order(session, order.id, actor=SYSTEM, at=at)
