"""Payout details, and the walls around a partner's rows."""

from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.access.rules import SYSTEM, Role
from app.db.engine import set_scope
from app.kernel.errors import Broken, Invalid
from app.ledger.queries import timeline
from app.mail.models import MailMessage
from app.partners import queries, services
from app.partners.models import PayoutDetails
from app.partners.rules import (
    BankAccount,
    PartnerState,
)
from tests.conftest import as_actor
from tests.factories.clockwork import NOON
from tests.factories.identity import make_actor, make_user
from tests.factories.partners import make_partner

ACCOUNT = BankAccount("Acme GmbH", "DE89370400440532013000", "COBADEFFXXX")


class TestPayoutDetails:
    def keep(self, session, company, account=ACCOUNT):
        partner, actor = company
        return services.set_payout_details(
            session, partner.id, account=account, actor=actor, at=NOON
        )

    def test_are_sealed_at_rest(self, session, as_company):
        self.keep(session, as_company)

        stored = session.execute(text("SELECT p::text FROM payout_details p")).scalar_one()
        row = session.scalars(select(PayoutDetails)).one()
        assert ACCOUNT.iban not in stored
        assert ACCOUNT.iban.encode() not in row.iban_sealed
        assert row.iban_tail == "3000"

    def test_open_for_the_system(self, session, as_company):
        self.keep(session, as_company)

        assert services.read_iban(session, as_company[0].id) == ACCOUNT
        assert services.read_iban(session, UUID(int=404)) is None

    @pytest.mark.parametrize("role", [Role.FINANCE, Role.ADMIN, Role.PARTNER_ADMIN])
    def test_open_for_nobody_else(self, session, as_company, role):
        self.keep(session, as_company)
        set_scope(session, make_actor(session, role).scope)

        with pytest.raises(Broken):
            services.read_iban(session, as_company[0].id)

    def test_do_not_open_in_the_row_of_another(self, session, as_company):
        row = self.keep(session, as_company)
        other = make_partner(session)
        session.add(
            PayoutDetails(
                partner_id=other.id,
                holder="Eve",
                iban_sealed=row.iban_sealed,
                iban_tail="3000",
                changed_at=NOON,
            )
        )
        session.flush()

        with pytest.raises(Broken):
            services.read_iban(session, other.id)

    def test_are_announced_to_every_admin_of_the_partner(self, session, as_company):
        partner, admin = as_company
        second = make_user(session, Role.PARTNER_ADMIN, partner_id=partner.id)
        make_user(session, Role.PARTNER_MEMBER, partner_id=partner.id)

        self.keep(session, as_company)

        letters = session.scalars(select(MailMessage)).all()
        first = session.get_one(type(second), admin.user_id)
        assert {letter.to for letter in letters} == {first.email, second.email}
        assert all("3000" in one.text and ACCOUNT.iban not in one.text for one in letters)

    def test_leave_no_number_in_the_ledger(self, session, as_company):
        self.keep(session, as_company)

        [event] = timeline(session, "partner", as_company[0].id)
        assert (event.name, event.facts) == ("partners.payout_details.changed", {"is_first": True})

    def test_refused_are_not_kept(self, session, as_company):
        with pytest.raises(Invalid):
            self.keep(session, as_company, BankAccount("Acme", "DE00"))

        assert session.scalars(select(PayoutDetails)).all() == []


class TestLists:
    def test_name_partners(self, session):
        one, two = make_partner(session), make_partner(session)

        assert queries.names(session, [one.id]) == {one.id: one.name}
        assert queries.names(session) == {one.id: one.name, two.id: two.name}

    def test_hold_active_partners_only(self, session):
        one = make_partner(session)
        make_partner(session, state=PartnerState.SUSPENDED)

        assert [row.id for row in queries.active(session)] == [one.id]

    def test_of_a_partner_hold_itself(self, session, as_company):
        partner, admin = as_company
        make_partner(session)

        with as_actor(session, admin):
            assert [one.id for one in session.scalars(queries.visible_to(admin))] == [partner.id]
            # the second wall holds without the first
            assert list(queries.names(session)) == [partner.id]

    @pytest.mark.parametrize("table", ["partner", "tier_hold", "payout_details"])
    def test_of_tables_are_walled_by_the_database(self, session, as_company, table):
        partner, admin = as_company
        for one in (partner, make_partner(session)):
            services.set_payout_details(session, one.id, account=ACCOUNT, actor=SYSTEM, at=NOON)
        column = "id" if table == "partner" else "partner_id"

        with as_actor(session, admin):
            ids = session.scalars(text(f"SELECT {column} FROM {table}")).all()  # noqa: S608
        assert ids == [partner.id]
