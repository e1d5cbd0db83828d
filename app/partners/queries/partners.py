"""One partner, names of many, and who is to be told."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.access.rules import Actor, Role
from app.identity.models import User
from app.kernel.errors import NotFound
from app.partners.models import Partner, PayoutDetails, Programme, Tier, TierHold
from app.partners.rules import Held, PartnerState

MANAGERS = (Role.CHANNEL_MANAGER, Role.CHANNEL_LEAD)


def visible_to(actor: Actor) -> Select[Partner]:
    """Return the partners that ``actor`` may see: the vendor all, a partner its own reach."""
    found = select(Partner)
    return found if actor.is_vendor else found.where(Partner.id.in_(actor.partner_ids))


def one(session: Session, partner_id: UUID, *, actor: Actor, lock: bool = False) -> Partner:
    """Return a partner with its programme and tier; ``lock`` keeps others from changing it.

    :raises NotFound: if there is none that ``actor`` may see
    """
    wanted = (
        visible_to(actor)
        .where(Partner.id == partner_id)
        .options(joinedload(Partner.programme), joinedload(Partner.tier))
    )
    if lock:
        wanted = wanted.with_for_update(of=Partner).execution_options(populate_existing=True)
    partner = session.scalars(wanted).one_or_none()
    if partner is None:
        raise NotFound
    return partner


def names(session: Session, partner_ids: Collection[UUID] | None = None) -> dict[UUID, str]:
    """Return the names of ``partner_ids``, or of all that this session sees."""
    wanted = select(Partner.id, Partner.name).order_by(Partner.name)
    if partner_ids is not None:
        wanted = wanted.where(Partner.id.in_(partner_ids))
    return dict(session.execute(wanted).all())


def active(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the active partners by name: id, number, name, country, currency, tier and manager."""
    return session.execute(
        select(
            Partner.id,
            Partner.number,
            Partner.name,
            Partner.country,
            Partner.currency,
            Partner.programme_id,
            Partner.tier_id,
            Partner.manager_id,
        )
        .where(Partner.state == PartnerState.ACTIVE)
        .order_by(Partner.name)
    ).all()


def admins_of(session: Session, partner_id: UUID) -> Sequence[str]:
    """Return the addresses of those who may sign in as admins of a partner."""
    return session.scalars(
        select(User.email)
        .where(User.partner_id == partner_id, User.role == Role.PARTNER_ADMIN, User.is_active)
        .order_by(User.email)
    ).all()


def people_of(session: Session, partner_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the people of a partner: id, name, role, email; admins first."""
    return session.execute(_PEOPLE, {"partner_id": partner_id}).all()


_PEOPLE = (
    select(User.id, User.name, User.role, User.email)
    .where(User.partner_id == bindparam("partner_id"), User.is_active)
    .order_by(User.role, User.name)
)


def people_named(session: Session, user_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of those of ``user_ids`` whom this session sees."""
    wanted = select(User.id, User.name).where(User.id.in_(user_ids))
    return dict(session.execute(wanted).all()) if user_ids else {}


def parents(session: Session) -> list[tuple[UUID, str]]:
    """Return the partners that others may stand under: id and name."""
    wanted = select(Partner.id, Partner.name).where(
        Partner.parent_id.is_(None), Partner.state != PartnerState.ENDED
    )
    return [(row.id, row.name) for row in session.execute(wanted.order_by(Partner.name))]


def managers(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return whoever may look after partners: id and name."""
    return session.execute(_MANAGERS).all()


_MANAGERS = (
    select(User.id, User.name)
    .where(User.role.in_(MANAGERS), User.is_active)
    .order_by(func.lower(User.name))
)


def manager_of(session: Session, partner: Partner) -> Row[*tuple[Any, ...]] | None:
    """Return who looks after a partner: name and email; None where nobody does."""
    wanted = select(User.name, User.email).where(User.id == partner.manager_id)
    return None if partner.manager_id is None else session.execute(wanted).one_or_none()


def tier_history(session: Session, partner_ids: Collection[UUID]) -> dict[UUID, list[Held]]:
    """Return for each partner the tiers it held, the oldest first."""
    rows = session.execute(
        select(TierHold.partner_id, TierHold.tier_id, TierHold.held_from, TierHold.held_until)
        .where(TierHold.partner_id.in_(partner_ids))
        .order_by(TierHold.held_from)
    )
    found: dict[UUID, list[Held]] = {partner_id: [] for partner_id in partner_ids}
    for row in rows:
        found[row.partner_id].append(Held(row.tier_id, row.held_from, row.held_until))
    return found


def holds(session: Session, partner_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the tiers that one partner held, for people: programme, tier, days; newest first."""
    return session.execute(_HOLDS, {"partner_id": partner_id}).all()


_HOLDS = (
    select(
        Programme.name.label("programme"),
        Tier.name.label("tier"),
        TierHold.held_from,
        TierHold.held_until,
    )
    .join(Tier, Tier.id == TierHold.tier_id)
    .join(Programme, Programme.id == Tier.programme_id)
    .where(TierHold.partner_id == bindparam("partner_id"))
    .order_by(TierHold.held_from.desc())
)


def open_hold(session: Session, partner_id: UUID) -> TierHold | None:
    """Return the row of the tier that a partner holds now."""
    wanted = select(TierHold).where(
        TierHold.partner_id == partner_id, TierHold.held_until.is_(None)
    )
    return session.scalars(wanted).one_or_none()


def family(session: Session, partner: Partner) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the partners above and below one: id, name, state, whether it stands above."""
    given = {"parent_id": partner.parent_id, "partner_id": partner.id}
    return session.execute(_FAMILY, given).all()


_other = aliased(Partner)
_above = _other.id == bindparam("parent_id")
_FAMILY = (
    select(_other.id, _other.name, _other.state, _above.label("is_above"))
    .where(_above | (_other.parent_id == bindparam("partner_id")))
    .order_by(_above.desc(), _other.name)
)


def payout_details(session: Session, partner_id: UUID) -> PayoutDetails | None:
    """Return where a partner is paid, the account number sealed."""
    return session.get(PayoutDetails, partner_id)
