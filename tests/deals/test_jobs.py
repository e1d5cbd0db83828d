"""Letters, and what runs by the clock: each acts once, however often it runs."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.rules import Role
from app.deals import services
from app.deals.jobs import lapse, remind, watch_clocks
from app.deals.models import Protection
from app.deals.rules import DealState
from app.jobs.runner import drain
from app.mail.models import MailMessage
from tests.factories.clockwork import NOON
from tests.factories.deals import make_deal, make_scene
from tests.factories.identity import make_user


@pytest.fixture
def scene(session):
    make_user(session, Role.CHANNEL_LEAD, email="lead@example.com")
    return make_scene(session)


def end_of(deal):
    """Return when the protection of ``deal`` ends."""
    return deal.protected_until


def state_of(deal):
    """Return where ``deal`` stands now."""
    return deal.state


def due(deal):
    """Return when to warn and when the answer is due."""
    return deal.warn_at, deal.answer_due_at


def subjects(session):
    """Write every letter asked for, and return the first words of their subjects."""
    drain(session, at=NOON)
    found = session.scalars(select(MailMessage.subject).order_by(MailMessage.subject))
    return [subject.split(":")[0].split(" DR-")[0] for subject in found]


@pytest.mark.parametrize(
    ("state", "letters"),
    [
        (DealState.DRAFT, []),
        (DealState.SUBMITTED, ["Review"]),
        (DealState.ACTION_REQUIRED, ["Please complete", "Review"]),
        (DealState.APPROVED, ["Approved", "Review"]),
        (DealState.REJECTED, ["Not approved", "Review"]),
        (DealState.WITHDRAWN, ["Review", "Withdrawn"]),
        (DealState.EXPIRED, ["Approved", "Protection ended", "Review"]),
    ],
)
def test_everybody_concerned_gets_a_letter(session, scene, state, letters):
    make_deal(session, state, scene=scene)

    assert subjects(session) == letters


def test_a_reviewer_is_warned_and_the_leads_told_once_each(session, scene):
    deal = make_deal(session, DealState.SUBMITTED, scene=scene)

    for at in sorted(2 * due(deal)):
        watch_clocks(session, at=at)

    assert subjects(session) == ["Answer due soon", "Overdue", "Review"]


def test_a_decided_registration_has_no_clock(session, scene):
    make_deal(session, DealState.APPROVED, scene=scene)

    watch_clocks(session, at=NOON + timedelta(days=30))

    assert "Overdue" not in subjects(session)


def test_a_holder_is_reminded_once_two_weeks_before(session, scene):
    deal = make_deal(session, DealState.APPROVED, scene=scene)

    remind(session, at=end_of(deal) - timedelta(days=15))
    assert "Protection ends soon" not in subjects(session)
    remind(session, at=end_of(deal) - timedelta(days=14))
    remind(session, at=end_of(deal) - timedelta(days=13))

    assert subjects(session).count("Protection ends soon") == 1


def test_protection_lapses_once_and_at_its_end(session, scene):
    deal = make_deal(session, DealState.APPROVED, scene=scene)
    end = end_of(deal)

    lapse(session, at=end - timedelta(microseconds=1))
    assert state_of(deal) is DealState.APPROVED
    lapse(session, at=end)
    lapse(session, at=end + timedelta(days=1))

    assert state_of(deal) is DealState.EXPIRED
    assert session.scalars(select(Protection.ended_at)).all() == [end]


def test_a_request_that_nobody_answered_ends_with_the_protection(session, scene):
    deal = make_deal(session, DealState.APPROVED, scene=scene)
    asked = services.ask_extension(session, deal.id, why="Later.", actor=scene.member, at=NOON)

    lapse(session, at=end_of(deal))

    assert asked.state == "refused"


@pytest.mark.parametrize(
    ("granted", "subject"), [(True, "Protection is longer"), (False, "No longer protection")]
)
def test_an_answered_request_is_told(session, scene, granted, subject):
    deal = make_deal(session, DealState.APPROVED, scene=scene)
    services.ask_extension(session, deal.id, why="Later.", actor=scene.member, at=NOON)

    services.answer_extension(
        session, deal.id, granted=granted, answer="Yes.", actor=scene.manager, at=NOON
    )

    assert {"Longer protection asked for", subject} <= set(subjects(session))
