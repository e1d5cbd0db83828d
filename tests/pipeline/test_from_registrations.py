"""Where deals and the pipeline meet: opportunities begun from registrations, and rivals."""

import pytest

from app.access.rules import Role
from app.deals.models import Registration
from app.deals.rules import DealState, FindingKind
from app.deals.services import RIVAL_CHECKS, Asked
from app.kernel.transitions import TransitionRefused
from app.pipeline import queries, services
from app.pipeline.rules import ParticipantRole, ParticipantState, Stage
from tests.factories.clockwork import NOON
from tests.factories.deals import make_deal, make_scene
from tests.factories.pipeline import make_opportunity


def check(session, account_id, asked):
    assert account_id is not None
    return list(services.open_opportunities(session, [account_id], asked))


class TestStartFromRegistration:
    def test_takes_everything_along_and_makes_the_partner_its_source(self, session):
        scene = make_scene(session)
        deal = make_deal(session, DealState.APPROVED, scene=scene)

        begun = services.start_from_registration(session, deal.id, actor=scene.manager, at=NOON)

        assert deal.state is DealState.CONVERTED
        assert (begun.registration_id, begun.account_id) == (deal.id, deal.account_id)
        assert (begun.amount_minor, begun.currency) == (deal.amount_minor, deal.currency)
        assert (begun.close_on, begun.problem) == (deal.expected_close_on, deal.problem)
        assert [one.amount_minor for one in queries.lines(session, begun.id)] == [4_800_000]
        part = queries.participants(session, begun.id)[0]
        assert (part.partner_id, part.role) == (deal.partner_id, ParticipantRole.SOURCE)
        assert part.state is ParticipantState.ACCEPTED

    def test_starts_once(self, session):
        scene = make_scene(session)
        deal = make_deal(session, DealState.APPROVED, scene=scene)
        services.start_from_registration(session, deal.id, actor=scene.manager, at=NOON)

        with pytest.raises(TransitionRefused):
            services.start_from_registration(session, deal.id, actor=scene.manager, at=NOON)

    @pytest.mark.parametrize("state", [DealState.SUBMITTED, DealState.REJECTED])
    def test_wants_an_approved_one(self, session, state):
        deal = make_deal(session, state)
        manager = make_scene(session).manager

        with pytest.raises(TransitionRefused):
            services.start_from_registration(session, deal.id, actor=manager, at=NOON)

    def test_has_an_address_of_its_own(self, session, sign_in, user):
        deal = make_deal(session, DealState.APPROVED)
        manager = sign_in(user(Role.CHANNEL_MANAGER))

        assert "Start the opportunity" in manager.get(f"/deals/{deal.id}").text
        answer = manager.post(f"/deals/{deal.id}/opportunity")

        assert answer.status_code == 303
        assert "Source" in manager.get(answer.location).text
        assert manager.get(f"/deals/{deal.id}/opportunity").location == answer.location
        assert session.get(Registration, deal.id).state is DealState.CONVERTED

    def test_its_partner_finds_it_and_another_does_not(self, session, sign_in, user):
        scene = make_scene(session)
        deal = make_deal(session, DealState.APPROVED, scene=scene)
        services.start_from_registration(session, deal.id, actor=scene.manager, at=NOON)

        for partner_id, status in ((scene.partner_id, 303), (make_scene(session).partner_id, 404)):
            member = sign_in(user(Role.PARTNER_MEMBER, partner_id=partner_id))
            assert member.get(f"/deals/{deal.id}/opportunity").status_code == status


class TestRivals:
    def test_every_process_that_loads_jobs_knows_the_check(self, session):
        assert services.open_opportunities in RIVAL_CHECKS

    @pytest.mark.parametrize(
        ("stage", "found"), [(Stage.PROSPECT, 1), (Stage.COMMITTED, 1), (Stage.LAUNCHED, 0)]
    )
    def test_open_opportunities_of_the_customer_stand_in_the_way(self, session, stage, found):
        opportunity = make_opportunity(session, stage=stage)
        asked = Asked(make_scene(session).partner_id)

        evidence = check(session, opportunity.account_id, asked)

        assert [one.kind for one in evidence] == [FindingKind.OPEN_OPPORTUNITY] * found

    def test_a_partners_own_deal_does_not(self, session):
        scene = make_scene(session)
        deal = make_deal(session, DealState.APPROVED, scene=scene)
        services.start_from_registration(session, deal.id, actor=scene.manager, at=NOON)

        own = check(session, deal.account_id, Asked(scene.partner_id))
        rival = check(session, deal.account_id, Asked(make_scene(session).partner_id))

        assert (len(own), len(rival)) == (0, 1)
