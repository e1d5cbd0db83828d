"""One registration and what belongs to it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, false, select
from sqlalchemy.orm import Session, joinedload

from app.access.rules import Actor
from app.accounts.models import Account
from app.deals.models import (
    Decision,
    Extension,
    Finding,
    Protection,
    Registration,
    RegistrationFile,
    RegistrationLine,
)
from app.deals.rules import Content, DealState, ExtensionState, LineContent
from app.files.models import StoredFile
from app.identity.models import User
from app.kernel.errors import NotFound
from app.partners.models import Partner


def visible_to(actor: Actor) -> Select[Registration]:
    """Return the registrations that ``actor`` may see; the vendor sees no drafts."""
    if actor.role is None:
        return select(Registration)
    if actor.is_vendor:
        return select(Registration).where(Registration.state != DealState.DRAFT)
    if not actor.partner_ids:
        return select(Registration).where(false())
    return select(Registration).where(Registration.partner_id.in_(actor.partner_ids))


def one(
    session: Session, registration_id: UUID, *, actor: Actor, lock: bool = False
) -> Registration:
    """Return a registration with its partner and family.

    :raises NotFound: where there is none, or none that ``actor`` may see
    """
    wanted = _one(actor)
    if lock:
        wanted = wanted.with_for_update(of=Registration).execution_options(populate_existing=True)
    found = session.scalar(wanted, {"registration_id": registration_id})
    if found is None:
        raise NotFound
    return found


@lru_cache(maxsize=128)
def _one(actor: Actor) -> Select[Registration]:
    return (
        visible_to(actor)
        .where(Registration.id == bindparam("registration_id"))
        .options(joinedload(Registration.family))
        .options(joinedload(Registration.partner).joinedload(Partner.tier))
    )


def lines(session: Session, registration_id: UUID) -> Sequence[RegistrationLine]:
    """Return the product lines in their order, with their products."""
    return session.scalars(_LINES, {"registration_id": registration_id}).all()


_LINES = (
    select(RegistrationLine)
    .where(RegistrationLine.registration_id == bindparam("registration_id"))
    .options(joinedload(RegistrationLine.product))
    .order_by(RegistrationLine.position)
)


def content_of(registration: Registration, product_lines: Sequence[RegistrationLine]) -> Content:
    """Return what the registration says at present."""
    said = {name: getattr(registration, name) for name in _PLAIN}
    return Content(
        **said,
        help_wanted=tuple(registration.help_wanted),
        lines=tuple(
            LineContent(line.product_id, line.quantity, line.amount_minor) for line in product_lines
        ),
    )


_PLAIN = tuple(
    name for name in Content.__dataclass_fields__ if name not in ("help_wanted", "lines")
)


def decisions(session: Session, registration_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what was done to a registration, newest first: act, at, reason, code, who."""
    return session.execute(
        select(
            Decision.act,
            Decision.at,
            Decision.reason,
            Decision.closing_code,
            User.name.label("who"),
        )
        .outerjoin(User, User.id == Decision.by_id)
        .where(Decision.registration_id == registration_id)
        .order_by(Decision.at.desc(), Decision.position.desc())
    ).all()


def extensions(session: Session, registration_id: UUID) -> Sequence[Extension]:
    """Return the requests for longer protection, newest first."""
    return session.scalars(
        select(Extension)
        .where(Extension.registration_id == registration_id)
        .order_by(Extension.asked_at.desc())
    ).all()


def pending_extension(
    session: Session, registration_id: UUID, *, lock: bool = False
) -> Extension | None:
    """Return the request that waits for an answer, if there is one."""
    wanted = select(Extension).where(
        Extension.registration_id == registration_id,
        Extension.state == ExtensionState.REQUESTED,
    )
    return session.scalar(wanted.with_for_update() if lock else wanted)


def protection_of(
    session: Session, registration_id: UUID, *, lock: bool = False
) -> Protection | None:
    """Return the protection that was granted to a registration, if it was."""
    wanted = select(Protection).where(Protection.registration_id == registration_id)
    return session.scalar(wanted.with_for_update() if lock else wanted)


def files(session: Session, registration_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the attached files: id, name, size, media_type, uploaded_at."""
    return session.execute(
        select(
            StoredFile.id,
            StoredFile.name,
            StoredFile.size,
            StoredFile.media_type,
            StoredFile.uploaded_at,
        )
        .join(RegistrationFile, RegistrationFile.file_id == StoredFile.id)
        .where(RegistrationFile.registration_id == registration_id)
        .order_by(StoredFile.uploaded_at, StoredFile.name)
    ).all()


def attached(session: Session, registration_id: UUID, file_id: UUID) -> RegistrationFile:
    """Return the link to one attached file.

    :raises NotFound: where it is not attached to this registration
    """
    found = session.get(RegistrationFile, (registration_id, file_id))
    if found is None:
        raise NotFound
    return found


def findings(session: Session, registration_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what was found about the customer, likeliest first, with the account's facts."""
    return session.execute(
        select(
            Finding.kind,
            Finding.account_id,
            Finding.subject_id,
            Finding.score,
            Finding.is_certain,
            Finding.reasons,
            Finding.found_at,
            Account.name.label("account_name"),
            Account.country.label("account_country"),
            Account.domain.label("account_domain"),
            Account.city.label("account_city"),
            Account.address.label("account_address"),
            Account.tax_number.label("account_tax_number"),
            Account.is_named.label("account_is_named"),
        )
        .outerjoin(Account, Account.id == Finding.account_id)
        .where(Finding.registration_id == registration_id)
        .order_by(Finding.score.desc().nulls_last(), Finding.kind)
    ).all()
