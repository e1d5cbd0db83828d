"""What is done with opportunities."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.access.rules import Role
from app.kernel.errors import Invalid, NotFound
from app.kernel.money import Money
from app.kernel.transitions import TransitionRefused
from app.ledger.models import LedgerEntry
from app.pipeline import queries, services
from app.pipeline.models import StageChange
from app.pipeline.rules import (
    ForecastCategory,
    Line,
    LossReason,
    ParticipantRole,
    ParticipantState,
    Stage,
    StageIsFinal,
    Step,
    Terms,
)
from tests.factories.accounts import make_account
from tests.factories.catalogue import make_product
from tests.factories.clockwork import NOON
from tests.factories.identity import make_actor
from tests.factories.partners import make_partner
from tests.factories.pipeline import make_opportunity, make_participant

LATER = NOON + timedelta(days=1)


def events(session, row):
    wanted = select(LedgerEntry.name).where(LedgerEntry.subject_id == row.id)
    return list(session.scalars(wanted.order_by(LedgerEntry.id)))


def changes(session, opportunity):
    wanted = select(StageChange).where(StageChange.opportunity_id == opportunity.id)
    return list(session.scalars(wanted.order_by(StageChange.position)))


def terms(**over):
    values = {"title": "Routing", "amount": Money(500_000, "EUR"), "close_on": date(2026, 6, 30)}
    return Terms(**{**values, "next_step": "Call", **over})


class TestStart:
    def test_begins_as_a_prospect_of_the_account(self, session, channel_manager):
        account = make_account(session, name="Brandt Logistik GmbH")

        begun = services.start(session, account.id, terms=terms(), actor=channel_manager, at=NOON)

        assert begun.number.startswith("OP-2026-")
        assert (begun.stage, begun.category) == (Stage.PROSPECT, ForecastCategory.PIPELINE)
        assert begun.customer_name == "Brandt Logistik GmbH"
        assert begun.owner_id == channel_manager.user_id
        assert [change.to_stage for change in changes(session, begun)] == [Stage.PROSPECT]
        assert events(session, begun) == ["pipeline.opportunity.started"]

    @pytest.mark.parametrize(
        ("over", "field"),
        [
            ({"title": ""}, "title"),
            ({"title": "x" * 256}, "title"),
            ({"amount": Money(-1, "EUR")}, "amount"),
            ({"close_on": date(2026, 3, 1)}, "close_on"),
            ({"next_step": "x" * 301}, "next_step"),
        ],
    )
    def test_refuses_what_cannot_be(self, session, channel_manager, over, field):
        account = make_account(session)

        with pytest.raises(Invalid) as refused:
            services.start(session, account.id, terms=terms(**over), actor=channel_manager, at=NOON)

        assert [error.field for error in refused.value.errors] == [field]


class TestEdit:
    def test_counts_a_push_and_keeps_amount_and_close_date(self, session, channel_manager):
        opportunity = make_opportunity(session, close_on=date(2026, 6, 1))
        said = terms(close_on=date(2026, 7, 1), amount=Money(2_000_000, "EUR"))

        services.edit(session, opportunity.id, terms=said, actor=channel_manager, at=LATER)

        last = changes(session, opportunity)[-1]
        assert opportunity.pushes == 1
        assert (last.from_stage, last.to_stage) == (Stage.PROSPECT, Stage.PROSPECT)
        assert (last.amount_minor, last.close_on) == (2_000_000, date(2026, 7, 1))
        assert events(session, opportunity)[-1] == "pipeline.opportunity.edited"

    def test_an_earlier_close_date_is_no_push(self, session, channel_manager):
        opportunity = make_opportunity(session, close_on=date(2026, 7, 1))
        said = terms(close_on=date(2026, 6, 1))

        services.edit(session, opportunity.id, terms=said, actor=channel_manager, at=LATER)

        assert opportunity.pushes == 0

    def test_lets_a_passed_close_date_stand(self, session, channel_manager):
        opportunity = make_opportunity(session, close_on=date(2026, 1, 1))
        said = terms(close_on=date(2026, 1, 1))

        services.edit(session, opportunity.id, terms=said, actor=channel_manager, at=LATER)

        assert opportunity.title == "Routing"

    def test_keeps_each_next_step(self, session, channel_manager):
        opportunity = make_opportunity(session)
        for day, step in enumerate(("Demo", "Proposal")):
            at = LATER + timedelta(days=day)
            services.set_next_step(session, opportunity.id, text=step, actor=channel_manager, at=at)

        named = queries.next_steps(session, opportunity.id, actor=channel_manager)

        assert [row.text for row in named] == ["Proposal", "Demo"]
        assert opportunity.next_step == "Proposal"

    def test_refuses_another_currency(self, session, channel_manager):
        opportunity = make_opportunity(session)
        said = terms(amount=Money(1, "USD"))

        with pytest.raises(Invalid):
            services.edit(session, opportunity.id, terms=said, actor=channel_manager, at=LATER)

    def test_refuses_a_closed_one(self, session, channel_manager):
        lost = make_opportunity(session, stage=Stage.CLOSED_LOST)

        with pytest.raises(services.OpportunityClosed):
            services.edit(session, lost.id, terms=terms(), actor=channel_manager, at=LATER)


class TestLines:
    def test_the_amount_follows_the_lines(self, session, channel_manager):
        opportunity, product = make_opportunity(session), make_product(session)
        lines = [Line(product.id, 3, 30_000), Line(make_product(session).id, 1, 5_000)]

        services.set_lines(session, opportunity.id, lines=lines, actor=channel_manager, at=LATER)

        assert opportunity.amount_minor == 35_000
        assert opportunity.family_id == product.family_id
        assert [one.quantity for one in queries.lines(session, opportunity.id)] == [3, 1]

    @pytest.mark.parametrize(("quantity", "amount"), [(0, 1), (-1, 1), (1_000_001, 1), (1, -1)])
    def test_refuses_what_cannot_be(self, session, channel_manager, quantity, amount):
        opportunity, product = make_opportunity(session), make_product(session)
        lines = [Line(product.id, quantity, amount)]

        with pytest.raises(Invalid):
            services.set_lines(
                session, opportunity.id, lines=lines, actor=channel_manager, at=LATER
            )


class TestMove:
    def test_goes_forward_over_stages_whose_criteria_are_met(self, session, channel_manager):
        opportunity = make_opportunity(session, lines=[1_000_000])
        step = Step(Stage.COMMITTED)

        services.move_to(session, opportunity.id, step, actor=channel_manager, at=LATER)

        assert (opportunity.stage, opportunity.stage_since) == (Stage.COMMITTED, LATER)
        assert opportunity.category is ForecastCategory.COMMIT
        assert events(session, opportunity)[-1] == "pipeline.opportunity.advanced"

    def test_says_all_that_is_missing(self, session, channel_manager):
        opportunity = make_opportunity(session, next_step="", amount_minor=0)
        stage = Stage.TECHNICAL_VALIDATION

        with pytest.raises(services.CriteriaNotMet) as refused:
            services.advance(session, opportunity.id, stage=stage, actor=channel_manager, at=LATER)

        assert [error.message for error in refused.value.errors] == [
            "Give an amount above zero.",
            "Name the next step.",
            "Add at least one product line.",
        ]
        assert opportunity.stage is Stage.PROSPECT

    def test_waits_for_an_invited_partner(self, session, channel_manager):
        opportunity = make_opportunity(session, stage=Stage.BUSINESS_VALIDATION, lines=[1_000_000])
        part = make_participant(session, opportunity, state=ParticipantState.INVITED)
        step = Step(Stage.COMMITTED)

        with pytest.raises(services.CriteriaNotMet):
            services.move_to(session, opportunity.id, step, actor=channel_manager, at=LATER)
        part.state = ParticipantState.ACCEPTED
        services.move_to(session, opportunity.id, step, actor=channel_manager, at=LATER)

        assert opportunity.stage is Stage.COMMITTED

    def test_goes_back_with_a_reason_only(self, session, channel_manager):
        opportunity = make_opportunity(session, stage=Stage.COMMITTED)
        back = Step(Stage.QUALIFIED, reason=" ")

        with pytest.raises(Invalid):
            services.move_to(session, opportunity.id, back, actor=channel_manager, at=LATER)
        back = Step(Stage.QUALIFIED, reason="The buyer left.")
        services.move_to(session, opportunity.id, back, actor=channel_manager, at=LATER)

        assert opportunity.stage is Stage.QUALIFIED
        assert changes(session, opportunity)[-1].reason == "The buyer left."
        assert events(session, opportunity)[-1] == "pipeline.opportunity.moved_back"

    def test_is_won_once(self, session, channel_manager):
        opportunity = make_opportunity(session, stage=Stage.COMMITTED, lines=[1_000_000])

        services.close_won(session, opportunity.id, actor=channel_manager, at=LATER)
        with pytest.raises(StageIsFinal):
            services.close_won(session, opportunity.id, actor=channel_manager, at=LATER)

        assert (opportunity.stage, opportunity.closed_at) == (Stage.LAUNCHED, LATER)
        assert events(session, opportunity).count("pipeline.opportunity.won") == 1

    def test_is_not_won_while_lines_differ_from_the_amount(self, session, channel_manager):
        opportunity = make_opportunity(session, stage=Stage.COMMITTED, lines=[999_999])

        with pytest.raises(services.CriteriaNotMet, match="add up"):
            services.close_won(session, opportunity.id, actor=channel_manager, at=LATER)

    def test_is_lost_with_a_reason_of_the_list(self, session, channel_manager):
        opportunity = make_opportunity(session)
        lost = {"actor": channel_manager, "at": LATER}

        with pytest.raises(Invalid):
            services.close_lost(session, opportunity.id, loss_reason=None, **lost)
        services.close_lost(session, opportunity.id, loss_reason=LossReason.PRICE, **lost)

        assert (opportunity.stage, opportunity.loss_reason) == (Stage.CLOSED_LOST, LossReason.PRICE)
        assert opportunity.category is ForecastCategory.OMITTED


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
