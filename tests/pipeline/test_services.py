"""What is done with opportunities."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.kernel.errors import Invalid
from app.kernel.money import Money
from app.ledger.models import LedgerEntry
from app.pipeline import queries, services
from app.pipeline.models import StageChange
from app.pipeline.rules import (
    ForecastCategory,
    Line,
    LossReason,
    ParticipantState,
    Stage,
    StageIsFinal,
    Step,
    Terms,
)
from tests.factories.accounts import make_account
from tests.factories.catalogue import make_product
from tests.factories.clockwork import NOON
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
