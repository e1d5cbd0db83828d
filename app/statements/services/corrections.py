"""A correction: a new statement that names the old, with the parties as they should have been."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.db.numbering import next_reference
from app.jobs.services import enqueue
from app.kernel.errors import Conflict, FieldError
from app.kernel.ids import new_id
from app.revenue.services import entity_for
from app.statements import queries
from app.statements.models import Statement
from app.statements.rules import DISPUTE_DAYS
from app.statements.services.issue import TELL_JOB, enter, seal
from app.statements.services.periods import ReasonMissing
from app.statements.services.snapshot import parties_of

_COPIED = (
    "period_id", "partner_id", "period_start", "period_until", "currency", "opening_minor",
    "earned_minor", "adjustments_minor", "clawbacks_minor", "paid_minor", "closing_minor",
    "held_minor",
)  # fmt: skip


class CorrectionOfCorrection(Conflict):
    """A correction names the first statement, not another correction."""

    code = "statement.is_correction"


def correct(
    session: Session, statement_id: UUID, *, reason: str, actor: Actor, at: datetime
) -> Statement:
    """Issue a statement that corrects names, addresses and tax numbers of an earlier one.

    Amounts never change afterwards: what was wrong with them is adjusted in the open period.

    :raises NotFound: if there is no such statement
    :raises ReasonMissing: if no reason is given
    :raises CorrectionOfCorrection: if it is a correction itself
    """
    if not reason.strip():
        message = "Say what is corrected."
        raise ReasonMissing(message, errors=(FieldError("reason", message, ReasonMissing.code),))
    old = queries.statement(session, statement_id, actor=actor)
    if old.corrects_id is not None:
        raise CorrectionOfCorrection("Correct the statement that this one corrects.")
    entity = entity_for(session, old.currency)
    new = Statement(
        id=new_id(),
        number=next_reference(session, "ST", at.year),
        corrects_id=old.id,
        entity_id=entity.id,
        note=reason.strip(),
        issued_at=at,
        dispute_until=at + timedelta(days=DISPUTE_DAYS),
        **{name: getattr(old, name) for name in _COPIED},
    )
    new.snapshot = {**old.snapshot, **parties_of(session, old.partner, entity),
                    "corrects": old.number}  # fmt: skip
    lines = queries.lines(session, old)
    seal(new, lines)
    session.add(new)
    session.flush()
    enter(session, new, "statements.statement.corrected", at=at, lines=len(lines),
          corrects=old.number)  # fmt: skip
    enqueue(session, TELL_JOB, key=str(new.id), statement_id=new.id)
    return new
