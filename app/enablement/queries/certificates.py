"""Certificates that people of partners hold."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, select
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.db.paging import Page, page_of
from app.enablement.models import Certificate
from app.enablement.rules import CertificateState, Held, Lapse, lapses
from app.kernel.errors import NotFound
from app.partners.models import Partner


def visible_certificates(actor: Actor) -> Select[Certificate]:
    """Return the certificates that ``actor`` may see: the vendor all, a partner its own reach."""
    found = select(Certificate)
    return found if actor.is_vendor else found.where(Certificate.partner_id.in_(actor.partner_ids))


def certificate(session: Session, certificate_id: UUID, *, actor: Actor) -> Certificate:
    """Return a certificate.

    :raises NotFound: if there is none that ``actor`` may see
    """
    wanted = visible_certificates(actor).where(Certificate.id == certificate_id)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def _live(on: date) -> ColumnElement[bool]:
    return and_(Certificate.awarded_on <= on, Certificate.valid_until > on)


def listing(
    actor: Actor, *, on: date, state: CertificateState | None = None, search: str = ""
) -> Select[*tuple[Any, ...]]:
    """Return the statement behind the list of certificates; those that end first stand first."""
    live = _live(on)
    said = case((live, literal(CertificateState.LIVE)), else_=literal(CertificateState.EXPIRED))
    chosen = select(
        Certificate.id,
        Certificate.number,
        Certificate.holder,
        Certificate.subject,
        Certificate.awarded_on,
        Certificate.valid_until,
        Certificate.partner_id,
        Partner.name.label("partner"),
        said.label("state"),
    ).join(Partner, Partner.id == Certificate.partner_id)
    if not actor.is_vendor:
        chosen = chosen.where(Certificate.partner_id.in_(actor.partner_ids))
    if state is not None:
        chosen = chosen.where(live if state is CertificateState.LIVE else ~live)
    if search:
        words = Certificate.holder + " " + Certificate.subject + " " + Certificate.number
        found = (words + " " + Partner.name).icontains(search, autoescape=True)
        chosen = chosen.where(found)
    return chosen.order_by(live.desc(), Certificate.valid_until, Certificate.number)


def page_of_certificates(
    session: Session, statement: Select[*tuple[Any, ...]], *, number: int = 1
) -> Page:
    """Return one page of a list of certificates."""
    return page_of(session, statement, number, per_page=25)


def of_partner(
    session: Session, partner_id: UUID, *, actor: Actor, on: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the certificates of one partner, the live ones first."""
    wanted = listing(actor, on=on).where(Certificate.partner_id == partner_id)
    return session.execute(wanted.limit(200)).all()


def live_counts(session: Session, partner_ids: Collection[UUID], *, on: date) -> dict[UUID, int]:
    """Return how many live certificates each of ``partner_ids`` holds; those without are absent."""
    counted = (
        select(Certificate.partner_id, func.count())
        .where(Certificate.partner_id.in_(partner_ids), _live(on))
        .group_by(Certificate.partner_id)
    )
    return dict(session.execute(counted).all())


def lapsed(
    session: Session, partner_ids: Collection[UUID], *, by: datetime
) -> dict[tuple[UUID, str], list[Lapse]]:
    """Return when partners lost certifications, up to a moment and as known then.

    The key is a partner and the name of the certification; what was never lost is absent.
    """
    rows = session.execute(
        select(
            Certificate.partner_id,
            Certificate.subject,
            Certificate.number,
            Certificate.awarded_on,
            Certificate.valid_until,
            Certificate.recorded_at,
        ).where(Certificate.partner_id.in_(partner_ids), Certificate.recorded_at <= by)
    )
    held: dict[tuple[UUID, str], list[Held]] = defaultdict(list)
    for row in rows:
        one = Held(row.number, row.awarded_on, row.valid_until, row.recorded_at)
        held[row.partner_id, row.subject].append(one)
    found = {place: lapses(each, by) for place, each in held.items()}
    return {place: each for place, each in found.items() if each}


def subjects(session: Session) -> list[str]:
    """Return the names of all certifications that were ever awarded, in order."""
    return list(session.scalars(select(Certificate.subject).distinct().order_by("subject")))


def spelling(session: Session, subject: str) -> str:
    """Return the name of a certification as it was first awarded, whatever its capitals."""
    same = select(Certificate.subject).where(func.lower(Certificate.subject) == subject.lower())
    return session.scalar(same.order_by(Certificate.number).limit(1)) or subject
