"""Who decides, who is told, and what can be registered."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session, joinedload

from app.access.rules import Role
from app.catalogue.models import Family, Product
from app.identity.models import User
from app.partners.models import Partner


def partner_with_terms(session: Session, partner_id: UUID) -> Partner:
    """Return a partner with its programme and tier."""
    return session.scalars(_PARTNER, {"partner_id": partner_id}).one()


_PARTNER = (
    select(Partner)
    .where(Partner.id == bindparam("partner_id"))
    .options(joinedload(Partner.programme), joinedload(Partner.tier))
)


def person(session: Session, user_id: UUID | None) -> User | None:
    """Return somebody who may still sign in, or None."""
    found = session.get(User, user_id) if user_id is not None else None
    return found if found is not None and found.is_active else None


def name_of(session: Session, user_id: UUID | None) -> str:
    """Return somebody's name; empty where there is none."""
    found = session.get(User, user_id) if user_id is not None else None
    return found.name if found is not None else ""


def channel_leads(session: Session) -> Sequence[User]:
    """Return the channel leads who may sign in."""
    return session.scalars(
        select(User).where(User.role == Role.CHANNEL_LEAD, User.is_active).order_by(User.name)
    ).all()


def products(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what can be registered: id, code, name, family; by family and name."""
    return session.execute(_PRODUCTS).all()


_PRODUCTS = (
    select(
        Product.id,
        Product.code,
        Product.name,
        Product.family_id,
        Family.name.label("family_name"),
    )
    .join(Family, Family.id == Product.family_id)
    .where(Product.is_active)
    .order_by(Family.name, Product.name)
)


def families_of_products(session: Session) -> dict[UUID, UUID]:
    """Return the family of each product that can be registered."""
    rows = session.execute(select(Product.id, Product.family_id).where(Product.is_active))
    return dict(rows.all())
