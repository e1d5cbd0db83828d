"""Scenes for commission: an order sourced by a partner, and its months."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.incentives import engine
from app.incentives.models import Accrual
from app.kernel.period import month
from app.partners.models import Partner
from app.pipeline.rules import ParticipantRole
from app.revenue.models import Order
from tests.factories.attribution import WON_AT, credited, make_won
from tests.factories.partners import make_partner
from tests.factories.pipeline import make_participant

FEBRUARY, MARCH, APRIL = month(2026, 2), month(2026, 3), month(2026, 4)
Sell = Callable[..., Order]


@pytest.fixture
def sell(session: Session) -> Sell:
    """Sell: an order won in February, sourced by a partner and credited to it."""

    def do(partner: Partner, *amounts: int, **over: Any) -> Order:
        order = make_won(session, *amounts, **over)
        make_participant(
            session, order.opportunity, partner_id=partner.id, role=ParticipantRole.SOURCE,
            answered_at=WON_AT - timedelta(days=40),
        )  # fmt: skip
        return credited(session, order)

    return do


@pytest.fixture
def partner(session: Session) -> Partner:
    """A partner."""
    return make_partner(session)


@pytest.fixture
def every_line_explains_itself(session: Session) -> Iterator[None]:
    """After the test: every stored line's amount follows from its trace alone."""
    yield
    for row in session.scalars(select(Accrual)):
        assert engine.recompute(row.because) == row.amount_minor
        assert engine.sentence(row.because)
