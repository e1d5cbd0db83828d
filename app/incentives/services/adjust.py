"""Adjust an issued line by decision, such as of an accepted dispute; no calculation undoes it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.incentives.models import Accrual
from app.incentives.rules import GRANTED, AccrualKind
from app.kernel.errors import NotFound
from app.ledger.services import record
from app.partners.models import Partner


def adjust(  # noqa: PLR0913 - a decision: what, how much, where, why, who, when
    session: Session,
    accrual_id: UUID,
    *,
    minor: int,
    period_start: date,
    key: str,
    words: str,
    actor: Actor,
    at: datetime,
) -> Accrual:
    """Add ``minor`` units to an issued line, in the period that begins on ``period_start``, once.

    ``key`` names the decision (``dispute:DI-2026-000001-5``) and ``words`` gives its reason. A
    second adjustment with the same key changes nothing.

    :raises NotFound: if there is no such line
    """
    line = session.get(Accrual, accrual_id)
    if line is None:
        raise NotFound
    made = session.scalars(
        select(Accrual).where(Accrual.event_key == key, Accrual.part == GRANTED)
    ).one_or_none()
    if made is not None:
        return made
    made = _granted(line, minor, period_start, key, words)
    made.calculated_at = at
    session.add(made)
    session.flush()
    partner = session.get_one(Partner, line.partner_id)
    record(session, "incentives.accrual.adjusted", subject=partner, actor=actor, at=at,
           partner_id=line.partner_id, accrual_id=made.id, corrects=line.id,
           key=key, minor=minor, currency=line.currency, period_start=period_start)  # fmt: skip
    return made


def _granted(line: Accrual, minor: int, start: date, key: str, words: str) -> Accrual:
    trace = line.because
    return Accrual(
        kind=AccrualKind.ADJUSTMENT,
        partner_id=line.partner_id,
        plan_version_id=line.plan_version_id,
        plan_code=line.plan_code,
        component=line.component,
        part=GRANTED,
        title=line.title,
        event_key=key,
        corrects_id=line.id,
        order_number=line.order_number,
        customer_name=line.customer_name,
        currency=line.currency,
        base_minor=0,
        amount_minor=minor,
        earned_on=start,
        payable_on=start,
        period_start=start,
        because={
            "format": trace["format"],
            "kind": "granted",
            "plan": trace["plan"],
            "component": trace["component"],
            "corrects": {"event": line.event_key, "part": line.part},
            "was": line.amount_minor,
            "now": line.amount_minor + minor,
            "words": words,
            "result": {"minor": minor, "currency": line.currency},
        },
    )
