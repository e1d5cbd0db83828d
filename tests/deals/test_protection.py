"""Appeals, longer protection, and what happens when a customer is freed."""

from datetime import timedelta

import pytest

from app.deals import services
from app.deals.rules import (
    Claim,
    ClosingCode,
    DealState,
    ExtensionState,
)
from app.deals.services import (
    AppealedBefore,
    AppealNeedsLead,
    ExtensionPending,
    NoExtensionLeft,
)
from app.kernel.transitions import TransitionRefused
from tests.deals.helpers import LATER, events, make_lead, rival_of
from tests.factories.clockwork import NOON
from tests.factories.deals import make_deal, make_scene


class TestAppeal:
    def test_is_decided_by_a_lead_and_possible_once(self, session):
        scene = make_scene(session)
        deal = make_deal(session, DealState.REJECTED, scene=scene)
        services.appeal(session, deal.id, reason="They have budget.", actor=scene.member, at=NOON)

        with pytest.raises(AppealNeedsLead):
            services.approve(session, deal.id, actor=scene.manager, at=NOON)
        services.reject(
            session, deal.id, code=ClosingCode.OTHER, reason="No.", actor=make_lead(session),
            at=NOON,
        )  # fmt: skip
        with pytest.raises(AppealedBefore):
            services.appeal(session, deal.id, reason="Again.", actor=scene.member, at=NOON)


class TestExtension:
    @pytest.fixture
    def scene(self, session):
        return make_scene(session)

    @pytest.fixture
    def deal(self, session, scene):
        return make_deal(session, DealState.APPROVED, scene=scene)

    def ask(self, session, deal, scene):
        return services.ask_extension(
            session, deal.id, why="Budget in May.", actor=scene.member, at=LATER
        )

    def answer(self, session, deal, scene, at=LATER, granted=True):
        return services.answer_extension(
            session, deal.id, granted=granted, answer="Fine.", actor=scene.manager, at=at
        )

    def test_makes_the_protection_longer(self, session, deal, scene):
        self.ask(session, deal, scene)

        answered = self.answer(session, deal, scene)

        assert answered.state is ExtensionState.GRANTED
        assert deal.protected_until == NOON + timedelta(days=120)

    def test_one_waits_at_a_time(self, session, deal, scene):
        self.ask(session, deal, scene)

        with pytest.raises(ExtensionPending):
            self.ask(session, deal, scene)

    def test_the_tier_says_how_many(self, session, deal, scene):
        self.ask(session, deal, scene)
        self.answer(session, deal, scene)

        with pytest.raises(NoExtensionLeft):
            self.ask(session, deal, scene)

    def test_a_protection_that_has_run_out_stays_so(self, session, deal, scene):
        self.ask(session, deal, scene)

        with pytest.raises(services.ProtectionOver):
            self.answer(session, deal, scene, at=NOON + timedelta(days=90))

    def test_a_refusal_leaves_the_window(self, session, deal, scene):
        self.ask(session, deal, scene)

        self.answer(session, deal, scene, granted=False)

        assert deal.protected_until == NOON + timedelta(days=90)


class TestQueue:
    def test_a_withdrawal_offers_the_customer_to_the_first_that_waits(self, session):
        scene = make_scene(session)
        first = make_deal(session, DealState.APPROVED, scene=scene)
        second = rival_of(session, first, DealState.SUBMITTED)
        third = rival_of(session, first, DealState.SUBMITTED, at=LATER)

        services.withdraw(session, first.id, actor=scene.member, at=LATER)

        assert "registration.offered" in events(session, second)
        assert "registration.offered" not in events(session, third)
        assert second.conflict is Claim.CONTESTED  # the third waits too

    def test_the_next_can_be_approved_at_once(self, session):
        scene = make_scene(session)
        first = make_deal(session, DealState.APPROVED, scene=scene)
        second = rival_of(session, first)
        services.withdraw(session, first.id, actor=scene.member, at=LATER)

        approved = services.approve(session, second.id, actor=make_lead(session), at=LATER)

        assert approved.protected_until == LATER + timedelta(days=90)

    def test_a_withdrawal_in_the_moment_of_approval_leaves_nothing(self, session):
        scene = make_scene(session)
        first = make_deal(session, DealState.APPROVED, scene=scene)
        second = rival_of(session, first)

        services.withdraw(session, first.id, actor=scene.member, at=NOON)
        services.approve(session, second.id, actor=make_lead(session), at=NOON)

        assert second.state is DealState.APPROVED

    def test_conversion_keeps_the_protection(self, session):
        deal = make_deal(session, DealState.CONVERTED)

        assert deal.protected_until == NOON + timedelta(days=90)
        with pytest.raises(TransitionRefused):
            services.convert(session, deal.id, actor=make_lead(session), at=NOON)
