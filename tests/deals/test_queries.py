"""What lists show, what attribution gets, and which rows a partner reaches."""

import pytest
from sqlalchemy import func, select

from app.deals import queries
from app.deals.models import Finding, Protection, Registration
from app.deals.rules import (
    DealState,
)
from tests.conftest import as_actor
from tests.deals.helpers import make_lead, rival_of
from tests.factories.deals import make_deal, make_scene


class TestQueries:
    def test_the_desk_shows_a_manager_what_is_theirs(self, session):
        scene = make_scene(session)
        mine = make_deal(session, DealState.SUBMITTED, scene=scene)
        make_deal(session, DealState.SUBMITTED)

        rows = queries.awaiting_review(session, actor=scene.manager)

        assert [row.id for row in rows] == [mine.id]

    def test_attribution_gets_the_facts_of_an_account(self, session):
        deal = make_deal(session, DealState.APPROVED)

        assert deal.account_id is not None
        (row,) = queries.facts_for_attribution(session, deal.account_id)

        assert (row.id, row.family_id, row.partner_id) == (deal.id, deal.family_id, deal.partner_id)

    def test_lists_approved_ones_without_an_opportunity(self, session):
        deal = make_deal(session, DealState.APPROVED)
        make_deal(session, DealState.CONVERTED)

        rows = queries.approved_without_opportunity(session, actor=make_lead(session))

        assert [row.id for row in rows] == [deal.id]


class TestRows:
    @pytest.mark.parametrize("model", [Registration, Protection])
    def test_a_partner_reaches_its_own_rows_whatever_the_query(self, session, model):
        own = make_scene(session)
        make_deal(session, DealState.APPROVED, scene=own)
        make_deal(session, DealState.APPROVED)

        with as_actor(session, own.member):
            seen = set(session.scalars(select(model.partner_id)))

        assert seen == {own.partner_id}

    def test_findings_are_hidden_from_partners(self, session):
        scene = make_scene(session)
        first = make_deal(session, DealState.SUBMITTED, scene=scene)
        rival_of(session, first, DealState.SUBMITTED)

        with as_actor(session, scene.member):
            assert session.scalar(select(func.count()).select_from(Finding)) == 0
