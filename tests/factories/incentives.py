"""Plans in force and commission lines."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM
from app.incentives import services
from app.incentives.models import PlanVersion
from tests.factories.clockwork import NOON, unique

SOURCED = {"route": ["sourced"]}


def component(**over: Any) -> dict[str, Any]:
    """Return a component that pays 10 % of the booked amount credited to who sourced it."""
    return {
        "code": "base",
        "title": "Commission",
        "basis": "booked",
        "applies_to": SOURCED,
        "share": "credit",
        "rates": {"mode": "flat", "rate": "10%"},
        **over,
    }


def plan_document(*components: dict[str, Any], **over: Any) -> dict[str, Any]:
    """Return a plan in euro from 2025 on."""
    return {
        "code": f"plan-{unique()}",
        "version": 1,
        "title": "Partner plan",
        "currency": "EUR",
        "effective": {"from": "2025-01-01"},
        "components": list(components) or [component()],
        **over,
    }


def make_draft(session: Session, *components: dict[str, Any], **over: Any) -> PlanVersion:
    """Return a draft."""
    document = plan_document(*components, **over)
    return services.draft_plan(session, document, actor=SYSTEM, at=NOON)


def make_plan(session: Session, *components: dict[str, Any], **over: Any) -> PlanVersion:
    """Return a version in force since 2025."""
    draft = make_draft(session, *components, **over)
    return services.publish(session, draft.id, actor=SYSTEM, at=NOON)


def next_version(
    session: Session, version: PlanVersion, start: date, *components: dict[str, Any]
) -> PlanVersion:
    """Return the version that follows another one from ``start`` on."""
    document = {**version.document, "effective": {"from": start.isoformat()}}
    if components:
        document["components"] = list(components)
    draft = services.draft_plan(session, document, actor=SYSTEM, at=NOON)
    return services.publish(session, draft.id, actor=SYSTEM, at=NOON)
