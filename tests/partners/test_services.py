"""Partners taken in, changed, moved and paid, with what the ledger keeps of it."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.access.rules import SYSTEM, Role
from app.db.engine import set_scope
from app.kernel.errors import Broken, Invalid, NotFound
from app.kernel.numbering import is_reference
from app.kernel.transitions import TransitionRefused
from app.ledger.queries import names_of, timeline
from app.mail.models import MailMessage
from app.partners import queries, services
from app.partners.models import PayoutDetails
from app.partners.rules import (
    BankAccount,
    Course,
    Ground,
    PartnerState,
    Profile,
    ProgrammeKind,
    Terms,
    tier_on,
)
from tests.conftest import as_actor
from tests.factories.clockwork import NOON
from tests.factories.identity import make_actor, make_user
from tests.factories.partners import details, make_partner, make_programme, make_tier

ACCOUNT = BankAccount("Acme GmbH", "DE89370400440532013000", "COBADEFFXXX")
TODAY = NOON.date()


def told(session, partner):
    return names_of(session, "partner", partner.id)


class TestAdmission:
    def test_gives_a_number_a_state_and_a_tier(self, session, channel_lead):
        tier = make_tier(session)

        partner = services.admit(session, details(), tier_id=tier.id, actor=channel_lead, at=NOON)

        assert is_reference(partner.number)
        assert partner.number.startswith("PA-2026-")
        assert partner.state is PartnerState.ONBOARDING
        history = queries.tier_history(session, [partner.id])[partner.id]
        assert tier_on(history, TODAY) == tier.id
        assert told(session, partner) == ["partners.partner.admitted"]

    def test_refuses_a_tier_that_is_none(self, session, channel_lead):
        with pytest.raises(NotFound):
            services.admit(session, details(), tier_id=UUID(int=404), actor=channel_lead, at=NOON)

    def test_takes_a_partner_under_another(self, session, channel_lead):
        parent, tier = make_partner(session), make_tier(session)

        child = services.admit(
            session, details(parent_id=parent.id), tier_id=tier.id, actor=channel_lead, at=NOON
        )

        assert child.parent_id == parent.id

    @pytest.mark.parametrize("role", [Role.FINANCE, Role.PARTNER_ADMIN])
    def test_refuses_a_manager_who_is_none(self, session, channel_lead, role):
        other, tier = make_user(session, role), make_tier(session)

        with pytest.raises(services.NotAManager):
            services.admit(
                session,
                details(),
                tier_id=tier.id,
                manager_id=other.id,
                actor=channel_lead,
                at=NOON,
            )


class TestStanding:
    @pytest.mark.parametrize(
        ("before", "act", "after", "event"),
        [
            ("onboarding", "activate", "active", "partners.partner.activated"),
            ("suspended", "reinstate", "active", "partners.partner.reinstated"),
        ],
    )
    def test_improves_with_an_entry(self, session, channel_lead, before, act, after, event):
        partner = make_partner(session, state=PartnerState(before))

        getattr(services, act)(session, partner.id, actor=channel_lead, at=NOON)

        assert (partner.state.value, told(session, partner)) == (after, [event])

    @pytest.mark.parametrize(("act", "after"), [("suspend", "suspended"), ("end", "ended")])
    def test_worsens_with_its_ground(self, session, channel_lead, act, after):
        partner = make_partner(session)

        getattr(services, act)(
            session, partner.id, ground=Ground.INACTIVE, actor=channel_lead, at=NOON
        )

        assert partner.state.value == after
        [event] = timeline(session, "partner", partner.id)
        assert event.facts == {"before": "active", "ground": "inactive"}

    def test_of_an_ended_partner_stays(self, session, channel_lead):
        partner = make_partner(session, state=PartnerState.ENDED)

        with pytest.raises(TransitionRefused):
            services.activate(session, partner.id, actor=channel_lead, at=NOON)


class TestTier:
    def test_changes_from_a_day_on(self, session, channel_lead):
        partner = make_partner(session)
        before, gold = partner.tier_id, make_tier(session, rank=3)

        services.set_tier(
            session, partner.id, tier_id=gold.id, on=TODAY, actor=channel_lead, at=NOON
        )

        history = queries.tier_history(session, [partner.id])[partner.id]
        assert tier_on(history, TODAY - timedelta(days=1)) == before
        assert tier_on(history, TODAY) == gold.id == partner.tier_id
        assert partner.programme_id == gold.programme_id
        assert told(session, partner) == ["partners.tier.changed"]

    def test_changed_twice_on_one_day_keeps_the_last(self, session, channel_lead):
        partner = make_partner(session)
        for rank in (3, 4):
            tier = make_tier(session, rank=rank)
            services.set_tier(
                session, partner.id, tier_id=tier.id, on=TODAY, actor=channel_lead, at=NOON
            )

        history = queries.tier_history(session, [partner.id])[partner.id]
        assert [held.held_until for held in history] == [TODAY, None]
        assert history[-1].tier_id == tier.id

    @pytest.mark.parametrize("on", [TODAY + timedelta(days=1), date(2020, 1, 1)])
    def test_refuses_a_day_ahead_or_before_the_present_one(self, session, channel_lead, on):
        partner, tier = make_partner(session), make_tier(session)

        with pytest.raises(services.TierDayRefused):
            services.set_tier(
                session, partner.id, tier_id=tier.id, on=on, actor=channel_lead, at=NOON
            )

    def test_set_to_what_it_is_changes_nothing(self, session, channel_lead):
        partner = make_partner(session)

        services.set_tier(
            session, partner.id, tier_id=partner.tier_id, on=TODAY, actor=channel_lead, at=NOON
        )

        assert told(session, partner) == []


class TestDetails:
    def test_are_replaced_and_the_entry_names_fields_only(self, session, channel_lead):
        partner = make_partner(session)
        wanted = details(name=partner.name, legal_name=partner.legal_name, country="GB")

        services.edit(session, partner.id, details=wanted, actor=channel_lead, at=NOON)

        assert partner.city == "Köln"
        [event] = timeline(session, "partner", partner.id)
        assert event.facts == {"fields": ["city", "website"]}

    @pytest.mark.parametrize("which", ["itself", "nobody", "child"])
    def test_refuse_a_parent_that_cannot_be(self, session, channel_lead, which):
        partner = make_partner(session)
        child = make_partner(session, parent_id=partner.id)
        parent = {"itself": partner.id, "nobody": UUID(int=404), "child": child.id}[which]

        with pytest.raises(services.ParentRefused):
            services.edit(
                session, partner.id, details=details(parent_id=parent), actor=channel_lead, at=NOON
            )

    def test_of_the_own_company_are_edited_by_its_admin(self, session, as_company):
        partner, admin = as_company

        services.edit_own_company(
            session, partner.id, profile=Profile(city="Leeds"), actor=admin, at=NOON
        )

        assert partner.city == "Leeds"
        assert told(session, partner) == ["partners.partner.edited"]

    def test_of_another_company_are_not_there(self, session, as_company):
        _, admin = as_company
        other = make_partner(session)

        with pytest.raises(NotFound):
            services.edit_own_company(session, other.id, profile=Profile(), actor=admin, at=NOON)

    def test_give_a_partner_to_a_manager(self, session, channel_lead):
        partner, manager = make_partner(session), make_user(session)

        services.assign_manager(
            session, partner.id, manager_id=manager.id, actor=channel_lead, at=NOON
        )

        assert partner.manager_id == manager.id
        assert told(session, partner) == ["partners.manager.assigned"]


@pytest.fixture
def as_company(session, portal):
    partner = make_partner(session)
    return partner, make_actor(session, Role.PARTNER_ADMIN, partner)


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


class TestProgrammes:
    def test_take_new_terms_for_a_tier_under_one_version(self, session, channel_lead):
        tier = make_tier(session)
        programme = queries.programme(session, tier.programme_id)
        before = programme.version
        terms = Terms("Gold plus", 3, discount=Decimal("0.125"))

        services.edit_tier(session, tier.id, terms=terms, actor=channel_lead, at=NOON)

        assert (tier.name, tier.rank, tier.discount) == ("Gold plus", 3, Decimal("0.125"))
        assert programme.version == before + 1
        assert names_of(session, "tier", tier.id) == ["partners.tier.edited"]

    @pytest.mark.parametrize("over", [{"rank": 2}, {"rank": 3, "code": "GOLD"}])
    def test_refuse_a_second_tier_of_one_rank_or_code(self, session, channel_lead, over):
        tier = make_tier(session, code="GOLD", rank=2)
        code = over.get("code", "NEW")

        with pytest.raises(services.CodeTaken):
            services.add_tier(
                session,
                tier.programme_id,
                code=code,
                terms=Terms("New", over["rank"]),
                actor=channel_lead,
                at=NOON,
            )

    def test_are_added_once_under_a_code(self, session, channel_lead):
        def add():
            return services.add_programme(
                session,
                code="REF",
                name="Referral",
                kind=ProgrammeKind.REFERRAL,
                actor=channel_lead,
                at=NOON,
            )

        programme = add()
        assert names_of(session, "programme", programme.id) == ["partners.programme.added"]
        with pytest.raises(services.CodeTaken):
            add()

    def test_change_how_fast_they_answer(self, session, channel_lead):
        programme = make_programme(session)

        def edit(hours):
            course = Course("Resellers", hours, parents_see_children=True)
            services.edit_programme(
                session, programme.id, course=course, actor=channel_lead, at=NOON
            )

        edit(8)

        assert (programme.answer_hours, programme.parents_see_children) == (8, True)
        with pytest.raises(Invalid):
            edit(0)


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
