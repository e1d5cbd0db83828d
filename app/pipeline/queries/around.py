"""Who and what can be chosen, what stands in the way of a rival, and facts for attribution."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.access.rules import Actor, Role
from app.catalogue.models import Family, Product
from app.deals.models import Registration
from app.identity.models import User
from app.partners.models import Partner
from app.partners.rules import PartnerState
from app.pipeline.models import Opportunity, Participant
from app.pipeline.rules import OPEN_STAGES, ParticipantState, Stage


def owners(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return id and name of those who can own an opportunity."""
    roles = (Role.CHANNEL_MANAGER, Role.CHANNEL_LEAD)
    return session.execute(
        select(User.id, User.name).where(User.role.in_(roles), User.is_active).order_by(User.name)
    ).all()


def partners(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return id and name of the partners that can be invited."""
    return session.execute(
        select(Partner.id, Partner.name)
        .where(Partner.state.in_((PartnerState.ACTIVE, PartnerState.ONBOARDING)))
        .order_by(Partner.name)
    ).all()


def products(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what can be sold: id, name, family and its name."""
    return session.execute(
        select(Product.id, Product.name, Product.family_id, Family.name.label("family_name"))
        .join(Family, Family.id == Product.family_id)
        .where(Product.is_active)
        .order_by(Family.name, Product.name)
    ).all()


def families(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return id and name of the product families."""
    return session.execute(select(Family.id, Family.name).order_by(Family.name)).all()


def family_of(session: Session, product_id: UUID) -> UUID | None:
    """Return the family of a product."""
    return session.scalar(select(Product.family_id).where(Product.id == product_id))


def invitations(session: Session, *, actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what the actor's partner was asked into and has not answered; no customer is named."""
    return session.execute(
        select(
            Participant.id.label("participant_id"),
            Participant.role,
            Participant.invited_at,
            Opportunity.id,
            Opportunity.number,
            Opportunity.currency,
            Opportunity.amount_minor,
            Opportunity.close_on,
            Family.name.label("family_name"),
        )
        .join(Opportunity, Opportunity.id == Participant.opportunity_id)
        .outerjoin(Family, Family.id == Opportunity.family_id)
        .where(
            Participant.partner_id == actor.partner_id,
            Participant.state == ParticipantState.INVITED,
            Opportunity.stage.in_(OPEN_STAGES),
        )
        .order_by(Participant.invited_at)
        .limit(50)
    ).all()


def open_on(session: Session, account_ids: Collection[UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the open opportunities of these accounts; read in the system's reach, to decide."""
    return session.execute(
        select(
            Opportunity.id,
            Opportunity.number,
            Opportunity.account_id,
            Opportunity.family_id,
            Opportunity.registration_id,
            Registration.partner_id.label("registered_by_partner_id"),
            Opportunity.stage,
            Opportunity.opened_at,
            Family.name.label("family_name"),
        )
        .outerjoin(Registration, Registration.id == Opportunity.registration_id)
        .outerjoin(Family, Family.id == Opportunity.family_id)
        .where(Opportunity.account_id.in_(account_ids), Opportunity.stage.in_(OPEN_STAGES))
        .order_by(Opportunity.opened_at, Opportunity.id)
    ).all()


def participants_of(session: Session, opportunity_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return every part in an opportunity, in order of invitation, for attribution."""
    return session.execute(
        select(
            Participant.id,
            Participant.partner_id,
            Partner.name.label("partner_name"),
            Participant.role,
            Participant.state,
            Participant.invited_at,
            Participant.answered_at,
        )
        .join(Partner, Partner.id == Participant.partner_id)
        .where(Participant.opportunity_id == opportunity_id)
        .order_by(Participant.invited_at, Participant.id)
    ).all()


def facts_for_attribution(session: Session, opportunity_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """Return what attribution asks of an opportunity, with the registration it came from."""
    return session.execute(_facts().where(Opportunity.id == opportunity_id)).one_or_none()


def won_between(
    session: Session, start: datetime, end: datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the opportunities won in [``start``, ``end``), as attribution asks of them."""
    return session.execute(
        _facts()
        .where(
            Opportunity.stage == Stage.LAUNCHED,
            Opportunity.closed_at >= start,
            Opportunity.closed_at < end,
        )
        .order_by(Opportunity.closed_at, Opportunity.id)
    ).all()


def _facts() -> Any:
    return select(
        Opportunity.id,
        Opportunity.number,
        Opportunity.account_id,
        Opportunity.family_id,
        Opportunity.stage,
        Opportunity.currency,
        Opportunity.amount_minor,
        Opportunity.opened_at,
        Opportunity.closed_at,
        Opportunity.registration_id,
        Registration.partner_id.label("registered_by_partner_id"),
        Registration.created_at.label("registration_created_at"),
        Registration.submitted_at.label("registration_submitted_at"),
        Registration.decided_at.label("registration_decided_at"),
        Registration.deal_type.label("deal_type"),
    ).outerjoin(Registration, Registration.id == Opportunity.registration_id)
