"""Crediting orders, logging touches, publishing policies."""

import json
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.rules import SYSTEM, Actor, Role
from app.attribution import queries, services
from app.attribution.models import AttributionRun, Credit
from app.attribution.rules import CreditClass, TouchKind
from app.attribution.services.touching import TouchLoggedBefore
from app.deals.rules import DealState
from app.kernel.errors import Invalid, NotFound
from app.ledger.models import LedgerEntry
from app.partners.models import Partner
from app.pipeline.rules import ParticipantRole, ParticipantState
from tests.conftest import as_actor
from tests.factories.attribution import WON_AT, credited, make_touch, make_won
from tests.factories.clockwork import NOON
from tests.factories.deals import make_deal
from tests.factories.identity import make_actor
from tests.factories.partners import make_partner
from tests.factories.pipeline import make_participant
from tests.factories.revenue import make_order


def _parts(session: Session, order_id: object, wanted: CreditClass) -> dict[object, int]:
    rows = queries.credits_of_order(session, order_id)
    return {row.partner_id: row.minor for row in rows if row.credit_class is wanted}


def test_a_direct_order_is_the_vendors_own_in_every_class(session: Session) -> None:
    order = credited(session, make_order(session, 12_345))
    rows = queries.credits_of_order(session, order.id)
    assert [(row.partner_id, row.minor, row.share) for row in rows] == [(None, 12_345, 1)] * 3


def test_a_registration_sources_the_order(session: Session) -> None:
    deal = make_deal(session, DealState.APPROVED, at=NOON - timedelta(days=60))
    order = credited(session, make_won(session, registration_id=deal.id))
    assert _parts(session, order.id, CreditClass.SOURCED) == {deal.partner_id: 100_000}


def test_without_a_registration_who_takes_part_as_source_sourced_it(session: Session) -> None:
    order = make_won(session)
    part = make_participant(
        session, order.opportunity, role=ParticipantRole.SOURCE,
        answered_at=WON_AT - timedelta(days=40),
    )  # fmt: skip
    credited(session, order)
    assert _parts(session, order.id, CreditClass.SOURCED) == {part.partner_id: 100_000}


def test_influence_is_split_evenly_to_the_cent(session: Session) -> None:
    order = make_won(session, 10_000)
    partners = [make_partner(session) for _ in range(3)]
    for partner in partners:
        make_touch(session, order.opportunity_id, partner)
    credited(session, order)
    parts = _parts(session, order.id, CreditClass.INFLUENCED)
    assert sorted(parts.values()) == [3333, 3333, 3334]
    assert set(parts) == {partner.id for partner in partners}


def test_a_helper_counts_once_by_its_touch_or_by_taking_part(session: Session) -> None:
    order = make_won(session)
    opportunity = order.opportunity
    early = WON_AT - timedelta(days=5)
    first = make_participant(session, opportunity, answered_at=early)
    second = make_participant(session, opportunity, answered_at=early)
    make_participant(session, opportunity, state=ParticipantState.DECLINED)
    make_touch(session, opportunity, session.get_one(Partner, first.partner_id))
    credited(session, order)
    parts = _parts(session, order.id, CreditClass.INFLUENCED)
    assert parts == {first.partner_id: 50_000, second.partner_id: 50_000}


def test_who_delivers_is_credited_also_when_it_accepts_after_the_win(session: Session) -> None:
    order = make_won(session)
    opportunity = order.opportunity
    part = make_participant(session, opportunity, role=ParticipantRole.FULFILMENT)
    credited(session, order)
    assert _parts(session, order.id, CreditClass.FULFILLED) == {part.partner_id: 100_000}


def test_unchanged_inputs_make_no_new_run(session: Session) -> None:
    order = credited(session, make_won(session))
    runs = select(func.count()).select_from(AttributionRun)
    before = session.scalar(runs.where(AttributionRun.order_id == order.id))
    credited(session, order, at=NOON + timedelta(days=9))
    assert session.scalar(runs.where(AttributionRun.order_id == order.id)) == before == 1


def test_a_late_touch_replaces_the_run_and_keeps_the_old_one(session: Session) -> None:
    order = credited(session, make_won(session))
    make_touch(session, order.opportunity_id)
    credited(session, order)
    runs = session.scalars(
        select(AttributionRun.is_current)
        .where(AttributionRun.order_id == order.id)
        .order_by(AttributionRun.is_current)
    ).all()
    assert runs == [False, True]


def test_every_run_is_in_the_ledger_with_its_credits(session: Session) -> None:
    order = credited(session, make_won(session))
    run = queries.current_run(session, order.id)
    assert run is not None
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.subject_id == run.id)).one()
    assert entry.name == "attribution.order.credited"
    assert sum(part["minor"] for part in json.loads(entry.body)["facts"]["credits"]) == 300_000


def test_a_new_policy_leaves_credited_orders_alone(session: Session, finance: Actor) -> None:
    order = make_won(session)
    for days in (30, 20):
        make_touch(session, order.opportunity_id, at=NOON - timedelta(days=days))
    credited(session, order)
    first = services.FIRST
    only_first = {**first, "classes": {**first["classes"], "influenced": {"model": "first"}}}
    services.publish_policy(session, only_first, actor=finance, at=NOON)
    credited(session, order)
    assert sorted(_parts(session, order.id, CreditClass.INFLUENCED).values()) == [50_000, 50_000]
    other = make_won(session)
    for days in (30, 20):
        make_touch(session, other.opportunity_id, at=NOON - timedelta(days=days))
    credited(session, other)
    assert list(_parts(session, other.id, CreditClass.INFLUENCED).values()) == [100_000]


def test_logging_a_touch_credits_the_order_again(session: Session, channel_manager: Actor) -> None:
    order = credited(session, make_won(session))
    partner = make_partner(session)
    assert order.opportunity_id is not None
    services.log_touch(
        session, order.opportunity_id, partner_id=partner.id, kind=TouchKind.WORKSHOP,
        at=WON_AT - timedelta(days=1), evidence="Two days on site", actor=channel_manager,
        now_at=NOON,
    )  # fmt: skip
    assert _parts(session, order.id, CreditClass.INFLUENCED) == {partner.id: 100_000}


@pytest.mark.parametrize(
    ("kind", "days"),
    [(TouchKind.DEMO, 1), (TouchKind.DEMO, 40), (TouchKind.REGISTRATION, -1)],
)
def test_a_touch_that_cannot_have_helped_is_refused(
    session: Session, channel_manager: Actor, kind: TouchKind, days: int
) -> None:
    order = make_won(session)
    with pytest.raises(Invalid):
        services.log_touch(
            session, order.opportunity_id, partner_id=make_partner(session).id, kind=kind,
            at=WON_AT + timedelta(days=days), evidence="", actor=channel_manager, now_at=NOON,
        )  # fmt: skip


def test_a_touch_is_logged_once(session: Session, channel_manager: Actor) -> None:
    order = make_won(session)
    touch = make_touch(session, order.opportunity_id)
    with pytest.raises(TouchLoggedBefore):
        services.log_touch(
            session, order.opportunity_id, partner_id=touch.partner_id, kind=touch.kind,
            at=touch.at, evidence="", actor=channel_manager, now_at=NOON,
        )  # fmt: skip


def test_a_partner_logs_its_own_touches_only_where_it_takes_part(session: Session) -> None:
    order = credited(session, make_won(session))
    order_id, opportunity_id = order.id, order.opportunity_id
    part = make_participant(session, order.opportunity)
    member = make_actor(session, Role.PARTNER_MEMBER, session.get_one(Partner, part.partner_id))
    stranger = make_actor(session, Role.PARTNER_MEMBER)
    partner_id = part.partner_id
    given = {"kind": TouchKind.DEMO, "at": WON_AT, "evidence": "", "now_at": NOON}
    with as_actor(session, member):
        services.log_touch(session, opportunity_id, partner_id=partner_id,
                           actor=member, **given)  # fmt: skip
    with as_actor(session, member), pytest.raises(services.NotAPartnerOfIt):
        services.log_touch(session, opportunity_id, partner_id=stranger.partner_id,
                           actor=member, **given)  # fmt: skip
    with as_actor(session, stranger), pytest.raises(NotFound):
        services.log_touch(session, opportunity_id, partner_id=stranger.partner_id,
                           actor=stranger, **given)  # fmt: skip
    assert _parts(session, order_id, CreditClass.INFLUENCED) == {partner_id: 100_000}


def test_a_partner_reads_its_own_credits_only(session: Session) -> None:
    order = make_won(session)
    touches = [make_touch(session, order.opportunity_id) for _ in range(2)]
    credited(session, order)
    own = session.get_one(Partner, touches[0].partner_id)
    member = make_actor(session, Role.PARTNER_MEMBER, own)
    with as_actor(session, member):
        found = session.scalars(select(Credit)).all()
    assert {row.partner_id for row in found} == {own.id}


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"code": "standard", "title": "x", "classes": {}},
        {"code": "standard", "title": "x", "classes": {"sourced": {"model": "guess"}}},
    ],
)
def test_a_policy_that_says_too_little_is_refused(
    session: Session, finance: Actor, document: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        services.publish_policy(session, document, actor=finance, at=NOON)


def test_shares_are_kept_exactly(session: Session) -> None:
    order = make_won(session)
    for _ in range(7):
        make_touch(session, order.opportunity_id)
    services.credit_order(session, order.id, actor=SYSTEM, at=NOON)
    rows = queries.credits_of_order(session, order.id)
    shares = [row.share for row in rows if row.credit_class is CreditClass.INFLUENCED]
    assert shares == [Fraction(1, 7)] * 7
