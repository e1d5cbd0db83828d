"""How far a partner is on the way to its next tier."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.rules import Role
from app.attribution import queries
from app.kernel.money import Money
from app.partners.models import Partner
from app.pipeline.rules import ParticipantRole
from tests.factories.attribution import WON_AT, credited, make_won
from tests.factories.identity import make_user
from tests.factories.partners import make_partner, make_programme, make_tier
from tests.factories.pipeline import make_participant

SignIn = Callable[..., Any]
ON = date(2026, 3, 2)


@pytest.fixture
def partner(session: Session) -> Partner:
    """A partner whose next tier asks for 4,000.00 a year."""
    programme = make_programme(session)
    tier = make_tier(session, programme)
    make_tier(session, programme, name="Platinum", rank=9, yearly_bookings_minor=400_000)
    return make_partner(session, tier)


def _sourced(session: Session, partner: Partner, on: date, **over: Any) -> None:
    order = make_won(session, order={"booked_on": on}, **over)
    make_participant(
        session, order.opportunity, partner_id=partner.id, role=ParticipantRole.SOURCE,
        answered_at=WON_AT - timedelta(days=20),
    )  # fmt: skip
    credited(session, order)


def test_only_what_the_partner_sourced_this_year_counts(session: Session, partner: Partner) -> None:
    _sourced(session, partner, date(2026, 1, 1))
    _sourced(session, partner, date(2025, 12, 31))
    _sourced(session, partner, ON, currency="USD")
    _sourced(session, make_partner(session), ON)
    found = queries.tier_progress(session, partner, on=ON)
    assert (found.booked, found.orders, found.tier) == (Money(100_000, "EUR"), 1, "Platinum")
    assert found.elsewhere == (Money(100_000, "USD"),)
    assert (found.share, found.missing) == (0.25, Money(300_000, "EUR"))


@pytest.mark.parametrize(("asked", "share"), [(0, 0.0), (50_000, 1.0), (200_000, 0.5)])
def test_at_the_top_it_is_what_keeps_the_tier(session: Session, asked: int, share: float) -> None:
    partner = make_partner(session, make_tier(session, yearly_bookings_minor=asked))
    _sourced(session, partner, ON)
    found = queries.tier_progress(session, partner, on=ON)
    assert (found.tier, found.share) == (partner.tier.name, share)
    assert (found.missing is not None) == (asked > 100_000)


def test_a_partner_reads_its_own(session: Session, sign_in: SignIn, partner: Partner) -> None:
    page = sign_in(make_user(session, Role.PARTNER_MEMBER, partner_id=partner.id))
    assert "/programme/progress" in page.get("/programme").text
    answer = page.get("/programme/progress", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "4,000.00" in answer.text


def test_the_vendor_has_no_way_to_go(session: Session, sign_in: SignIn) -> None:
    page = sign_in(make_user(session, Role.CHANNEL_LEAD))
    assert page.get("/programme/progress").status_code == 404
