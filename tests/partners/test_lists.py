"""The list of partners."""

import pytest

from app.access.rules import PARTNER_ROLES, VENDOR_ROLES, Role
from tests.factories.partners import make_partner

EDITORS = (Role.CHANNEL_LEAD, Role.ADMIN)


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
