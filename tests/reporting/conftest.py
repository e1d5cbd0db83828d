"""Orders of every route, with their papers, and what was made of them."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.attribution.models import AttributionRun, Credit, Policy
from app.attribution.rules import CreditClass
from app.reporting.rules import Measure
from tests.factories.clockwork import NOON
from tests.factories.partners import make_partner
from tests.factories.revenue import make_invoice, make_order, make_payment

FIRST, LAST = date(2025, 1, 1), date(2025, 6, 30)


@dataclass
class Made:
    """One order as it was made: its papers by measure, and who is credited in which class."""

    number: str
    currency: str
    papers: dict[Measure, list[tuple[date, int]]]
    credits: dict[CreditClass, list[tuple[UUID | None, int]]] = field(default_factory=dict)

    def is_(self, credit_class: CreditClass) -> bool:
        """Whether a partner is credited in the class."""
        return any(partner is not None for partner, _ in self.credits.get(credit_class, ()))


@pytest.fixture
def made(session):
    """Return thirty orders in two currencies; some are credited to partners, some to nobody."""
    chance = random.Random(20260630)  # noqa: S311  # orders, not secrets
    partners = [make_partner(session, name=f"Partner {letter}") for letter in "ABC"]
    policy = session.scalar(select(Policy)) or _policy(session)
    return [_order(session, chance, partners, policy) for _ in range(30)]


def _policy(session):
    policy = Policy(code="test", number=1, name="Test", document={}, published_at=NOON)
    session.add(policy)
    session.flush()
    return policy


def _order(session, chance, partners, policy):
    on = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))
    currency = chance.choice(("EUR", "EUR", "EUR", "GBP"))
    order = make_order(session, chance.randrange(1, 999_999), currency=currency, booked_on=on)
    found = Made(order.number, currency, {measure: [] for measure in Measure})
    found.papers[Measure.BOOKED].append((on, order.total_minor))
    if chance.random() < 0.8:
        _bill(session, chance, order, found)
    if chance.random() < 0.8:
        _credit(session, chance, order, partners, policy, found)
    return found


def _bill(session, chance, order, found):
    minor = chance.randrange(1, order.total_minor + 1)
    on = order.booked_on + timedelta(days=chance.randrange(40))
    invoice = make_invoice(session, order, minor, on=on)
    found.papers[Measure.BILLED].append((on, minor))
    if chance.random() < 0.7:
        paid = chance.randrange(1, minor + 1)
        when = on + timedelta(days=chance.randrange(30))
        make_payment(session, invoice, paid, on=when)
        found.papers[Measure.COLLECTED].append((when, paid))


def _credit(session, chance, order, partners, policy, found):
    run = AttributionRun(
        order_id=order.id, policy_id=policy.id, inputs_hash="0" * 64, is_current=True, run_at=NOON
    )
    session.add(run)
    session.flush()
    for credit_class in CreditClass:
        if chance.random() < 0.5:
            continue
        chosen = [*chance.sample(partners, chance.randint(1, 3)), *([None] * chance.randint(0, 1))]
        weights = [chance.randint(1, 9) for _ in chosen]
        found.credits[credit_class] = [
            (partner and partner.id, weight)
            for partner, weight in zip(chosen, weights, strict=True)
        ]
        for partner, weight in zip(chosen, weights, strict=True):
            session.add(Credit(
                run_id=run.id, order_id=order.id, partner_id=partner and partner.id,
                credit_class=credit_class, share_numerator=weight, share_denominator=sum(weights),
                currency=order.currency, amount_minor=0, because="",
            ))  # fmt: skip
    session.flush()
