"""Programmes and tiers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, joinedload

from app.kernel.errors import NotFound
from app.partners.models import Partner, Programme, Tier
from app.partners.rules import PartnerState


def programme(session: Session, programme_id: UUID, *, lock: bool = False) -> Programme:
    """Return a programme.

    :raises NotFound: if there is none
    """
    wanted = select(Programme).where(Programme.id == programme_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def programmes(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return every programme by name, with its number of tiers and of partners not ended."""
    tiers = select(func.count()).where(Tier.programme_id == Programme.id).scalar_subquery()
    members = (
        select(func.count())
        .where(Partner.programme_id == Programme.id, Partner.state != PartnerState.ENDED)
        .scalar_subquery()
    )
    return session.execute(
        select(
            Programme.id,
            Programme.code,
            Programme.name,
            Programme.kind,
            Programme.answer_hours,
            tiers.label("tiers"),
            members.label("partners"),
        ).order_by(Programme.name)
    ).all()


def tier(session: Session, tier_id: UUID) -> Tier:
    """Return a tier with its programme.

    :raises NotFound: if there is none
    """
    wanted = select(Tier).where(Tier.id == tier_id).options(joinedload(Tier.programme))
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def tiers_of(session: Session, programme_id: UUID) -> Sequence[Tier]:
    """Return the tiers of a programme, the lowest first."""
    wanted = select(Tier).where(Tier.programme_id == programme_id).order_by(Tier.rank)
    return session.scalars(wanted).all()


def partners_by_tier(session: Session, programme_id: UUID) -> dict[UUID, int]:
    """Return how many partners, not ended, hold each tier of a programme."""
    counted = (
        select(Partner.tier_id, func.count())
        .where(Partner.programme_id == programme_id, Partner.state != PartnerState.ENDED)
        .group_by(Partner.tier_id)
    )
    return dict(session.execute(counted).all())


def tier_choices(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return every tier with its programme, by programme and rank: id, tier, programme."""
    return session.execute(_TIERS).all()


_TIERS = (
    select(
        Tier.id,
        Tier.name.label("tier"),
        Tier.rank,
        Tier.programme_id,
        Programme.name.label("programme"),
    )
    .join(Programme, Programme.id == Tier.programme_id)
    .order_by(Programme.name, Tier.rank)
)
