"""Registrations from the draft to the end of protection."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.deals import queries, services
from app.deals.models import Finding, Protection, Registration
from app.deals.rules import (
    Claim,
    ClosingCode,
    DealState,
    FindingKind,
)
from app.deals.services import (
    CustomerAlreadyClaimed,
    NotEditable,
    OwnSubmission,
)
from app.kernel.errors import Invalid, NotFound
from app.ledger.rules.canonical import salted
from tests.conftest import as_actor
from tests.deals.helpers import LATER, events, make_lead, rival_of
from tests.factories.clockwork import NOON
from tests.factories.deals import content, make_deal, make_scene


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
