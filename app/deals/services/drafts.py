"""Write a registration: drafts, corrections that were asked for, progress."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.deals import queries
from app.deals.models import Registration, RegistrationLine
from app.deals.rules import Content, DealState, editable_fields, host_of, merged
from app.deals.services.acts import constraint_of, own
from app.files.models import StoredFile
from app.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from app.kernel.ids import new_salt
from app.ledger.services import record


class NotEditable(Conflict):
    """In its present state nothing of the registration can be changed."""

    code = "deal.not_editable"


class RegistrationChanged(Conflict):
    """Somebody changed the registration since it was opened."""

    code = "deal.stale_version"


class OnlyPartnersRegister(Forbidden):
    """The actor belongs to no partner."""

    code = "deal.only_partners_register"


def save(
    session: Session,
    registration_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    content: Content,
    version: int | None = None,
) -> Registration:
    """Write what a partner says: a new draft, or the fields that may be changed by now.

    :raises NotFound: if the id is that of a registration the actor may not see
    :raises NotEditable: if nothing of it can be changed now
    :raises RegistrationChanged: if it is not at ``version`` any more
    :raises Invalid: if title or customer are missing, or the partner's reference is taken
    """
    content = _tidied(content)
    _refuse_nameless(content)
    known = queries.visible_to(actor).where(Registration.id == registration_id)
    if session.scalar(known) is None:
        registration = _begun(session, registration_id, content, actor=actor, at=at)
    else:
        registration = _changed(session, registration_id, content, actor=actor, version=version)
    if registration.state is DealState.APPROVED:
        record(
            session, "deal.registration.edited", subject=registration, actor=actor, at=at,
            partner_id=registration.partner_id,
        )  # fmt: skip
    return registration


def delete_draft(
    session: Session, registration_id: UUID, *, actor: Actor, at: datetime
) -> Registration:
    """Delete a draft with its files.

    :raises NotFound: where there is none that the actor may see
    :raises NotEditable: if it was submitted
    """
    registration = own(session, registration_id, actor=actor)
    if registration.state is not DealState.DRAFT:
        raise NotEditable("Only a draft can be deleted; what was submitted can be withdrawn.")
    record(
        session, "deal.registration.deleted", subject=registration, actor=actor, at=at,
        partner_id=registration.partner_id,
    )  # fmt: skip
    kept = [row.id for row in queries.files(session, registration.id)]
    session.delete(registration)
    session.flush()
    session.execute(delete(StoredFile).where(StoredFile.id.in_(kept)))
    return registration


def _begun(
    session: Session, registration_id: UUID, content: Content, *, actor: Actor, at: datetime
) -> Registration:
    if actor.partner_id is None or actor.user_id is None:
        raise OnlyPartnersRegister("Registrations are made by partners.")
    registration = Registration(
        id=registration_id,
        partner_id=actor.partner_id,
        state=DealState.DRAFT,
        created_by=actor.user_id,
        created_at=at,
        salt=new_salt(),
    )
    _refuse_taken_reference(session, registration, content)
    _write(registration, content)
    try:
        with session.begin_nested():
            session.add(registration)
            session.flush()
    except IntegrityError as refused:
        if constraint_of(refused) != "pk_registration":
            raise
        raise NotFound from None
    _write_lines(session, registration, content)
    record(
        session, "deal.registration.drafted", subject=registration, actor=actor, at=at,
        partner_id=registration.partner_id,
    )  # fmt: skip
    return registration


def _changed(
    session: Session, registration_id: UUID, content: Content, *, actor: Actor, version: int | None
) -> Registration:
    registration = own(session, registration_id, actor=actor)
    names = editable_fields(registration.state, registration.fields_asked)
    if not names:
        raise NotEditable("Nothing of this registration can be changed now.")
    if version is not None and version != registration.version:
        raise RegistrationChanged("Somebody changed this registration since you opened it.")
    before = queries.content_of(registration, queries.lines(session, registration.id))
    after = merged(before, content, names)
    _refuse_taken_reference(session, registration, after)
    _write(registration, after)
    if after.lines != before.lines:
        _write_lines(session, registration, after)
    session.flush()
    return registration


def _refuse_nameless(content: Content) -> None:
    found = []
    if not content.title:
        found.append(FieldError("title", "Give the deal a title.", "deal.title_missing"))
    if not content.customer_name:
        message = "Name the company."
        found.append(FieldError("customer_name", message, "deal.customer_name_missing"))
    if found:
        raise Invalid.fields(*found)


def _refuse_taken_reference(session: Session, registration: Registration, said: Content) -> None:
    if not said.partner_reference:
        return
    with session.no_autoflush:
        taken = session.scalar(
            select(Registration.title).where(
                Registration.partner_id == registration.partner_id,
                Registration.partner_reference == said.partner_reference,
                Registration.id != registration.id,
            )
        )
    if taken is not None:
        message = f"Your registration “{taken}” already carries this CRM id."
        error = FieldError("partner_reference", message, "deal.partner_reference_taken")
        raise Invalid.fields(error)


def _tidied(content: Content) -> Content:
    return replace(
        content,
        customer_domain=host_of(content.customer_domain),
        customer_country=content.customer_country.upper(),
        currency=content.currency.upper(),
    )


def _write(registration: Registration, content: Content) -> None:
    for name in Content.__dataclass_fields__:
        if name not in ("lines", "help_wanted"):
            setattr(registration, name, getattr(content, name))
    registration.help_wanted = list(content.help_wanted)
    registration.amount_minor = sum(line.amount_minor or 0 for line in content.lines)


def _write_lines(session: Session, registration: Registration, content: Content) -> None:
    old = RegistrationLine.registration_id == registration.id
    session.execute(delete(RegistrationLine).where(old))
    chosen = [line for line in content.lines if line.product_id is not None]
    for position, line in enumerate(chosen):
        session.add(
            RegistrationLine(
                registration_id=registration.id,
                partner_id=registration.partner_id,
                position=position,
                product_id=line.product_id,
                quantity=line.quantity or 1,
                amount_minor=line.amount_minor or 0,
            )
        )
    session.flush()
