"""Reopening, forecasting, taking part, notes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.rules import Role
from app.kernel.errors import Invalid, NotFound
from app.kernel.transitions import TransitionRefused
from app.ledger.models import LedgerEntry
from app.pipeline import queries, services
from app.pipeline.rules import (
    ForecastCategory,
    ParticipantRole,
    ParticipantState,
    Stage,
    Step,
)
from tests.factories.clockwork import NOON
from tests.factories.identity import make_actor
from tests.factories.partners import make_partner
from tests.factories.pipeline import make_opportunity, make_participant

LATER = NOON + timedelta(days=1)


def events(session, row):
    wanted = select(LedgerEntry.name).where(LedgerEntry.subject_id == row.id)
    return list(session.scalars(wanted.order_by(LedgerEntry.id)))


class TestReopen:
    def test_makes_a_linked_one_with_lines_and_partners(self, session, channel_manager):
        lost = make_opportunity(session, stage=Stage.CLOSED_LOST, lines=[1_000_000])
        part = make_participant(session, lost)
        make_participant(session, lost, state=ParticipantState.DECLINED)

        again = services.reopen(session, lost.id, actor=channel_manager, at=LATER)

        assert (again.reopens_id, again.stage) == (lost.id, Stage.PROSPECT)
        assert [one.amount_minor for one in queries.lines(session, again.id)] == [1_000_000]
        taking = queries.participants(session, again.id)
        assert [one.partner_id for one in taking] == [part.partner_id]
        with pytest.raises(services.ReopenedBefore):
            services.reopen(session, lost.id, actor=channel_manager, at=LATER)

    def test_leaves_an_open_one_alone(self, session, channel_manager):
        with pytest.raises(services.StillOpen):
            services.reopen(session, make_opportunity(session).id, actor=channel_manager, at=LATER)


class TestForecast:
    def test_is_overridden_with_a_reason_until_the_next_move(self, session, channel_manager):
        opportunity = make_opportunity(session)
        chosen = {"category": ForecastCategory.COMMIT, "actor": channel_manager, "at": LATER}

        with pytest.raises(Invalid):
            services.override_category(session, opportunity.id, reason="", **chosen)
        services.override_category(session, opportunity.id, reason="Verbal yes", **chosen)

        assert opportunity.category is ForecastCategory.COMMIT
        step = Step(Stage.QUALIFIED)
        services.move_to(session, opportunity.id, step, actor=channel_manager, at=LATER)
        assert (opportunity.category, opportunity.category_reason) == ("pipeline", "")

    def test_closed_cannot_be_chosen(self, session, channel_manager):
        opportunity = make_opportunity(session)
        chosen = {"category": ForecastCategory.CLOSED, "reason": "x", "actor": channel_manager}

        with pytest.raises(Invalid):
            services.override_category(session, opportunity.id, at=LATER, **chosen)


class TestJoin:
    def test_a_partner_is_invited_once_in_a_role(self, session, channel_manager):
        opportunity, partner = make_opportunity(session), make_partner(session)
        asked = {"partner_id": partner.id, "actor": channel_manager, "at": NOON}

        for role in (ParticipantRole.TECHNICAL, ParticipantRole.CO_SELL):
            services.invite(session, opportunity.id, role=role, **asked)

        with pytest.raises(services.InvitedBefore):
            services.invite(session, opportunity.id, role=ParticipantRole.CO_SELL, **asked)

    def test_the_partner_accepts_for_itself_only(self, session):
        part = make_participant(session, state=ParticipantState.INVITED)
        other = make_actor(session, Role.PARTNER_MEMBER)
        own = make_actor(session, Role.PARTNER_MEMBER, queries.participants(
            session, part.opportunity_id)[0].partner)  # fmt: skip

        with pytest.raises(NotFound):
            services.accept(session, part.opportunity_id, part.id, actor=other, at=LATER)
        services.accept(session, part.opportunity_id, part.id, actor=own, at=LATER)

        assert (part.state, part.answered_at) == (ParticipantState.ACCEPTED, LATER)
        assert events(session, part)[-1] == "pipeline.participant.accepted"
        with pytest.raises(TransitionRefused):
            services.decline(session, part.opportunity_id, part.id, actor=own, at=LATER)

    def test_one_that_declined_can_be_asked_again(self, session, channel_manager):
        part = make_participant(session, state=ParticipantState.DECLINED)

        again = services.invite(
            session, part.opportunity_id, partner_id=part.partner_id, role=part.role,
            actor=channel_manager, at=LATER,
        )  # fmt: skip

        assert (again.id, again.state) == (part.id, ParticipantState.INVITED)


class TestNotes:
    def test_shared_and_internal_notes_stay_apart(self, session, channel_manager):
        opportunity = make_opportunity(session)
        said = {"actor": channel_manager, "at": LATER}

        services.add_shared_note(session, opportunity.id, text="For both", **said)
        services.add_internal_note(session, opportunity.id, text="For us", **said)

        shared = queries.shared_notes(session, opportunity.id, actor=channel_manager)
        assert [row.text for row in shared] == ["For both"]
        internal = queries.internal_notes(session, opportunity.id)
        assert [row.text for row in internal] == ["For us"]

    def test_an_onlooker_writes_none(self, session):
        partner = make_partner(session)
        part = make_participant(session, partner_id=partner.id, state=ParticipantState.INVITED)
        actor = make_actor(session, Role.PARTNER_MEMBER, partner)

        with pytest.raises(services.NotTakingPart):
            services.add_shared_note(session, part.opportunity_id, text="Hi", actor=actor, at=LATER)
