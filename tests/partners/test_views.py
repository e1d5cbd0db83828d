"""Pages of partners, as the vendor meets them."""

import re
from uuid import UUID

import pytest
from sqlalchemy import select

from app.access.rules import VENDOR_ROLES, Role
from app.kernel.clock import now
from app.partners.models import Partner
from app.partners.rules import PartnerState
from tests.factories.identity import make_user
from tests.factories.partners import make_partner, make_tier

EDITORS = (Role.CHANNEL_LEAD, Role.ADMIN)


def without_trace(answer, path):
    """Return the body of a page without what names the request."""
    body = re.sub(r'(name="(?:idempotency_key|csrf_token)" value=")[^"]+', "", answer.text)
    return re.sub(r"<code>\w{12}</code>", "", body).replace(path, "")


def entry(tier, **over):
    values = {"name": "Nordlicht", "legal_name": "Nordlicht GmbH", "country": "DE"}
    return {**values, "currency": "EUR", "parent_id": "", "tier_id": str(tier.id),
            "manager_id": "", "website": "nordlicht.example", **over}  # fmt: skip


class TestAPartner:
    @pytest.mark.parametrize("role", sorted(VENDOR_ROLES))
    def test_is_shown_with_decisions_for_those_who_take_them(self, company, sign_in, user, role):
        shown = sign_in(user(role)).get(f"/partners/{company.id}")

        assert company.number in shown.text
        assert ("Change the tier" in shown.text) is (role in EDITORS)

    def test_shows_its_family_people_and_history(self, session, lead, company):
        child = make_partner(session, parent_id=company.id)
        person = make_user(session, Role.PARTNER_MEMBER, partner_id=company.id)
        lead.post(f"/partners/{company.id}/suspension", data={"ground": "inactive"})

        text = lead.get(f"/partners/{company.id}").text
        for wanted in (child.name, person.name, "Partner suspended", "Inactive"):
            assert wanted in text

    @pytest.mark.parametrize("path", ["", "/edit"])
    def test_unknown_is_not_there(self, lead, path):
        assert lead.get(f"/partners/{UUID(int=404)}{path}").status_code == 404

    def test_own_foreign_and_unknown_are_alike_for_a_partner(self, as_admin, company, session):
        other = make_partner(session)
        paths = [f"/partners/{key}" for key in (company.id, other.id, UUID(int=404))]

        answers = [as_admin.get(path) for path in paths]
        assert {answer.status_code for answer in answers} == {404}
        assert len({without_trace(*pair) for pair in zip(answers, paths, strict=True)}) == 1


class TestAdmission:
    def test_makes_a_partner_that_onboards(self, session, lead):
        answer = lead.post("/partners", data=entry(make_tier(session)))

        partner = session.scalars(select(Partner)).one()
        assert (answer.status_code, answer.location) == (303, f"/partners/{partner.id}")
        assert (partner.state, partner.website) == ("onboarding", "https://nordlicht.example")
        assert "Activate" in lead.get(answer.location).text

    @pytest.mark.parametrize(
        "over",
        [
            {"name": ""},
            {"name": "x" * 121},
            {"country": "XX"},
            {"currency": "NaN"},
            {"tier_id": "00000000-0000-0000-0000-000000000000"},
            {"tier_id": "nonsense"},
            {"manager_id": "nonsense"},
            {"parent_id": str(UUID(int=404))},
            {"website": "javascript:alert(1)"},
            {"contact_email": "nobody"},
        ],
    )
    def test_refuses_what_cannot_be(self, session, lead, over):
        answer = lead.post("/partners", data=entry(make_tier(session), **over))

        assert answer.status_code == 422
        assert session.scalars(select(Partner)).all() == []

    def test_happens_once_when_sent_twice(self, session, lead):
        data = entry(make_tier(session), idempotency_key="k1")

        first, second = (lead.post("/partners", data=data) for _ in range(2))

        assert first.location == second.location
        assert len(session.scalars(select(Partner)).all()) == 1

    @pytest.mark.parametrize("role", sorted(VENDOR_ROLES - set(EDITORS)))
    def test_is_for_leads_and_admins(self, session, sign_in, user, role):
        browser = sign_in(user(role))

        assert browser.get("/partners/new").status_code == 403
        assert browser.post("/partners", data=entry(make_tier(session))).status_code == 403


class TestEditing:
    def send(self, browser, partner, **over):
        shown = {"name": partner.name, "legal_name": partner.legal_name, "country": "GB"}
        data = {**shown, "currency": "EUR", "parent_id": "", "version": partner.version, **over}
        return browser.post(f"/partners/{partner.id}", data=data)

    def test_saves(self, lead, company):
        assert self.send(lead, company, city="York").status_code == 303
        assert company.city == "York"

    def test_of_an_old_version_shows_both_values(self, lead, company):
        answer = self.send(lead, company, city="York", version=company.version - 1)

        assert (answer.status_code, company.city) == (409, "Leeds")
        assert "<del>Leeds</del>" in answer.text
        assert "<ins>York</ins>" in answer.text

    @pytest.mark.parametrize("version", ["", "x", "9" * 5000])
    def test_wants_a_version(self, lead, company, version):
        assert self.send(lead, company, version=version).status_code in {409, 422}

    def test_shows_the_form(self, lead, company):
        assert 'value="Leeds"' in lead.get(f"/partners/{company.id}/edit").text


class TestDecisions:
    @pytest.mark.parametrize(
        ("before", "path", "after"),
        [
            ("onboarding", "activation", "active"),
            ("active", "suspension", "suspended"),
            ("suspended", "reinstatement", "active"),
            ("active", "ending", "ended"),
        ],
    )
    def test_move_a_partner(self, session, lead, before, path, after):
        partner = make_partner(session, state=PartnerState(before))

        answer = lead.post(f"/partners/{partner.id}/{path}", data={"ground": "other"})

        assert (answer.status_code, partner.state.value) == (303, after)

    def test_that_no_longer_fit_are_refused(self, session, lead):
        partner = make_partner(session, state=PartnerState.ENDED)

        assert lead.post(f"/partners/{partner.id}/activation").status_code == 409

    @pytest.mark.parametrize(
        ("path", "data"),
        [
            ("suspension", {"ground": "nonsense"}),
            ("ending", {}),
            ("tier", {"tier_id": "nonsense", "on": "2026-01-01"}),
            ("tier", {"on": "2026-01-01"}),
            ("manager", {"manager_id": "nonsense"}),
        ],
    )
    def test_without_sense_change_nothing(self, lead, company, path, data):
        answer = lead.post(f"/partners/{company.id}/{path}", data=data)

        assert (answer.status_code, company.state) == (422, "active")

    @pytest.mark.parametrize("on", ["", "yesterday", "2020-01-01", "2199-01-01", "9999-99-99"])
    def test_of_tiers_want_a_day_that_fits(self, session, lead, company, on):
        data = {"tier_id": str(make_tier(session).id), "on": on}

        assert lead.post(f"/partners/{company.id}/tier", data=data).status_code == 422

    def test_give_a_tier_and_a_manager(self, session, lead, company):
        tier, manager = make_tier(session, rank=5), make_user(session)
        day = now().date().isoformat()

        lead.post(f"/partners/{company.id}/tier", data={"tier_id": str(tier.id), "on": day})
        lead.post(f"/partners/{company.id}/manager", data={"manager_id": str(manager.id)})

        assert (company.tier_id, company.manager_id) == (tier.id, manager.id)
        assert manager.name in lead.get(f"/partners/{company.id}").text
