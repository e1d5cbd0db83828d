"""Registrations from the draft to the end of protection."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.access.rules import Role
from app.catalogue.models import Product
from app.deals import queries, services
from app.deals.models import Finding, Protection, Registration
from app.deals.rules import (
    Claim,
    ClosingCode,
    DealState,
    ExtensionState,
    FindingKind,
)
from app.deals.services import (
    AppealedBefore,
    AppealNeedsLead,
    CustomerAlreadyClaimed,
    ExtensionPending,
    NoExtensionLeft,
    NotEditable,
    OwnSubmission,
)
from app.kernel.errors import Invalid, NotFound
from app.kernel.transitions import TransitionRefused
from app.ledger.queries import names_of
from app.ledger.rules.canonical import salted
from tests.conftest import as_actor
from tests.factories.clockwork import NOON
from tests.factories.deals import content, make_deal, make_scene
from tests.factories.identity import make_actor

LATER = NOON + timedelta(days=10)


def events(session, deal):
    return [name.removeprefix("deal.") for name in names_of(session, "registration", deal.id)]


def rival_of(session, deal, state=DealState.IN_REVIEW, at=NOON):
    """Return another partner's registration of the same customer and family."""
    product = session.scalar(select(Product).where(Product.family_id == deal.family_id))
    scene = make_scene(session, product=product)
    same = {"customer_name": deal.customer_name, "customer_domain": deal.customer_domain}
    return make_deal(session, state, scene=scene, at=at, said=content(product, **same))


class TestSave:
    def test_keeps_a_draft_of_title_and_customer(self, session):
        scene = make_scene(session)
        bare = content(scene.product, problem="", lines=(), expected_close_on=None)

        deal = make_deal(session, scene=scene, said=bare)

        assert (deal.state, deal.number, deal.amount_minor) == (DealState.DRAFT, None, 0)
        assert events(session, deal) == ["registration.drafted"]

    def test_refuses_a_reference_used_before(self, session):
        scene = make_scene(session)
        make_deal(session, scene=scene, said=content(scene.product, partner_reference="CRM-1"))

        with pytest.raises(Invalid) as refused:
            make_deal(session, scene=scene, said=content(scene.product, partner_reference="CRM-1"))

        assert refused.value.errors[0].code == "deal.partner_reference_taken"

    def test_takes_only_the_fields_that_were_asked_for(self, session):
        scene = make_scene(session)
        deal = make_deal(session, DealState.ACTION_REQUIRED, scene=scene)
        new = content(scene.product, problem="They lose goods every single night.")

        services.save(session, deal.id, actor=scene.member, at=NOON, content=new)

        assert deal.problem == new.problem
        assert deal.customer_name != new.customer_name

    def test_refuses_a_change_while_it_is_reviewed(self, session):
        scene = make_scene(session)
        deal = make_deal(session, DealState.IN_REVIEW, scene=scene)

        with pytest.raises(NotEditable):
            services.save(
                session, deal.id, actor=scene.member, at=NOON, content=content(scene.product)
            )

    def test_an_id_that_is_taken_by_another_partner_is_not_found(self, session):
        foreign_id, scene = make_deal(session).id, make_scene(session)

        with as_actor(session, scene.member), pytest.raises(NotFound):
            services.save(
                session, foreign_id, actor=scene.member, at=NOON, content=content(scene.product)
            )

    def test_a_draft_can_be_deleted_and_nothing_else(self, session):
        scene = make_scene(session)
        draft = make_deal(session, scene=scene)
        submitted = make_deal(session, DealState.SUBMITTED, scene=scene)

        services.delete_draft(session, draft.id, actor=scene.member, at=NOON)

        assert session.get(Registration, draft.id) is None
        with pytest.raises(NotEditable):
            services.delete_draft(session, submitted.id, actor=scene.member, at=NOON)


class TestSubmit:
    def test_numbers_it_and_starts_the_clock(self, session):
        scene = make_scene(session)

        deal = make_deal(session, DealState.SUBMITTED, scene=scene)

        assert (deal.number or "").startswith("DR-2026-")
        assert deal.reviewer_id == scene.manager.user_id
        assert deal.answer_due_at == NOON.replace(day=4)  # 16 hours of 9 to 17, from Monday noon
        assert events(session, deal)[-1] == "registration.submitted"

    def test_the_digest_can_be_made_again_from_salt_and_content(self, session):
        deal = make_deal(session, DealState.SUBMITTED)

        said = queries.content_of(deal, queries.lines(session, deal.id))

        assert deal.content_digest == salted(deal.salt, services.sealed_content(deal, said))

    def test_names_every_error_and_changes_nothing(self, session):
        scene = make_scene(session)
        deal = make_deal(session, scene=scene, said=content(scene.product, problem="", lines=()))

        with pytest.raises(Invalid) as refused:
            services.submit(session, deal.id, actor=scene.member, at=NOON)

        assert {one.field for one in refused.value.errors} == {"problem", "lines"}
        assert deal.state is DealState.DRAFT

    def test_a_partner_submits_within_its_own_reach(self, session):
        scene = make_scene(session)
        deal = make_deal(session, scene=scene)

        with as_actor(session, scene.member):
            services.submit(session, deal.id, actor=scene.member, at=NOON)
            assert session.scalar(select(func.count()).select_from(Finding)) == 0

        assert session.get(Registration, deal.id).account_id is not None

    def test_refuses_a_second_one_of_the_same_partner(self, session):
        scene = make_scene(session)
        said = content(scene.product)
        make_deal(session, DealState.SUBMITTED, scene=scene, said=said)

        with pytest.raises(Invalid) as refused:
            make_deal(session, DealState.SUBMITTED, scene=scene, said=said)

        assert refused.value.errors[0].code == "deal.own_duplicate"

    def test_finds_a_rival_and_tells_the_partner_one_word(self, session):
        first = make_deal(session, DealState.SUBMITTED)

        second = rival_of(session, first, DealState.SUBMITTED)

        kinds = {row.kind for row in queries.findings(session, second.id)}
        assert second.conflict is Claim.CONTESTED
        assert second.account_id == first.account_id
        assert FindingKind.RIVAL_REGISTRATION in kinds

    def test_another_family_is_no_conflict(self, session):
        first = make_deal(session, DealState.APPROVED)
        scene = make_scene(session)
        same = {"customer_name": first.customer_name, "customer_domain": first.customer_domain}

        second = make_deal(
            session, DealState.SUBMITTED, scene=scene, said=content(scene.product, **same)
        )

        assert (second.account_id, second.conflict) == (first.account_id, Claim.FREE)


class TestReview:
    def test_approval_protects_for_the_days_of_the_tier(self, session):
        deal = make_deal(session, DealState.APPROVED)

        row = session.scalars(select(Protection)).one()

        assert row.registration_id == deal.id
        assert (row.during.lower, row.during.upper) == (NOON, NOON + timedelta(days=90))
        assert events(session, deal)[-1] == "registration.approved"

    def test_a_second_claim_is_refused_and_named(self, session):
        first = make_deal(session, DealState.APPROVED)
        second = rival_of(session, first)

        with pytest.raises(CustomerAlreadyClaimed) as refused:
            services.approve(session, second.id, actor=make_lead(session), at=LATER)

        assert str(first.number) in refused.value.sentence
        assert "registration.approved" not in events(session, second)

    def test_a_lapsed_protection_blocks_nobody(self, session):
        first = make_deal(session, DealState.APPROVED)
        second = rival_of(session, first)

        at = first.protected_until or NOON
        approved = services.approve(session, second.id, actor=make_lead(session), at=at)

        assert approved.state is DealState.APPROVED

    def test_nobody_decides_on_what_they_submitted(self, session):
        deal = make_deal(session, DealState.IN_REVIEW)
        lead = make_lead(session)
        deal.submitted_by = lead.user_id

        with pytest.raises(OwnSubmission):
            services.approve(session, deal.id, actor=lead, at=NOON)

    def test_a_rejection_needs_a_reason(self, session):
        deal = make_deal(session, DealState.IN_REVIEW)

        with pytest.raises(Invalid):
            services.reject(
                session, deal.id, code=ClosingCode.OTHER, reason=" ", actor=make_lead(session),
                at=NOON,
            )  # fmt: skip

    def test_the_customer_can_be_decided_by_a_person(self, session):
        first, second = (
            make_deal(session, DealState.SUBMITTED),
            make_deal(session, DealState.IN_REVIEW),
        )

        assert first.account_id is not None
        services.link_account(
            session, second.id, account_id=first.account_id, actor=make_lead(session), at=NOON
        )

        assert second.account_id == first.account_id


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


def make_lead(session):
    return make_actor(session, Role.CHANNEL_LEAD)
