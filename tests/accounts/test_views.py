"""Pages of accounts."""

from uuid import UUID

import pytest
from sqlalchemy import select

from app.access.rules import Role
from app.accounts.models import Account
from tests.factories.accounts import make_account


@pytest.fixture
def manager(sign_in, user):
    return sign_in(user(Role.CHANNEL_MANAGER))


class TestIndex:
    def test_lists_and_searches(self, manager, session):
        make_account(session, name="Brandt Logistik GmbH")
        make_account(session, name="Helvetia Cloud SA")

        assert b"Helvetia" in manager.get("/accounts").data
        assert b"Helvetia" not in manager.get("/accounts?q=Brandt").data
        assert b"No account found" in manager.get("/accounts?q=zzz%25&page=x").data

    def test_is_not_for_partners(self, sign_in, user):
        assert sign_in(user(Role.PARTNER_ADMIN)).get("/accounts").status_code == 404


class TestShow:
    def test_tells_the_facts_and_those_that_may_be_the_same(self, manager, session):
        account = make_account(session, name="Brandt Logistik GmbH", city="Kiel")
        make_account(session, name="Brandt Logistik Nord GmbH")

        answer = manager.get(f"/accounts/{account.id}")

        assert answer.status_code == 200
        assert b"Kiel" in answer.data
        assert b"Brandt Logistik Nord GmbH" in answer.data

    def test_knows_no_unknown_account(self, manager):
        assert manager.get(f"/accounts/{UUID(int=404)}").status_code == 404


class TestForm:
    def test_adds_an_account(self, manager, session):
        answer = manager.post("/accounts", data={"name": "Acme AG", "country": "DE", "version": 1})

        assert answer.status_code == 303
        assert session.scalars(select(Account.name)).all() == ["Acme AG"]

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("name", "", b"Give the company&#39;s name."),
            ("name", "x" * 121, b"At most 120 characters."),
            ("country", "XX", b"Choose one of the list."),
            ("domain", "gmail.com", b"own domain"),
            ("duns", "12", b"nine digits"),
            ("parent_id", "x", b"Choose one of the list."),
        ],
    )
    def test_refuses_with_a_sentence(self, manager, field, value, sentence):
        data = {"name": "Acme", "country": "DE", "version": 1, field: value}

        answer = manager.post("/accounts", data=data)

        assert answer.status_code == 422
        assert sentence in answer.data

    def test_keeps_what_was_said_of_the_place(self, manager, session):
        place = {"city": "Kiel", "address": "Hafenstraße 3"}
        manager.post("/accounts", data={"name": "Acme AG", "country": "DE", "version": 1, **place})

        account = session.scalars(select(Account)).one()
        assert {name: getattr(account, name) for name in place} == place
        assert "Hafenstraße 3" in manager.get(f"/accounts/{account.id}").text

    def test_saves_and_shows_both_values_when_somebody_was_first(self, manager, session):
        account = make_account(session, name="Acme AG")
        assert manager.get(f"/accounts/{account.id}/edit").status_code == 200
        first = {"name": "Acme Tools AG", "country": "DE", "version": account.version}

        saved = manager.post(f"/accounts/{account.id}", data=first)
        late = manager.post(f"/accounts/{account.id}", data={**first, "name": "Acme Werk AG"})

        assert (saved.status_code, late.status_code) == (303, 409)
        assert b"Stored now: Acme Tools AG" in late.data
        assert b"Acme Werk AG" in late.data
