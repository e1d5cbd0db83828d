"""Programmes, tiers and partners."""

from typing import Any

from sqlalchemy.orm import Session

from app.partners.models import Partner, Programme, Tier, TierHold
from app.partners.rules import Details, PartnerState, Profile, ProgrammeKind
from tests.factories.clockwork import NOON, unique


def make_programme(session: Session, **over: Any) -> Programme:
    """Return a reseller programme without tiers."""
    code = f"P{unique()}"
    values = {"code": code, "name": f"Programme {code}", "kind": ProgrammeKind.RESELLER}
    programme = Programme(**{**values, **over})
    session.add(programme)
    session.flush()
    return programme


def make_tier(session: Session, programme: Programme | None = None, **over: Any) -> Tier:
    """Return a tier that protects for 90 days and extends once by 30."""
    programme = programme or make_programme(session)
    values = {"code": f"T{unique()}", "name": "Gold", "rank": 2, "programme_id": programme.id}
    tier = Tier(**{**values, **over})
    session.add(tier)
    session.flush()
    return tier


def make_partner(session: Session, tier: Tier | None = None, **over: Any) -> Partner:
    """Return an active partner of a tier that it has held since a year before."""
    tier = tier or make_tier(session)
    number = unique()
    values: dict[str, Any] = {
        "number": f"PA-2026-{number:06d}",
        "name": f"Partner {number}",
        "legal_name": f"Partner {number} Ltd",
        "state": PartnerState.ACTIVE,
        "programme_id": tier.programme_id,
        "tier_id": tier.id,
        "country": "GB",
        "currency": "EUR",
        "joined_at": NOON,
    }
    partner = Partner(**{**values, **over})
    session.add(partner)
    session.flush()
    held_from = NOON.date().replace(year=NOON.year - 1)
    session.add(TierHold(partner_id=partner.id, tier_id=tier.id, held_from=held_from))
    session.flush()
    return partner


def details(**over: Any) -> Details:
    """Return who a partner in Germany is, under a name of its own."""
    name = f"Systemhaus {unique()}"
    profile = Profile(city="Köln", website="https://systemhaus.example")
    values = {"name": name, "legal_name": f"{name} GmbH", "country": "DE", "currency": "EUR"}
    return Details(**{**values, "profile": profile, **over})
