"""Pages of partners, as each role meets them."""

import re
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import select

from app.access.rules import PARTNER_ROLES, VENDOR_ROLES, Role
from app.identity.models import SignedInSession
from app.kernel.clock import now
from app.partners import queries
from app.partners.models import Partner, PayoutDetails, Programme
from app.partners.rules import PartnerState
from tests.factories.identity import make_user
from tests.factories.partners import make_partner, make_programme, make_tier

IBAN = "DE89370400440532013000"
EDITORS = (Role.CHANNEL_LEAD, Role.ADMIN)


@pytest.fixture
def lead(sign_in, user):
    return sign_in(user(Role.CHANNEL_LEAD))


@pytest.fixture
def company(session):
    return make_partner(session, city="Leeds")


@pytest.fixture
def as_admin(session, company, sign_in):
    return sign_in(make_user(session, Role.PARTNER_ADMIN, partner_id=company.id))


def without_trace(answer, path):
    """Return the body of a page without what names the request."""
    body = re.sub(r'(name="idempotency_key" value=")\w+', "", answer.text)
    return re.sub(r"<code>\w{12}</code>", "", body).replace(path, "")


def entry(tier, **over):
    values = {"name": "Nordlicht", "legal_name": "Nordlicht GmbH", "country": "DE"}
    return {**values, "currency": "EUR", "parent_id": "", "tier_id": str(tier.id),
            "manager_id": "", "website": "nordlicht.example", **over}  # fmt: skip


class TestTheList:
    @pytest.mark.parametrize("role", sorted(VENDOR_ROLES))
    def test_is_for_everybody_of_the_vendor(self, company, sign_in, user, role):
        shown = sign_in(user(role)).get("/partners")

        assert company.name in shown.text
        assert ("/partners/new" in shown.text) is (role in EDITORS)

    @pytest.mark.parametrize("role", sorted(PARTNER_ROLES))
    @pytest.mark.parametrize("path", ["/partners", "/partners/export.csv", "/programmes"])
    def test_is_not_there_for_partners(self, sign_in, user, role, path):
        assert sign_in(user(role)).get(path).status_code == 404

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("q={0.number}", True),
            ("q=leed", True),
            ("q=%25", False),
            ("q=%00", True),
            ("state=active", True),
            ("state=ended", False),
            ("state=nonsense", True),
            ("programme={0.programme_id}", True),
            ("tier={0.tier_id}&country=GB", True),
            ("country=DE", False),
            ("manager=00000000-0000-0000-0000-000000000000", False),
            ("manager=nobody", True),
            ("sort=-joined&page=99999999999999999999", True),
            ("sort=;drop", True),
            ("page=-1", True),
        ],
    )
    def test_shows_what_is_asked_for(self, lead, company, asked, found):
        shown = lead.get(f"/partners?{asked.format(company)}")

        assert shown.status_code == 200
        assert (f">{company.name}<" in shown.text) is found

    def test_turns_its_order(self, lead, session):
        for name in ("Alpha", "Beta"):
            make_partner(session, name=name)

        text = lead.get("/partners?sort=-name").text
        assert text.index(">Beta<") < text.index(">Alpha<")

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_goes_into_a_file(self, lead, company, kind):
        answer = lead.get(f"/partners/export.{kind}?q=leeds")

        assert answer.headers["Content-Disposition"] == f'attachment; filename="partners.{kind}"'
        assert kind == "xlsx" or company.number in answer.text


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


class TestOnesOwn:
    def test_programme_shows_the_tier_and_the_next(self, session, as_admin, company):
        tier = queries.tier(session, company.tier_id)
        above = make_tier(session, tier.programme, name="Platinum", rank=9,
                          yearly_bookings_minor=50_000_000)  # fmt: skip

        text = as_admin.get("/programme").text
        assert above.name in text
        assert "500,000.00" in text

    def test_programme_is_a_partners_page(self, lead):
        assert lead.get("/programme").status_code == 404

    def test_company_is_edited_by_its_admin(self, as_admin, company):
        data = {"city": "York", "website": "york.example", "version": company.version}

        assert as_admin.post("/company", data=data).status_code == 303
        assert (company.city, company.website) == ("York", "https://york.example")
        assert "York" in as_admin.get("/company").text

    def test_company_takes_no_other_field(self, as_admin, company):
        before = company.name
        data = {"version": company.version, "name": "Evil", "state": "ended", "currency": "USD"}

        as_admin.post("/company", data=data)

        assert (company.name, company.state, company.currency) == (before, "active", "EUR")

    def test_company_of_an_old_version_shows_both_values(self, as_admin, company):
        data = {"city": "York", "version": company.version - 1}
        answer = as_admin.post("/company", data=data)

        assert (answer.status_code, "<del>Leeds</del>" in answer.text) == (409, True)

    @pytest.mark.parametrize("path", ["/company", "/company/payout"])
    def test_company_is_not_there_for_members(self, sign_in, user, path):
        assert sign_in(user(Role.PARTNER_MEMBER)).get(path).status_code == 404


class TestPayoutDetails:
    DATA: ClassVar = {"holder": "Acme Ltd", "iban": IBAN, "bic": "", "version": "0"}

    def test_are_kept_and_only_their_end_is_shown(self, as_admin, session):
        answer = as_admin.post("/company/payout", data=self.DATA)

        assert (answer.status_code, answer.location) == (303, "/company")
        for path in ("/company", "/company/payout"):
            text = as_admin.get(path).text
            assert "3000" in text
            assert IBAN not in text

    @pytest.mark.parametrize(
        "over",
        [
            {"iban": ""},
            {"iban": "DE00"},
            {"iban": "x" * 43},
            {"holder": ""},
            {"bic": "??"},
            {"version": "x"},
        ],
    )
    def test_refuse_what_is_no_account(self, as_admin, session, over):
        answer = as_admin.post("/company/payout", data={**self.DATA, **over})

        assert answer.status_code == 422
        assert session.scalars(select(PayoutDetails)).all() == []

    def test_of_an_old_version_are_not_replaced(self, as_admin):
        as_admin.post("/company/payout", data=self.DATA)

        answer = as_admin.post("/company/payout", data={**self.DATA, "holder": "Other Ltd"})
        assert (answer.status_code, "Acme Ltd" in answer.text) == (409, True)

    @pytest.mark.parametrize("verb", ["get", "post"])
    def test_want_the_password_again(self, as_admin, session, verb):
        for row in session.scalars(select(SignedInSession)):
            row.fresh_at = row.fresh_at.replace(year=2020)

        answer = getattr(as_admin, verb)("/company/payout")
        assert answer.location.startswith("/confirm")
        assert session.scalars(select(PayoutDetails)).all() == []
