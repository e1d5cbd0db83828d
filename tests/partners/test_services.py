"""Partners taken in, changed and moved, with what the ledger keeps of it."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from app.access.rules import Role
from app.kernel.errors import NotFound
from app.kernel.numbering import is_reference
from app.kernel.transitions import TransitionRefused
from app.ledger.queries import names_of, timeline
from app.partners import queries, services
from app.partners.rules import (
    Ground,
    PartnerState,
    Profile,
    tier_on,
)
from tests.factories.clockwork import NOON
from tests.factories.identity import make_user
from tests.factories.partners import details, make_partner, make_tier

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
