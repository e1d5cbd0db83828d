"""Programmes and tiers changed, with what the ledger keeps of it."""

from decimal import Decimal

import pytest

from app.kernel.errors import Invalid
from app.ledger.queries import names_of
from app.partners import queries, services
from app.partners.rules import (
    Course,
    ProgrammeKind,
    Terms,
)
from tests.factories.clockwork import NOON
from tests.factories.partners import make_programme, make_tier


class TestProgrammes:
    def test_take_new_terms_for_a_tier_under_one_version(self, session, channel_lead):
        tier = make_tier(session)
        programme = queries.programme(session, tier.programme_id)
        before = programme.version
        terms = Terms("Gold plus", 3, discount=Decimal("0.125"))

        services.edit_tier(session, tier.id, terms=terms, actor=channel_lead, at=NOON)

        assert (tier.name, tier.rank, tier.discount) == ("Gold plus", 3, Decimal("0.125"))
        assert programme.version == before + 1
        assert names_of(session, "tier", tier.id) == ["partners.tier.edited"]

    @pytest.mark.parametrize("over", [{"rank": 2}, {"rank": 3, "code": "GOLD"}])
    def test_refuse_a_second_tier_of_one_rank_or_code(self, session, channel_lead, over):
        tier = make_tier(session, code="GOLD", rank=2)
        code = over.get("code", "NEW")

        with pytest.raises(services.CodeTaken):
            services.add_tier(
                session,
                tier.programme_id,
                code=code,
                terms=Terms("New", over["rank"]),
                actor=channel_lead,
                at=NOON,
            )

    def test_are_added_once_under_a_code(self, session, channel_lead):
        def add():
            return services.add_programme(
                session,
                code="REF",
                name="Referral",
                kind=ProgrammeKind.REFERRAL,
                actor=channel_lead,
                at=NOON,
            )

        programme = add()
        assert names_of(session, "programme", programme.id) == ["partners.programme.added"]
        with pytest.raises(services.CodeTaken):
            add()

    def test_change_how_fast_they_answer(self, session, channel_lead):
        programme = make_programme(session)

        def edit(hours):
            course = Course("Resellers", hours, parents_see_children=True)
            services.edit_programme(
                session, programme.id, course=course, actor=channel_lead, at=NOON
            )

        edit(8)

        assert (programme.answer_hours, programme.parents_see_children) == (8, True)
        with pytest.raises(Invalid):
            edit(0)
