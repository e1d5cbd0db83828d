"""Who else claims a customer; read in the system's reach, to decide and never to show a partner."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.catalogue.models import Family
from app.deals.models import Protection, Registration
from app.deals.rules import LIVE, WAITING, DealState
from app.partners.models import Partner


def claims_on(
    session: Session, account_ids: Collection[UUID], at: datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return every live or converted registration of these accounts, in order of submission.

    ``is_protected`` says whether its protection is in force at ``at``.
    """
    in_force = Protection.during.contains(at) & Protection.ended_at.is_(None)
    return session.execute(
        select(
            Registration.id,
            Registration.number,
            Registration.account_id,
            Registration.family_id,
            Registration.partner_id,
            Registration.state,
            Registration.submitted_at,
            func.upper(Protection.during).label("protected_until"),
            func.coalesce(in_force, False).label("is_protected"),
            Partner.name.label("partner_name"),
            Family.name.label("family_name"),
        )
        .join(Partner, Partner.id == Registration.partner_id)
        .outerjoin(Family, Family.id == Registration.family_id)
        .outerjoin(Protection, Protection.registration_id == Registration.id)
        .where(
            Registration.account_id.in_(account_ids),
            Registration.state.in_([*LIVE, DealState.CONVERTED]),
        )
        .order_by(Registration.submitted_at, Registration.id)
    ).all()


def own_claim(
    session: Session, account_id: UUID, family_id: UUID, *, partner_id: UUID, but: UUID
) -> str | None:
    """Return the number of another live registration of the same partner for the same thing."""
    return session.scalar(
        select(Registration.number)
        .where(
            Registration.account_id == account_id,
            Registration.family_id == family_id,
            Registration.partner_id == partner_id,
            Registration.id != but,
            Registration.state.in_(LIVE),
        )
        .limit(1)
    )


def holder(
    session: Session, account_serial: int, family_serial: int, at: datetime
) -> Row[*tuple[Any, ...]] | None:
    """Return whose protection is in force: number, partner, until."""
    return session.execute(
        select(
            Registration.number,
            Partner.name.label("partner_name"),
            func.upper(Protection.during).label("until"),
        )
        .join(Registration, Registration.id == Protection.registration_id)
        .join(Partner, Partner.id == Protection.partner_id)
        .where(
            Protection.account_serial == account_serial,
            Protection.family_serial == family_serial,
            func.upper(Protection.during) > at,
        )
        .order_by(func.upper(Protection.during).desc())
        .limit(1)
    ).one_or_none()


def next_in_line(session: Session, account_id: UUID, family_id: UUID) -> Registration | None:
    """Return the registration that was submitted first of those that wait, locked.

    One that somebody decides on at this very moment is passed over: its decision settles it.
    """
    return session.scalar(
        select(Registration)
        .where(
            Registration.account_id == account_id,
            Registration.family_id == family_id,
            Registration.state.in_(WAITING),
        )
        .order_by(Registration.submitted_at, Registration.id)
        .limit(1)
        .with_for_update(of=Registration, skip_locked=True)
    )


def serials(session: Session, account_id: UUID, family_id: UUID) -> tuple[int, int]:
    """Return the numbers of an account and a family under which protection is held."""
    both = select(Account.serial, Family.serial).join_from(
        Account, Family, and_(Account.id == account_id, Family.id == family_id)
    )
    row = session.execute(both).one()
    return row[0], row[1]


def ended_protections(at: datetime) -> Select[Protection]:
    """Return the statement for protections that have run out and were not seen to."""
    return (
        select(Protection)
        .where(func.upper(Protection.during) <= at, Protection.ended_at.is_(None))
        .order_by(func.upper(Protection.during), Protection.id)
    )


def ending_protections(at: datetime, before: datetime) -> Select[Protection]:
    """Return the statement for protections that end by ``before``, not yet reminded of."""
    return select(Protection).where(
        func.upper(Protection.during) > at,
        func.upper(Protection.during) <= before,
        Protection.ended_at.is_(None),
        Protection.reminded_at.is_(None),
    )
