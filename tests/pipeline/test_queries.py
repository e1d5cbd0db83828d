"""Reading opportunities: past days, rows a partner may see, facts for the floors above."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from app.access.rules import Role
from app.pipeline import queries
from app.pipeline.models import (
    InternalNote,
    NextStep,
    Opportunity,
    OpportunityLine,
    Participant,
    SharedNote,
    StageChange,
)
from app.pipeline.rules import Change, ParticipantState, Stage, as_of
from tests.conftest import as_actor
from tests.factories.clockwork import NOON
from tests.factories.identity import make_actor, make_user
from tests.factories.partners import make_partner
from tests.factories.pipeline import make_opportunity, make_participant


def shake(session, opportunity, chance):
    """Add changes at random moments, some of them at the same one."""
    for _ in range(chance.randint(0, 8)):
        at = NOON + timedelta(hours=chance.choice([0, 12, 36, 60, 60, 96]))
        session.add(
            StageChange(
                opportunity_id=opportunity.id,
                from_stage=Stage.PROSPECT,
                to_stage=chance.choice(list(Stage)),
                at=at,
                currency="EUR",
                amount_minor=chance.randint(0, 10**6),
                close_on=date(2026, 6, chance.randint(1, 30)),
            )
        )
        session.flush()


def change(row):
    return Change(row.opportunity_id, row.at, row.position, row.to_stage, row.currency,
                  row.amount_minor, row.close_on)  # fmt: skip


class TestPastDays:
    @pytest.mark.parametrize("seed", range(5))
    def test_the_database_and_the_rule_agree_on_every_day(self, session, seed):
        chance = random.Random(seed)  # noqa: S311
        for _ in range(6):
            shake(session, make_opportunity(session), chance)
        happened = [change(row) for row in session.scalars(select(StageChange))]

        for days in range(-2, 6):
            day = NOON.date() + timedelta(days=days)
            rows = queries.pipeline_on(session, day)
            found = {row.id: (row.stage, row.amount_minor, row.close_on) for row in rows}
            ruled = as_of(happened, day).items()
            assert found == {k: (c.stage, c.amount_minor, c.close_on) for k, c in ruled}

    def test_today_is_what_the_opportunities_say(self, session, channel_manager):
        opportunity = make_opportunity(session, stage=Stage.COMMITTED)
        today = queries.Filters(on=NOON.date())

        seen = {"actor": channel_manager, "at": NOON}
        then = queries.export(session, filters=today, **seen)
        now = queries.export(session, filters=queries.Filters(), **seen)

        assert [row.id for row in then] == [row.id for row in now] == [opportunity.id]
        assert then[0].category == now[0].category == "commit"


class TestStalled:
    def test_the_condition_and_the_marks_agree(self, session, channel_manager):
        make_opportunity(session, active_at=NOON - timedelta(days=31))
        make_opportunity(session, close_on=NOON.date() - timedelta(days=1))
        make_opportunity(session, active_at=None, stage_since=NOON - timedelta(days=40))
        make_opportunity(session)
        make_opportunity(session, stage=Stage.CLOSED_LOST, active_at=NOON - timedelta(days=99))

        stalled = queries.Filters(stage=queries.ALL, stalled=True)

        rows = queries.export(session, actor=channel_manager, filters=stalled, at=NOON)
        assert len(rows) == 3


@pytest.fixture
def crowded(session):
    """An opportunity of two partners and one of neither, with something in every table."""
    ours, theirs = make_partner(session), make_partner(session)
    shared = make_opportunity(session, lines=[1])
    foreign = make_opportunity(session, lines=[1])
    for partner in (ours, theirs):
        make_participant(session, shared, partner_id=partner.id)
    make_participant(session, foreign, partner_id=theirs.id)
    vendor = make_user(session, Role.CHANNEL_MANAGER)
    for one in (shared, foreign):
        for of_partner in (None, theirs.id) if one is foreign else (None, ours.id, theirs.id):
            said = {"opportunity_id": one.id, "by_id": vendor.id, "at": NOON, "text": "x"}
            session.add(SharedNote(partner_id=of_partner, **said))
            session.add(NextStep(partner_id=of_partner, **said))
        session.add(InternalNote(opportunity_id=one.id, by_id=vendor.id, at=NOON, text="x"))
    session.flush()
    return make_actor(session, Role.PARTNER_ADMIN, ours), shared, foreign


class TestRowsOfAPartner:
    @pytest.mark.parametrize(
        ("table", "rows"),
        [(Opportunity, 1), (OpportunityLine, 1), (StageChange, 1), (Participant, 1),
         (SharedNote, 2), (NextStep, 2), (InternalNote, 0)],
    )  # fmt: skip
    def test_a_query_without_any_filter_finds_its_own_only(self, session, crowded, table, rows):
        actor, _, _ = crowded

        with as_actor(session, actor):
            found = session.execute(text(f"SELECT * FROM {table.__tablename__}")).all()  # noqa: S608

        assert len(found) == rows

    def test_the_scoped_query_is_no_wider(self, session, crowded):
        actor, shared, _ = crowded

        assert session.scalars(queries.visible_to(actor)).all() == [shared]

    def test_the_first_wall_holds_without_the_second(self, session, crowded):
        actor, shared, foreign = crowded

        for one in (shared, foreign):
            notes = queries.shared_notes(session, one.id, actor=actor)
            assert len(notes) == (2 if one is shared else 1)


class TestForAttribution:
    def test_the_won_of_a_period_and_who_took_part(self, session):
        won = make_opportunity(session, stage=Stage.LAUNCHED, closed_at=NOON)
        make_opportunity(session, stage=Stage.LAUNCHED, closed_at=NOON + timedelta(days=1))
        make_opportunity(session, stage=Stage.CLOSED_LOST, closed_at=NOON)
        part = make_participant(session, won)

        rows = queries.won_between(session, NOON, NOON + timedelta(days=1))

        assert [row.id for row in rows] == [won.id]
        taking = queries.participants_of(session, won.id)
        assert [(row.partner_id, row.state) for row in taking] == [
            (part.partner_id, ParticipantState.ACCEPTED)
        ]
        facts = queries.facts_for_attribution(session, won.id)
        assert facts is not None
        assert (facts.amount_minor, facts.registered_by_partner_id) == (won.amount_minor, None)
