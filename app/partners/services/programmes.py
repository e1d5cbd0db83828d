"""Change what programmes and tiers give and ask. A tier is edited under its programme's version."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.access.rules import Actor
from app.kernel.errors import FieldError, Invalid
from app.ledger.services import record
from app.partners import queries
from app.partners.models import Programme, Tier
from app.partners.rules import Course, ProgrammeKind, Terms, checked_terms

MOST_HOURS = 400


class CodeTaken(Invalid):
    """Another programme, or another tier of this one, has the code or the rank."""

    code = "partners.code_taken"


def add_programme(
    session: Session, *, code: str, name: str, kind: ProgrammeKind, actor: Actor, at: datetime
) -> Programme:
    """Add a programme without tiers.

    :raises CodeTaken: if another has this code
    """
    if session.scalar(select(Programme.id).where(Programme.code == code)) is not None:
        raise _taken("code", "Another programme has this code.")
    programme = Programme(code=code, name=name, kind=kind)
    session.add(programme)
    session.flush()
    record(session, "partners.programme.added", subject=programme, actor=actor, at=at, code=code)
    return programme


def edit_programme(
    session: Session, programme_id: UUID, *, course: Course, actor: Actor, at: datetime
) -> Programme:
    """Change how fast registrations are answered, and whether parents see their children's deals.

    :raises NotFound: if there is no such programme
    :raises Invalid: if the hours are not 1 to 400
    """
    programme = queries.programme(session, programme_id, lock=True)
    if not 1 <= course.answer_hours <= MOST_HOURS:
        said = f"Give a number from 1 to {MOST_HOURS}."
        raise Invalid.fields(FieldError("answer_hours", said, "partners.answer_hours"))
    programme.name, programme.answer_hours = course.name, course.answer_hours
    programme.parents_see_children = course.parents_see_children
    record(
        session,
        "partners.programme.edited",
        subject=programme,
        actor=actor,
        at=at,
        answer_hours=course.answer_hours,
        parents_see_children=course.parents_see_children,
    )
    return programme


def add_tier(
    session: Session, programme_id: UUID, *, code: str, terms: Terms, actor: Actor, at: datetime
) -> Tier:
    """Add a tier to a programme.

    :raises NotFound: if there is no such programme
    :raises Invalid: with every field at fault
    """
    programme = queries.programme(session, programme_id, lock=True)
    tier = Tier(programme_id=programme.id, code=code)
    _set(session, programme, tier, terms)
    session.add(tier)
    session.flush()
    record(
        session, "partners.tier.added", subject=tier, actor=actor, at=at, code=code, rank=tier.rank
    )
    return tier


def edit_tier(session: Session, tier_id: UUID, *, terms: Terms, actor: Actor, at: datetime) -> Tier:
    """Change what a tier gives and asks, for decisions from now on.

    :raises NotFound: if there is no such tier
    :raises Invalid: with every field at fault
    """
    tier = queries.tier(session, tier_id)
    programme = queries.programme(session, tier.programme_id, lock=True)
    _set(session, programme, tier, terms)
    facts = {name: value for name, value in asdict(terms).items() if name != "name"}
    record(session, "partners.tier.edited", subject=tier, actor=actor, at=at, **facts)
    return tier


def _set(session: Session, programme: Programme, tier: Tier, terms: Terms) -> None:
    checked = checked_terms(terms)
    for other in queries.tiers_of(session, programme.id):
        if other is not tier and other.id != tier.id and checked.rank == other.rank:
            raise _taken("rank", f"{other.name} has this rank.")
        if other.id != tier.id and other.code == tier.code:
            raise _taken("code", f"{other.name} has this code.")
    for name, value in asdict(checked).items():
        setattr(tier, name, value)
    flag_modified(programme, "name")  # moves its version on, which covers its tiers
    session.flush()


def _taken(field: str, sentence: str) -> CodeTaken:
    return CodeTaken(sentence, errors=(FieldError(field, sentence, CodeTaken.code),))
