"""What a partner sees and keeps of itself."""

from typing import ClassVar

import pytest
from sqlalchemy import select

from app.access.rules import Role
from app.identity.models import SignedInSession
from app.partners import queries
from app.partners.models import PayoutDetails
from tests.factories.partners import make_tier

IBAN = "DE89370400440532013000"


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
