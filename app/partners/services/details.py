"""Change who a partner is, who looks after it, and what it says of itself."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.identity.models import User
from app.kernel.errors import FieldError, Invalid
from app.ledger.services import record
from app.partners import queries
from app.partners.models import Partner
from app.partners.rules import Details, Profile, checked_details, checked_profile

_PROFILE = tuple(Profile.__dataclass_fields__)
_FACTS = ("name", "legal_name", "country", "currency", "region", "parent_id", *_PROFILE)


class NotAManager(Invalid):
    """Whoever looks after a partner is an active channel manager or lead."""

    code = "partners.not_a_manager"


class ParentRefused(Invalid):
    """A partner cannot stand above itself, nor below one that does not exist."""

    code = "partners.parent_refused"


def edit(
    session: Session, partner_id: UUID, *, details: Details, actor: Actor, at: datetime
) -> Partner:
    """Replace what the vendor keeps of a partner.

    :raises NotFound: if there is no such partner
    :raises Invalid: with every field at fault
    """
    partner = queries.one(session, partner_id, actor=actor, lock=True)
    before = _facts(partner)
    describe(session, partner, details)
    _note(session, partner, before, actor=actor, at=at)
    return partner


def edit_own_company(
    session: Session, partner_id: UUID, *, profile: Profile, actor: Actor, at: datetime
) -> Partner:
    """Replace what a partner's own admin says of the company.

    :raises NotFound: if it is not the actor's company
    :raises Invalid: with every field at fault
    """
    partner = queries.one(session, partner_id, actor=actor, lock=True)
    before = _facts(partner)
    for name, value in asdict(checked_profile(profile)).items():
        setattr(partner, name, value)
    _note(session, partner, before, actor=actor, at=at)
    return partner


def assign_manager(
    session: Session, partner_id: UUID, *, manager_id: UUID | None, actor: Actor, at: datetime
) -> Partner:
    """Give a partner to a channel manager, or to nobody.

    :raises NotFound: if there is no such partner
    :raises NotAManager: if that person looks after no partners
    """
    partner = queries.one(session, partner_id, actor=actor, lock=True)
    check_manager(session, manager_id)
    before, partner.manager_id = partner.manager_id, manager_id
    if before != manager_id:
        facts = {"before": str(before or ""), "after": str(manager_id or "")}
        record(
            session,
            "partners.manager.assigned",
            subject=partner,
            actor=actor,
            at=at,
            partner_id=partner.id,
            **facts,
        )
    return partner


def check_manager(session: Session, manager_id: UUID | None) -> None:
    """Refuse whoever cannot look after partners.

    :raises NotAManager: for anybody but an active channel manager or lead
    """
    if manager_id is None:
        return
    user = session.get(User, manager_id)
    if user is None or not user.is_active or user.role not in queries.MANAGERS:
        said = "Choose an active channel manager or channel lead."
        error = FieldError("manager_id", said, NotAManager.code)
        raise NotAManager(said, errors=(error,))


def describe(session: Session, partner: Partner, details: Details) -> None:
    """Write ``details`` into the row of a partner.

    :raises Invalid: with every field at fault
    """
    checked = checked_details(details)
    _check_parent(session, partner, checked.parent_id)
    for name in ("name", "legal_name", "country", "currency", "region", "parent_id"):
        setattr(partner, name, getattr(checked, name))
    for name, value in asdict(checked.profile).items():
        setattr(partner, name, value)


def _check_parent(session: Session, partner: Partner, parent_id: UUID | None) -> None:
    """Refuse a parent that is missing, or that has or is a subsidiary: families have two floors."""
    if parent_id is None:
        return
    parent = session.get(Partner, parent_id)
    below = any(not row.is_above for row in queries.family(session, partner))
    if parent is None or parent.id == partner.id or parent.parent_id is not None or below:
        said = "Choose a partner that stands under no other, for one that has none under it."
        error = FieldError("parent_id", said, ParentRefused.code)
        raise ParentRefused(said, errors=(error,))


def _facts(partner: Partner) -> dict[str, Any]:
    return {name: getattr(partner, name) for name in _FACTS}


def _note(
    session: Session, partner: Partner, before: dict[str, Any], *, actor: Actor, at: datetime
) -> None:
    """Record which fields changed, not their values: some of them are about people."""
    changed = sorted(name for name, value in _facts(partner).items() if value != before[name])
    if changed:
        record(
            session,
            "partners.partner.edited",
            subject=partner,
            actor=actor,
            at=at,
            partner_id=partner.id,
            fields=changed,
        )
