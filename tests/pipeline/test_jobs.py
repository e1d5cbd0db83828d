"""Letters about taking part."""

import pytest
from sqlalchemy import select

from app.access.rules import Role
from app.mail.models import MailMessage
from app.pipeline import jobs
from app.pipeline.rules import ParticipantState
from tests.factories.clockwork import NOON
from tests.factories.identity import make_user
from tests.factories.pipeline import make_opportunity, make_participant


@pytest.fixture
def part(session, portal):
    opportunity = make_opportunity(session, title="Geheim", customer_name="Geheim GmbH")
    return make_participant(session, opportunity, state=ParticipantState.INVITED)


def letters(session):
    return session.scalars(select(MailMessage)).all()


def test_the_people_of_an_invited_partner_are_told_without_the_customers_name(session, part):
    user = make_user(session, Role.PARTNER_MEMBER, partner_id=part.partner_id)
    make_user(session, Role.PARTNER_MEMBER, partner_id=part.partner_id, is_active=False)

    jobs.tell_invited(session, at=NOON, participant_id=str(part.id))

    assert [letter.to for letter in letters(session)] == [user.email]
    assert "Geheim" not in letters(session)[0].text
    assert f"/pipeline/{part.opportunity_id}" in letters(session)[0].text


def test_the_owner_is_told_the_answer(session, part):
    part.state = ParticipantState.DECLINED

    jobs.tell_owner(session, at=NOON, participant_id=str(part.id))

    assert "declined the invitation" in letters(session)[0].subject
