"""Adding, editing and finding accounts."""

import pytest
from sqlalchemy import select

from app.access.rules import SYSTEM
from app.accounts import queries, services
from app.accounts.matching import Party
from app.accounts.models import Account, AccountKey
from app.accounts.rules import NO_DETAILS, Details
from app.kernel.errors import Invalid
from app.ledger.models import LedgerEntry
from tests.factories.accounts import make_account
from tests.factories.clockwork import NOON


def names_in_ledger(session, account):
    entries = select(LedgerEntry.name).where(LedgerEntry.subject_id == account.id)
    return list(session.scalars(entries.order_by(LedgerEntry.id)))


class TestAdd:
    def test_keeps_numbers_in_one_spelling_and_records(self, session):
        party = Party(" Acme  AG ", "DE", "https://www.acme.de/x", "DE 136 695 976", "15-048-3782")

        account = services.add_account(session, party, actor=SYSTEM, at=NOON)

        assert (account.name, account.domain) == ("Acme AG", "acme.de")
        assert (account.tax_number, account.duns) == ("DE136695976", "150483782")
        assert names_in_ledger(session, account) == ["accounts.account.added"]

    @pytest.mark.parametrize("party", [Party("  "), Party("x" * 121), Party("Acme", duns="12")])
    def test_refuses_what_cannot_be(self, session, party):
        with pytest.raises(Invalid):
            services.add_account(session, party, actor=SYSTEM, at=NOON)


class TestEdit:
    def test_files_the_account_anew(self, session):
        account = make_account(session, name="Acme AG")

        services.edit(
            session, account.id, party=Party("Bolt AG", "DE"), details=NO_DETAILS,
            actor=SYSTEM, at=NOON,
        )  # fmt: skip

        keys = set(session.scalars(select(AccountKey.key)))
        assert "name:bolt" in keys
        assert "name:akme" not in keys
        assert "name:acme" not in keys
        assert names_in_ledger(session, account)[-1] == "accounts.account.edited"

    def test_refuses_a_circle(self, session):
        parent = make_account(session, name="Acme Holding")
        child = make_account(session, name="Acme Tools", parent_id=parent.id)

        with pytest.raises(services.AccountIsItsOwnParent):
            services.edit(
                session, parent.id, party=Party("Acme Holding"),
                details=Details(parent_id=child.id), actor=SYSTEM, at=NOON,
            )  # fmt: skip

    def test_a_new_name_is_found(self, session):
        account = make_account(session, name="Acme AG")

        services.rename(session, account.id, name="Bolt AG", actor=SYSTEM, at=NOON)

        assert [m.account_id for m in queries.matches(session, Party("Bolt"))] == [account.id]


class TestFindOrAdd:
    @pytest.mark.parametrize("name", ["Acme Tools", "ACME TOOLS GMBH", "Tools Acme"])
    def test_takes_the_account_it_certainly_is(self, session, name):
        known = make_account(session, name="Acme Tools GmbH")

        found = services.find_or_add(session, Party(name, "DE"), at=NOON, actor=SYSTEM)

        assert found.id == known.id

    @pytest.mark.parametrize("name", ["Acme Toolz Europe", "Acme Tools Service", "Bolt"])
    def test_adds_one_where_a_person_must_decide(self, session, name):
        make_account(session, name="Acme Tools GmbH")

        services.find_or_add(session, Party(name, "DE"), at=NOON, actor=SYSTEM)

        assert len(session.scalars(select(Account)).all()) == 2
