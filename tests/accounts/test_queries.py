"""Finding accounts again in the database."""

from uuid import UUID

import pytest

from app.access.rules import Role
from app.accounts import queries, services
from app.accounts.matching import Decision, Party
from app.kernel.errors import NotFound
from tests.conftest import as_actor
from tests.factories.accounts import make_account
from tests.factories.identity import make_actor


class TestCandidates:
    @pytest.mark.parametrize(
        "party",
        [
            Party("Brandt Logistik"),
            Party("LOGISTIK BRANDT GMBH", "DE"),
            Party("Brant Logistik GmbH"),
            Party("Something else", domain="mail@brandt-logistik.de"),
            Party("Something else", "DE", tax_number="136695976"),
            Party("Something else", duns="15-048-3782"),
        ],
    )
    def test_are_found_by_any_key(self, session, party):
        known = make_account(
            session, name="Brandt Logistik GmbH", domain="brandt-logistik.de",
            tax_number="DE136695976", duns="150483782",
        )  # fmt: skip
        make_account(session, name="Helvetia Cloud SA")

        found = queries.matches(session, party)

        assert [(m.account_id, m.verdict.decision) for m in found] == [(known.id, Decision.SAME)]

    def test_take_one_statement(self, session, counted):
        make_account(session, name="Brandt Logistik GmbH")

        with counted() as statements:
            queries.candidates(session, Party("Brandt Logistik"))

        assert len(statements) == 1

    def test_are_hidden_from_partners(self, session):
        make_account(session, name="Brandt Logistik GmbH")

        with as_actor(session, make_actor(session, Role.PARTNER_ADMIN)):
            assert queries.candidates(session, Party("Brandt Logistik")) == []


class TestLists:
    def test_search_finds_part_of_a_name_a_domain_and_a_slip(self, session):
        known = make_account(session, name="Brandt Logistik GmbH", domain="brandt-log.de")
        make_account(session, name="Helvetia Cloud SA")

        for search in ("logis", "brandt-log", "Brand Logistik"):
            found = queries.page_of_accounts(session, search=search)
            assert [row.id for row in found.rows] == [known.id]

    def test_a_percent_sign_is_a_percent_sign(self, session):
        make_account(session, name="Helvetia Cloud SA")

        assert queries.page_of_accounts(session, search="%").total == 0

    def test_one_that_is_not_there_is_not_found(self, session):
        with pytest.raises(NotFound):
            queries.one(session, UUID(int=404))


class TestRarity:
    def test_is_learned_from_the_table(self, session):
        for name in ("Brandt Logistik", "Brandt Metall", "Helvetia Cloud"):
            make_account(session, name=name)

        services.learn_rarity(session)
        rarity = queries.rarity_of(session, ["Brandt Helvetia"])

        assert (rarity.total, rarity.counts["brandt"]) == (3, 2)
        assert (rarity.weight("brandt") or 0) < (rarity.weight("helvetia") or 0)
