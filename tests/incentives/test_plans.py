"""Plans: drafted by one, published by another, followed by the next version."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.rules import Actor, Role
from app.incentives import queries, services
from app.incentives.models import PlanVersion
from app.incentives.rules import PlanState
from app.kernel.errors import Invalid
from tests.factories.clockwork import NOON
from tests.factories.identity import make_actor
from tests.factories.incentives import component, make_draft, make_plan, next_version, plan_document


def test_nobody_publishes_what_they_drafted(session: Session, finance: Actor) -> None:
    draft = services.draft_plan(session, plan_document(), actor=finance, at=NOON)
    with pytest.raises(services.PublishedByItsAuthor):
        services.publish(session, draft.id, actor=finance, at=NOON)
    other = make_actor(session, Role.FINANCE)
    assert services.publish(session, draft.id, actor=other, at=NOON).state is PlanState.PUBLISHED


def test_who_edits_a_draft_becomes_its_author(session: Session, finance: Actor) -> None:
    draft = make_draft(session)
    services.edit_draft(session, draft.id, draft.document, actor=finance, at=NOON)
    with pytest.raises(services.PublishedByItsAuthor):
        services.publish(session, draft.id, actor=finance, at=NOON)


def test_the_next_version_ends_the_one_before(session: Session) -> None:
    first = make_plan(session)
    second = next_version(session, first, date(2026, 3, 1))
    session.refresh(first)
    assert (first.state, first.effective_until) == (PlanState.SUPERSEDED, date(2026, 3, 1))
    assert (second.number, second.effective_until) == (2, None)
    spans = [(read.start, read.until) for code, (_, read) in _of(session, first).items()]
    assert spans == [(date(2025, 1, 1), date(2026, 3, 1)), (date(2026, 3, 1), None)]


def _of(session: Session, version: PlanVersion) -> dict[Any, Any]:
    code = version.plan.code
    return {k: v for k, v in queries.versions_in_force(session).items() if k[0] == code}


def test_a_version_may_not_begin_before_the_one_it_follows(session: Session) -> None:
    first = make_plan(session)
    with pytest.raises(services.StartsTooEarly):
        next_version(session, first, date(2025, 1, 1))


def test_there_is_one_draft_at_a_time(session: Session, finance: Actor) -> None:
    draft = make_draft(session)
    with pytest.raises(services.DraftedAlready):
        services.draft_plan(session, draft.document, actor=finance, at=NOON)


def test_what_was_published_is_not_edited(session: Session, finance: Actor) -> None:
    version = make_plan(session)
    with pytest.raises(services.NotADraft):
        services.edit_draft(session, version.id, version.document, actor=finance, at=NOON)
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text("UPDATE plan_version SET document = '{}' WHERE id = :id"),
                        {"id": version.id})  # fmt: skip


def test_a_draft_keeps_its_code(session: Session, finance: Actor) -> None:
    draft = make_draft(session)
    with pytest.raises(Invalid):
        services.edit_draft(
            session, draft.id, {**draft.document, "code": "other"}, actor=finance, at=NOON
        )


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        ({"mode": "flat", "rate": "NaN"}, "not a number"),
        ({"mode": "flat", "rate": 0.05}, "as text"),
        ({"mode": "flat", "rate": "-1%"}, "at least 0"),
        ({"mode": "marginal", "reset": "year", "brackets": [
            {"from": "0", "to": "20", "rate": "5%"}, {"from": "10", "rate": "6%"}]}, "overlap"),
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_accepted_names_the_place(
    session: Session, finance: Actor, rates: dict[str, Any], words: str
) -> None:
    document = plan_document(component(rates=rates))
    with pytest.raises(Invalid, match=words) as refused:
        services.draft_plan(session, document, actor=finance, at=NOON)
    assert refused.value.errors[0].field.startswith("components[0].rates")


@pytest.mark.parametrize("document", [None, [], {}, {"code": "x"}, {"effective": 3}])
def test_what_is_no_plan_is_refused(session: Session, finance: Actor, document: Any) -> None:
    with pytest.raises(Invalid):
        services.draft_plan(session, document, actor=finance, at=NOON)


def test_a_very_long_title_is_refused(session: Session, finance: Actor) -> None:
    with pytest.raises(Invalid, match="At most 120"):
        services.draft_plan(session, plan_document(title="x" * 150), actor=finance, at=NOON)
