"""What several pages of partners need: values of forms, choices, fragments."""

from typing import Any
from uuid import UUID

from flask import current_app, url_for

from app.access.guard import current_session
from app.access.rules import Actor, Permission
from app.partners import queries
from app.partners.models import Partner
from app.partners.rules import Profile

PLACES = (
    ("Deals", "deals.of_partner", Permission.DEAL_VIEW),
    ("Pipeline", "pipeline.of_partner", Permission.PIPELINE_VIEW),
    ("Statements", "statements.of_partner", Permission.STATEMENT_VIEW),
    ("Certificates", "enablement.of_partner", Permission.LIBRARY_VIEW),
)
"""What features above tell of a partner: a fragment each, where there is one."""


def places(partner: Partner, actor: Actor) -> list[dict[str, str]]:
    """Return the fragments about ``partner`` that ``actor`` may see."""
    return [
        {"title": title, "url": url_for(endpoint, partner_id=partner.id)}
        for title, endpoint, permission in PLACES
        if endpoint in current_app.view_functions and actor.may(permission)
    ]


def profile_of(partner: Partner) -> dict[str, Any]:
    """Return what a form over a company shows."""
    names = (*Profile.__dataclass_fields__, "version")
    return {name: getattr(partner, name) for name in names}


def details_of(partner: Partner) -> dict[str, Any]:
    """Return what a form over a partner shows."""
    names = ("name", "legal_name", "country", "region", "currency")
    own = {name: getattr(partner, name) for name in names}
    return {**profile_of(partner), **own, "parent_id": str(partner.parent_id or "")}


def tier_pairs() -> list[tuple[UUID, str]]:
    """Return every tier as a choice: its programme, then its name."""
    rows = queries.tier_choices(current_session())
    return [(row.id, f"{row.programme}: {row.tier}") for row in rows]


def manager_pairs() -> list[tuple[UUID, str]]:
    """Return whoever may look after partners as choices."""
    return [(row.id, row.name) for row in queries.managers(current_session())]
