"""Plans and their versions."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.identity.models import User
from app.incentives import engine
from app.incentives.models import Plan, PlanVersion
from app.incentives.rules import PlanState
from app.kernel.errors import NotFound
from app.partners.models import Programme, Tier

IN_FORCE = (PlanState.PUBLISHED, PlanState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One version of a plan on the list of plans."""

    id: UUID
    code: str
    name: str
    number: int
    state: PlanState
    effective_from: date
    effective_until: date | None
    drafted_by: str
    published_by: str


def plan_rows(session: Session) -> list[PlanRow]:
    """Return every version of every plan, by plan, the newest version first."""
    drafter, publisher = aliased(User), aliased(User)
    rows = session.execute(
        select(
            PlanVersion.id, Plan.code, Plan.name, PlanVersion.number, PlanVersion.state,
            PlanVersion.effective_from, PlanVersion.effective_until,
            drafter.name, publisher.name,
        )
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .outerjoin(drafter, drafter.id == PlanVersion.drafted_by)
        .outerjoin(publisher, publisher.id == PlanVersion.published_by)
        .order_by(Plan.name, Plan.code, PlanVersion.number.desc())
    )  # fmt: skip
    return [PlanRow(*row[:7], row[7] or "", row[8] or "") for row in rows]


def one_version(session: Session, version_id: UUID, *, lock: bool = False) -> PlanVersion:
    """Return a version with its plan.

    :raises NotFound: where there is none that the reader may see
    """
    wanted = select(PlanVersion).where(PlanVersion.id == version_id)
    wanted = wanted.options(joinedload(PlanVersion.plan))
    if lock:
        wanted = wanted.with_for_update(of=PlanVersion).execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def latest_of_plan(session: Session, code: str) -> PlanVersion | None:
    """Return the newest version of a plan, None where there is no such plan."""
    return session.scalar(
        select(PlanVersion)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .where(Plan.code == code)
        .options(joinedload(PlanVersion.plan))
        .order_by(PlanVersion.number.desc())
        .limit(1)
    )


def predecessor(session: Session, plan_id: UUID) -> PlanVersion | None:
    """Return the published version that the next one follows, locked."""
    return session.scalar(
        select(PlanVersion)
        .where(PlanVersion.plan_id == plan_id, PlanVersion.state == PlanState.PUBLISHED)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def versions_of_plan(session: Session, plan_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the versions of one plan, newest first."""
    return session.execute(
        select(
            PlanVersion.id, PlanVersion.number, PlanVersion.state, PlanVersion.effective_from,
            PlanVersion.effective_until, PlanVersion.published_at, User.name.label("published_by"),
        )
        .outerjoin(User, User.id == PlanVersion.published_by)
        .where(PlanVersion.plan_id == plan_id)
        .order_by(PlanVersion.number.desc())
    ).all()  # fmt: skip


def engine_version(document: dict[str, Any], until: date | None) -> engine.PlanVersion:
    """Return a stored document as the engine reads it; its end stands beside it, in the row.

    :raises DocumentRefused: naming the path of the first value that cannot be accepted
    """
    effective = {**document.get("effective", {}), "until": until and until.isoformat()}
    return engine.read_plan({**document, "effective": effective})


def versions_in_force(session: Session) -> dict[tuple[str, int], tuple[UUID, engine.PlanVersion]]:
    """Return every published or superseded version by plan code and number, with its id."""
    rows = session.execute(
        select(PlanVersion.id, PlanVersion.document, PlanVersion.effective_until)
        .where(PlanVersion.state.in_(IN_FORCE))
        .order_by(PlanVersion.effective_from, PlanVersion.id)
    )
    found = {}
    for version_id, document, until in rows:
        read = engine_version(document, until)
        found[read.code, read.version] = (version_id, read)
    return found


def caps_across(plans: Iterable[engine.PlanVersion]) -> bool:
    """Whether any cap is shared between partners, so that all of them must be looked at."""
    return engine.shares_limits(tuple(plans))


def people(session: Session, user_ids: Collection[UUID | None]) -> dict[UUID | None, str]:
    """Return the names of people by id."""
    rows = session.execute(select(User.id, User.name).where(User.id.in_(filter(None, user_ids))))
    return {row.id: row.name for row in rows}


def tier_codes(session: Session) -> list[tuple[str, str]]:
    """Return the code and name of every tier, one for each code, by rank."""
    rows = session.execute(select(Tier.code, Tier.name).order_by(Tier.rank, Tier.code))
    return list({row.code: (row.code, row.name) for row in rows}.values())


def programme_codes(session: Session) -> list[tuple[str, str]]:
    """Return the code and name of every programme, by name."""
    rows = session.execute(select(Programme.code, Programme.name).order_by(Programme.name))
    return [(row.code, row.name) for row in rows]
