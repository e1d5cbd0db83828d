"""Opportunities on the page of a partner and of a customer."""

from uuid import UUID

from app.pipeline.rules import ParticipantState, Stage
from tests.factories.partners import make_partner
from tests.factories.pipeline import make_opportunity, make_participant

HTMX = {"HX-Request": "true"}


def test_a_partner_page_gets_its_open_opportunities(manager, session, partner):
    part = make_participant(session, partner_id=partner.id)
    other = make_opportunity(session)
    closed = make_opportunity(session, stage=Stage.CLOSED_LOST)
    make_participant(session, closed, partner_id=partner.id)

    text = manager.get(f"/partners/{partner.id}/pipeline", headers=HTMX).text

    assert f'href="/pipeline/{part.opportunity_id}"' in text
    assert not {str(one.id) for one in (other, closed) if str(one.id) in text}
    assert "<html" not in text


def test_a_partner_reads_its_own_and_an_invitation_names_nobody(member, session, partner):
    secret = make_opportunity(session, title="A secret", customer_name="Nobody GmbH")
    make_participant(session, secret, partner_id=partner.id, state=ParticipantState.INVITED)

    text = member.get(f"/partners/{partner.id}/pipeline").text

    assert str(secret.id) in text
    assert "A secret" not in text
    assert "Nobody GmbH" not in text


def test_a_foreign_partner_answers_as_none(member, session):
    for partner_id in (make_partner(session).id, UUID(int=404)):
        assert member.get(f"/partners/{partner_id}/pipeline").status_code == 404


def test_an_account_page_gets_the_opportunities_of_the_customer(manager, session):
    opportunity = make_opportunity(session)

    text = manager.get(f"/accounts/{opportunity.account_id}/pipeline", headers=HTMX).text

    assert opportunity.number in text
    assert manager.get(f"/accounts/{UUID(int=404)}/pipeline").status_code == 404


def test_home_asks_for_no_answer_to_a_lapsed_invitation(member, session, partner):
    invited = {"partner_id": partner.id, "state": ParticipantState.INVITED}
    open_one = make_opportunity(session)
    lost = make_opportunity(session, stage=Stage.CLOSED_LOST)
    for opportunity in (open_one, lost):
        make_participant(session, opportunity, **invited)

    text = member.get("/").text

    assert open_one.number in text
    assert lost.number not in text
