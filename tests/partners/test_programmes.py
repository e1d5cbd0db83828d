"""Programmes and tiers in a browser."""

from typing import ClassVar

import pytest
from sqlalchemy import select

from app.access.rules import Role
from app.partners import queries
from app.partners.models import Programme
from tests.factories.partners import make_programme, make_tier


class TestProgrammes:
    def test_are_listed_added_and_shown(self, session, lead):
        make_tier(session)
        data = {"code": "ref", "name": "Referral", "kind": "referral"}
        answer = lead.post("/programmes", data=data)

        assert "REF" in session.scalars(select(Programme.code)).all()
        assert "No tiers yet" in lead.get(answer.location).text
        assert "Referral" in lead.get("/programmes").text

    def test_refuse_a_code_twice(self, session, lead):
        programme = make_programme(session)
        data = {"code": programme.code, "name": "Again", "kind": "referral"}

        assert lead.post("/programmes", data=data).status_code == 422

    @pytest.mark.parametrize("hours", ["", "0", "401", "x", "1e309", "9" * 400])
    def test_want_hours_that_can_be(self, session, lead, hours):
        programme = make_programme(session)
        data = {"name": "P", "answer_hours": hours, "version": programme.version}

        answer = lead.post(f"/programmes/{programme.id}", data=data)
        assert answer.status_code == 422

    def test_change_under_their_version(self, session, lead):
        programme = make_programme(session)
        data = {"name": "P", "answer_hours": "8", "parents_see_children": "y"}
        url = f"/programmes/{programme.id}"

        stale = lead.post(url, data={**data, "version": programme.version - 1})
        assert (stale.status_code, "<del>16</del>" in stale.text) == (409, True)
        assert lead.post(url, data={**data, "version": programme.version}).status_code == 303
        assert (programme.answer_hours, programme.parents_see_children) == (8, True)

    TERMS: ClassVar = {"name": "Gold", "rank": "2", "protection_days": "60", "extension_days": "30",
             "extensions": "1", "yearly_bookings": "250000.00", "discount": "12.5"}  # fmt: skip

    def test_take_a_tier(self, session, lead):
        programme = make_programme(session)
        data = {**self.TERMS, "code": "gold", "version": programme.version}

        assert lead.post(f"/programmes/{programme.id}/tiers", data=data).status_code == 303
        [tier] = queries.tiers_of(session, programme.id)
        assert (tier.code, tier.yearly_bookings_minor, str(tier.discount)) == (
            "GOLD",
            25_000_000,
            "0.125000",
        )
        assert "250,000.00" in lead.get(f"/programmes/{programme.id}").text
        assert lead.get(f"/programmes/{programme.id}/tiers/new").status_code == 200

    @pytest.mark.parametrize(
        "over",
        [
            {"name": ""},
            {"rank": "0"},
            {"protection_days": "-1"},
            {"extensions": "NaN"},
            {"yearly_bookings": "-5"},
            {"yearly_bookings": "NaN"},
            {"discount": "101"},
            {"discount": "1e309"},
        ],
    )
    def test_refuse_terms_that_cannot_be(self, session, lead, over):
        tier = make_tier(session)
        version = queries.programme(session, tier.programme_id).version

        answer = lead.post(f"/tiers/{tier.id}", data={**self.TERMS, "version": version, **over})
        assert answer.status_code == 422

    def test_save_a_tier_under_the_version_of_the_programme(self, session, lead):
        tier = make_tier(session)
        programme = queries.programme(session, tier.programme_id)
        url = f"/tiers/{tier.id}"

        stale = lead.post(url, data={**self.TERMS, "version": programme.version - 1})
        assert stale.status_code == 409
        data = {**self.TERMS, "version": programme.version}
        assert lead.post(url, data=data).status_code == 303
        assert tier.protection_days == 60
        assert 'value="12.5"' in lead.get(url).text

    @pytest.mark.parametrize("role", [Role.CHANNEL_MANAGER, Role.FINANCE, Role.ANALYST])
    def test_are_for_leads_and_admins(self, sign_in, user, role):
        assert sign_in(user(role)).get("/programmes").status_code == 403
