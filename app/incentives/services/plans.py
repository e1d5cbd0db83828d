"""Draft, edit and publish versions of plans; what was published is only ever followed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.incentives import engine, queries
from app.incentives.models import Plan, PlanVersion
from app.incentives.rules import LIFECYCLE, PlanAct, PlanState
from app.kernel.errors import Conflict, FieldError, Forbidden, Invalid
from app.kernel.format import day
from app.ledger.services import record


class PublishedByItsAuthor(Forbidden):
    """Nobody publishes what they drafted: a second person reads it first."""

    code = "incentives.published_by_its_author"


class DraftedAlready(Conflict):
    """The plan has a draft; there is one at a time."""

    code = "incentives.drafted_already"


class NotADraft(Conflict):
    """What was published is never edited, only followed by the next version."""

    code = "incentives.not_a_draft"


class StartsTooEarly(Conflict):
    """A version takes effect after the one it follows."""

    code = "incentives.starts_too_early"


def draft_plan(
    session: Session, document: dict[str, Any], *, actor: Actor, at: datetime
) -> PlanVersion:
    """Keep a document as the draft of a new plan, or of the next version of a plan of its code.

    The version's number is given here; an end in the document is left out, because the following
    version sets it.

    :raises DocumentRefused: naming the path of the first value that cannot be accepted
    :raises DraftedAlready: if the plan has a draft
    """
    read = _read(document, number=1)
    latest = queries.latest_of_plan(session, read.code)
    if latest is not None and latest.state is PlanState.DRAFT:
        raise DraftedAlready(f"Plan {read.code} has a draft, version {latest.number}; edit that.")
    plan = _plan(session, read) if latest is None else latest.plan
    number = 1 if latest is None else latest.number + 1
    version = PlanVersion(
        plan_id=plan.id, plan=plan, number=number, state=PlanState.DRAFT,
        effective_from=read.start, document=_stored(document, number), drafted_by=actor.user_id,
    )  # fmt: skip
    session.add(version)
    session.flush()
    _tell(session, "incentives.plan.drafted", version, actor=actor, at=at)
    return version


def draft_next(
    session: Session, version_id: UUID, *, effective_from: date, actor: Actor, at: datetime
) -> PlanVersion:
    """Draft the next version of a plan as a copy of one of its versions.

    :raises NotFound: if there is no such version
    :raises DraftedAlready: if the plan has a draft
    """
    last = queries.one_version(session, version_id)
    document = {**last.document, "effective": {"from": effective_from.isoformat()}}
    return draft_plan(session, document, actor=actor, at=at)


def edit_draft(
    session: Session, version_id: UUID, document: dict[str, Any], *, actor: Actor, at: datetime
) -> PlanVersion:
    """Replace what a draft says; who edits it last is its author.

    :raises NotFound: if there is no such version
    :raises NotADraft: if it was published
    :raises DocumentRefused: naming the path of the first value that cannot be accepted
    """
    version = queries.one_version(session, version_id, lock=True)
    if version.state is not PlanState.DRAFT:
        raise NotADraft("A published version is not edited; draft the next one.")
    read = _read(document, number=version.number)
    if read.code != version.plan.code:
        error = FieldError("code", f"The plan keeps its code, {version.plan.code}.", "invalid")
        raise Invalid.fields(error)
    version.document = _stored(document, version.number)
    version.effective_from, version.drafted_by = read.start, actor.user_id
    session.flush()
    _tell(session, "incentives.plan.drafted", version, actor=actor, at=at)
    return version


def publish(session: Session, version_id: UUID, *, actor: Actor, at: datetime) -> PlanVersion:
    """Put a draft in force from its first day on; the version before ends on that day.

    :raises NotFound: if there is no such version
    :raises NotADraft: if it was published before
    :raises PublishedByItsAuthor: if the actor drafted it
    :raises StartsTooEarly: if it takes effect no later than the version that it follows
    """
    version = queries.one_version(session, version_id, lock=True)
    if version.state is not PlanState.DRAFT:
        raise NotADraft("This version was published before.")
    if actor.user_id is not None and version.drafted_by == actor.user_id:
        raise PublishedByItsAuthor("You drafted this version; somebody else publishes it.")
    before = queries.predecessor(session, version.plan_id)
    if before is not None:
        _supersede(session, before, version, actor=actor, at=at)
    version.state = LIFECYCLE.next(version.state, PlanAct.PUBLISH)
    version.published_by, version.published_at = actor.user_id, at
    version.plan.name = str(version.document["title"])[:120]
    session.flush()
    _tell(session, "incentives.plan.published", version, actor=actor, at=at)
    return version


def _supersede(
    session: Session, before: PlanVersion, following: PlanVersion, *, actor: Actor, at: datetime
) -> None:
    start = following.effective_from
    if start <= before.effective_from:
        sentence = f"Version {before.number} takes effect on {day(before.effective_from)}; "
        raise StartsTooEarly(f"{sentence}the next one must begin after that day.")
    before.effective_until = start
    before.state = LIFECYCLE.next(before.state, PlanAct.SUPERSEDE)
    session.flush()
    _tell(session, "incentives.plan.superseded", before, actor=actor, at=at)


def _read(document: object, *, number: int) -> engine.PlanVersion:
    numbered = {**document, "version": number} if isinstance(document, dict) else document
    read = engine.read_plan(numbered)
    if len(read.code) > _CODE or len(read.title) > _TITLE:
        where, longest = ("code", _CODE) if len(read.code) > _CODE else ("title", _TITLE)
        raise Invalid.fields(FieldError(where, f"At most {longest} characters fit.", "invalid"))
    for index, component in enumerate(read.components):
        if len(component.code) > _PART_CODE or len(component.title) > _PART_TITLE:
            words = f"A code has at most {_PART_CODE} characters, a title {_PART_TITLE}."
            raise Invalid.fields(FieldError(f"components[{index}]", words, "invalid"))
    return read


_CODE, _TITLE, _PART_CODE, _PART_TITLE = 40, 120, 60, 160


def _plan(session: Session, read: engine.PlanVersion) -> Plan:
    plan = session.scalar(select(Plan).where(func.lower(Plan.code) == read.code.lower()))
    if plan is None:
        plan = Plan(code=read.code, name=read.title)
        session.add(plan)
        session.flush()
    return plan


def _stored(document: dict[str, Any], number: int) -> dict[str, Any]:
    effective = {"from": document["effective"]["from"]}
    return {**document, "version": number, "effective": effective}


def _tell(session: Session, name: str, version: PlanVersion, *, actor: Actor, at: datetime) -> None:
    until = version.effective_until
    record(session, name, subject=version, actor=actor, at=at, plan=version.plan.code,
           number=version.number, effective_from=version.effective_from.isoformat(),
           effective_until=until and until.isoformat())  # fmt: skip
