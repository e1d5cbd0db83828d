"""Two managers approve rival registrations at the same instant, on connections of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from app.access.rules import SYSTEM
from app.db.engine import SYSTEM_SCOPE, transaction
from app.deals import services
from app.deals.models import Protection, Registration
from app.deals.rules import DealState
from app.deals.services import CustomerAlreadyClaimed
from app.kernel.errors import Refusal
from app.ledger.queries import names_of
from app.ledger.services import record
from app.partners.models import Partner
from tests.factories.clockwork import NOON
from tests.factories.deals import content, make_deal, make_scene


def two_rivals(session):
    """Return two registrations of one customer, both under review, with their managers."""
    first = make_scene(session)
    second = make_scene(session, product=first.product)
    said = content(first.product)
    for scene in (first, second):
        partner = session.get(Partner, scene.partner_id)
        record(session, "partners.partner.admitted", subject=partner, actor=SYSTEM, at=NOON)
    return [
        (make_deal(session, DealState.IN_REVIEW, scene=scene, said=said).id, scene.manager)
        for scene in (first, second)
    ]


def approve_together(rivals):
    """Approve all at once; return what each approval came to."""
    gate = Barrier(len(rivals))

    def approve(rival):
        deal_id, manager = rival
        gate.wait()
        try:
            with transaction(manager.scope) as session:
                services.approve(session, deal_id, actor=manager, at=NOON)
        except Refusal as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(rivals)) as pool:
        return list(pool.map(approve, rivals))


def assert_one_winner(rivals, outcomes):
    losers = [outcome for outcome in outcomes if outcome is not None]
    assert [type(loser) for loser in losers] == [CustomerAlreadyClaimed]
    with transaction(SYSTEM_SCOPE) as session:
        deals = [session.get_one(Registration, deal_id) for deal_id, _ in rivals]
        winner = next(deal for deal in deals if deal.state is DealState.APPROVED)
        entries = [name for deal in deals for name in names_of(session, "registration", deal.id)]
        ids = [deal.id for deal in deals]
        held = session.scalars(
            select(Protection.registration_id).where(Protection.registration_id.in_(ids))
        ).all()
    assert winner.number in losers[0].sentence
    assert entries.count("deal.registration.approved") == 1
    assert held == [winner.id]


def play(times):
    for _ in range(times):
        with transaction(SYSTEM_SCOPE) as session:
            rivals = two_rivals(session)
        assert_one_winner(rivals, approve_together(rivals))


def test_one_of_two_rivals_wins_each_of_twenty_times(committing):
    play(20)


@pytest.mark.slow
def test_one_of_two_rivals_wins_each_of_two_hundred_times(committing):
    play(200)


def test_a_withdrawal_and_a_rival_approval_at_once_leave_at_most_one_protection(committing):
    for _ in range(5):
        with transaction(SYSTEM_SCOPE) as session:
            rivals = two_rivals(session)
        (first_id, manager), second = rivals
        with transaction(SYSTEM_SCOPE) as session:
            services.approve(session, first_id, actor=manager, at=NOON)
            account_id = session.get_one(Registration, first_id).account_id
        with ThreadPoolExecutor(2) as pool:
            away = pool.submit(_withdraw, first_id)
            outcome = approve_together([second])[0]
            away.result()
        with transaction(SYSTEM_SCOPE) as session:
            states = session.scalars(
                select(Registration.state).where(Registration.account_id == account_id)
            ).all()
        assert states.count(DealState.APPROVED) == (outcome is None)


def _withdraw(deal_id):
    with transaction(SYSTEM_SCOPE) as session:
        deal = session.get_one(Registration, deal_id)
        owner = SYSTEM.__class__(None, "Owner", None, deal.partner_id, (deal.partner_id,))
        services.withdraw(session, deal_id, actor=owner, at=NOON)
