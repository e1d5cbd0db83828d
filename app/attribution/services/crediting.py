"""Credit an order to the partners that sourced, influenced and fulfilled it."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.attribution import engine, queries
from app.attribution.models import AttributionRun, Credit, Policy
from app.attribution.rules import CreditClass
from app.attribution.services.policies import standard_policy
from app.kernel.money import Money
from app.ledger.rules.canonical import canonical
from app.ledger.services import record
from app.revenue.models import Order


def credit_order(session: Session, order_id: UUID, *, actor: Actor, at: datetime) -> AttributionRun:
    """Work out who is credited for an order; unchanged inputs change nothing.

    The policy is the one of the order's earlier run, else the latest: a new version never moves
    the credit of orders that are credited already.

    :raises NotFound: if there is no such order
    """
    order = queries.order_of(session, order_id, lock=True)
    before = queries.current_run(session, order_id)
    policy = before.policy if before is not None else standard_policy(session, at=at)
    touches = queries.touches_of_order(session, order, order.opportunity)
    won_at = queries.won_at(order, order.opportunity)
    inputs = _inputs(order, policy, touches, won_at)
    if before is not None and before.inputs_hash == inputs:
        return before
    given = engine.credit(
        Money(order.total_minor, order.currency), touches, engine.read_policy(policy.document),
        won_at=won_at,
    )  # fmt: skip
    run = _replace(session, before, order_id=order.id, policy=policy, inputs=inputs, at=at)
    session.add_all(_row(run, credit) for credit in given)
    session.flush()
    record(session, "attribution.order.credited", subject=run, actor=actor, at=at,
           order_id=str(order.id), inputs=inputs, policy=policy.number,
           credits=[_fact(credit) for credit in given])  # fmt: skip
    return run


def _inputs(order: Order, policy: Policy, touches: Sequence[engine.Touch], won_at: datetime) -> str:
    facts = {
        "policy": {"code": policy.code, "number": policy.number},
        "amount": {"minor": order.total_minor, "currency": order.currency},
        "won_at": won_at,
        "touches": [asdict(touch) for touch in touches],
    }
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def _replace(
    session: Session,
    before: AttributionRun | None,
    *,
    order_id: UUID,
    policy: Policy,
    inputs: str,
    at: datetime,
) -> AttributionRun:
    if before is not None:
        before.is_current = False
        session.flush()
    run = AttributionRun(
        order_id=order_id, policy_id=policy.id, policy=policy, inputs_hash=inputs,
        is_current=True, run_at=at,
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run


def _row(run: AttributionRun, credit: engine.Credit) -> Credit:
    return Credit(
        run_id=run.id,
        order_id=run.order_id,
        partner_id=None if credit.partner_id is None else UUID(credit.partner_id),
        credit_class=CreditClass(credit.credit_class),
        share_numerator=credit.share.numerator,
        share_denominator=credit.share.denominator,
        currency=credit.currency,
        amount_minor=credit.minor,
        because=credit.because,
    )


def _fact(credit: engine.Credit) -> dict[str, str | int | None]:
    return {
        "partner_id": credit.partner_id,
        "class": credit.credit_class,
        "share": str(credit.share),
        "minor": credit.minor,
        "currency": credit.currency,
    }
