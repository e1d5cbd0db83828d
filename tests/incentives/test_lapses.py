"""A certification that a partner lost takes back what its plan says; a renewal gives it again."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.rules import SYSTEM
from app.incentives import engine, queries, services
from app.incentives.rules import AccrualKind
from app.incentives.services import Calculated, changes
from app.kernel.period import Days
from app.partners.models import Partner
from tests.factories.enablement import make_certificate
from tests.factories.incentives import component, make_plan
from tests.factories.partners import make_partner
from tests.incentives.conftest import APRIL, FEBRUARY, MARCH, Sell

pytestmark = pytest.mark.usefixtures("every_line_explains_itself", "counted")
CLOUD = "Cloud platform, professional"
LOST = date(2026, 3, 10)
WATCHED = {"mode": "full", "on": ["cancelled", "certification_lapsed"], "lapse": "all"}


@pytest.fixture(params=["few", "many"])
def counted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take all facts for few, or for many."""
    monkeypatch.setattr(changes, "MANY", 0 if request.param == "many" else 10**6)


def watching(*names: str) -> dict[str, Any]:
    """Return a component that takes all back when one of these certifications is lost."""
    return component(reversal=WATCHED | ({"certification": list(names)} if names else {}))


def at(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 9, tzinfo=UTC)


def run(session: Session, partner: Partner, period: Days, on: date | None = None) -> Calculated:
    """Calculate a month on the third day of the next, or on another day."""
    when = at(on or period.until + timedelta(days=2))
    return services.calculate_partner(session, partner.id, period, actor=SYSTEM, at=when)


def amounts(session: Session, partner: Partner, period: Days) -> list[tuple[AccrualKind, int]]:
    rows = queries.accruals_in(session, partner.id, period.start)
    return [(row.kind, row.amount_minor) for row in rows]


def lost(session: Session, partner: Partner, until: date = LOST, **over: Any) -> None:
    """Let somebody hold a certificate until a day."""
    days = {"awarded_on": date(2025, 6, 1), "valid_until": until, "at": at(date(2025, 6, 1))}
    make_certificate(session, partner, **{"subject": CLOUD, **days, **over})


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((), [(AccrualKind.CLAWBACK, -10_000)]),
        ((CLOUD,), [(AccrualKind.CLAWBACK, -10_000)]),
        (("Security",), []),
    ],
)
def test_what_was_paid_is_taken_back_in_the_month_of_the_loss(
    session: Session, partner: Partner, sell: Sell, names: tuple[str, ...], found: list[Any]
) -> None:
    make_plan(session, watching(*names))
    sell(partner)
    lost(session, partner)

    assert run(session, partner, FEBRUARY).totals == {"EUR": 10_000}
    run(session, partner, MARCH)

    assert amounts(session, partner, MARCH) == found
    assert run(session, partner, MARCH, on=date(2026, 4, 9)).is_unchanged
    for row in queries.accruals_in(session, partner.id, MARCH.start):
        assert f"The certification of {CLOUD} lapsed on 10 Mar 2026" in engine.sentence(row.because)
        assert (row.order_number, row.customer_name) == ("", f"Certification {CLOUD}")


@pytest.mark.parametrize(
    ("renewed_on", "months"),
    [
        (date(2026, 4, 6), {MARCH: -10_000, APRIL: 10_000}),
        (date(2026, 4, 10), {MARCH: -10_000}),
    ],
)
def test_a_renewal_in_time_gives_back_what_the_loss_took(
    session: Session, partner: Partner, sell: Sell, renewed_on: date, months: dict[Days, int]
) -> None:
    make_plan(session, watching(CLOUD))
    sell(partner)
    lost(session, partner)
    run(session, partner, FEBRUARY)
    run(session, partner, MARCH)
    before = amounts(session, partner, MARCH)

    lost(session, partner, date(2027, 4, 1), awarded_on=renewed_on, at=at(renewed_on))
    run(session, partner, APRIL)

    assert amounts(session, partner, MARCH) == before
    found = {
        period: sum(minor for _, minor in amounts(session, partner, period))
        for period in (MARCH, APRIL)
    }
    assert {period: minor for period, minor in found.items() if minor} == months
    assert run(session, partner, APRIL, on=date(2026, 5, 20)).is_unchanged
    given = queries.accruals_in(session, partner.id, APRIL.start)
    assert all(row.customer_name == f"Certification {CLOUD}" for row in given)


def test_a_renewal_before_the_month_is_calculated_leaves_no_trace(
    session: Session, partner: Partner, sell: Sell
) -> None:
    make_plan(session, watching(CLOUD))
    sell(partner)
    lost(session, partner)
    lost(session, partner, date(2027, 4, 1), awarded_on=LOST, at=at(date(2026, 3, 30)))

    run(session, partner, FEBRUARY), run(session, partner, MARCH)

    assert amounts(session, partner, MARCH) == []


def test_the_last_of_several_holders_counts(session: Session, partner: Partner, sell: Sell) -> None:
    make_plan(session, watching(CLOUD))
    sell(partner)
    lost(session, partner)
    lost(session, partner, date(2026, 4, 20), holder="Ben")

    for period in (FEBRUARY, MARCH, APRIL):
        run(session, partner, period)

    assert amounts(session, partner, MARCH) == []
    assert amounts(session, partner, APRIL) == [(AccrualKind.CLAWBACK, -10_000)]


def test_the_loss_of_one_partner_is_nothing_to_another(
    session: Session, partner: Partner, sell: Sell
) -> None:
    make_plan(session, watching())
    sell(partner)
    lost(session, make_partner(session))

    run(session, partner, FEBRUARY), run(session, partner, MARCH)

    assert amounts(session, partner, MARCH) == []
    events = queries.facts(session, {partner.id}, APRIL.until, at(APRIL.until)).events
    assert {event.partner_id for event in events} == {str(partner.id)}


def test_a_draft_that_watches_is_run_on_history_with_its_losses(
    session: Session, partner: Partner, sell: Sell
) -> None:
    plan = make_plan(session)
    sell(partner)
    lost(session, partner)
    document = {**plan.document, "components": [watching(CLOUD)]}
    draft = services.draft_plan(session, document, actor=SYSTEM, at=at(LOST))

    (row,) = queries.simulate(session, draft, at=at(date(2026, 4, 3))).rows

    assert (row.before, row.after) == (10_000, 0)
