"""What partners see of the pipeline, and what they may do."""

import re
from uuid import UUID

import pytest

from app.access.rules import Role
from app.pipeline.models import InternalNote, SharedNote
from app.pipeline.rules import ParticipantState
from tests.factories.clockwork import NOON
from tests.factories.partners import make_partner
from tests.factories.pipeline import make_opportunity, make_participant

ACCEPTED, INVITED = ParticipantState.ACCEPTED, ParticipantState.INVITED


def without_ids(answer):
    """The page without what is new at each request."""
    return re.sub(rb"[0-9a-f-]{12,36}", b"", answer.data)


class TestWhatPartnersSee:
    def test_their_own_and_nothing_of_others(self, member, session, partner):
        own = make_opportunity(session, title="Own deal")
        make_participant(session, own, partner_id=partner.id)
        rival = make_partner(session, name="Rivale SA")
        make_participant(session, own, partner_id=rival.id)
        make_opportunity(session, title="Foreign deal")

        for address in ("/pipeline", "/pipeline/list", f"/pipeline/{own.id}", "/pipeline/list.csv"):
            page = member.get(address).text
            assert "Own deal" in page
            assert "Rivale" not in page
            assert "Foreign" not in page

    def test_foreign_and_unknown_answer_alike(self, member, session):
        foreign = make_opportunity(session)
        make_participant(session, foreign)

        answers = [member.get(f"/pipeline/{one}") for one in (foreign.id, UUID(int=404))]

        assert [answer.status_code for answer in answers] == [404, 404]
        assert without_ids(answers[0]) == without_ids(answers[1])

    def test_an_invited_one_learns_the_customer_when_it_accepts(self, member, session, partner):
        opportunity = make_opportunity(session, customer_name="Geheim GmbH", title="Geheim: routes")
        part = make_participant(session, opportunity, partner_id=partner.id, state=INVITED)
        addresses = ("/pipeline", "/pipeline/list", f"/pipeline/{opportunity.id}",
                     "/pipeline/list.csv", "/pipeline/list?q=Geheim")  # fmt: skip

        assert all("Geheim:" not in member.get(one).text for one in addresses)
        assert all("Geheim GmbH" not in member.get(one).text for one in addresses)
        address = f"/pipeline/{opportunity.id}/participants/{part.id}/acceptance"
        assert member.post(address).status_code == 303

        assert "Geheim GmbH" in member.get(f"/pipeline/{opportunity.id}").text

    def test_one_that_declined_sees_it_no_more(self, member, session, partner):
        opportunity = make_opportunity(session)
        part = make_participant(session, opportunity, partner_id=partner.id, state=INVITED)

        answer = member.post(f"/pipeline/{opportunity.id}/participants/{part.id}/refusal")

        assert answer.status_code == 303
        assert member.get(f"/pipeline/{opportunity.id}").status_code == 404

    def test_nobody_answers_for_another(self, member, session, partner):
        opportunity = make_opportunity(session)
        make_participant(session, opportunity, partner_id=partner.id)
        theirs = make_participant(session, opportunity, state=INVITED)

        address = f"/pipeline/{opportunity.id}/participants/{theirs.id}/acceptance"

        assert member.post(address).status_code == 404

    def test_shared_notes_but_neither_internal_ones_nor_those_of_other_partners(
        self, member, session, partner, user
    ):
        opportunity = make_opportunity(session, category_reason="Verbal yes")
        make_participant(session, opportunity, partner_id=partner.id)
        writer, rival = user(Role.CHANNEL_MANAGER), user(Role.PARTNER_MEMBER)
        said = {"opportunity_id": opportunity.id, "at": NOON}
        session.add(SharedNote(text="For all", by_id=writer.id, **said))
        session.add(SharedNote(text="R1val", by_id=rival.id, partner_id=rival.partner_id, **said))
        session.add(InternalNote(text="S3cret", by_id=writer.id, **said))

        page = member.get(f"/pipeline/{opportunity.id}").text

        assert "For all" in page
        assert not re.search("S3cret|R1val|Verbal yes|Internal notes|Forecast", page)

    def test_they_write_shared_notes_and_name_the_next_step(self, member, session, partner):
        opportunity = make_opportunity(session)
        make_participant(session, opportunity, partner_id=partner.id)
        address = f"/pipeline/{opportunity.id}"

        assert member.post(f"{address}/notes", data={"text": "We met them"}).status_code == 303
        step = {"next_step": "Send the offer"}
        assert member.get(f"{address}/next-step").status_code == 200
        assert member.post(f"{address}/next-step", data=step).status_code == 303

        page = member.get(address).text
        assert "We met them" in page
        assert "Send the offer" in page

    @pytest.mark.parametrize(
        ("verb", "path"),
        [
            ("get", "/edit"), ("post", ""), ("get", "/lines"), ("post", "/lines"),
            ("get", "/stage"), ("post", "/stage"), ("get", "/forecast"), ("post", "/forecast"),
            ("get", "/participants/new"), ("post", "/participants"), ("post", "/reopening"),
            ("post", "/internal-notes"),
        ],
    )  # fmt: skip
    def test_the_vendors_acts_are_not_theirs(self, member, session, partner, verb, path):
        opportunity = make_opportunity(session)
        make_participant(session, opportunity, partner_id=partner.id)

        assert getattr(member, verb)(f"/pipeline/{opportunity.id}{path}").status_code == 404

    def test_onlookers_write_nothing(self, member, session, partner):
        opportunity = make_opportunity(session)
        make_participant(session, opportunity, partner_id=partner.id, state=INVITED)

        answer = member.post(f"/pipeline/{opportunity.id}/notes", data={"text": "Hello"})

        assert answer.status_code == 403
