"""A worker process for statements, and a payout run that can be begun again anywhere."""

import sys
from base64 import b64encode
from datetime import timedelta
from uuid import UUID

from app import load_jobs, load_models
from app.access.rules import Actor, Role
from app.db import engine
from app.jobs import worker
from app.kernel import sealing
from app.ledger.services import signer_of, use_signer
from app.statements import queries, services
from app.statements.rules import PayoutState
from tests.factories.clockwork import NOON

KEY = bytes(range(32))


def pay_all(period_id: UUID, first: UUID, second: UUID) -> None:
    """Propose, approve and export the payouts of a period, each where it is not done yet."""
    for step in (propose, approve, export):
        with engine.transaction(engine.SYSTEM_SCOPE) as session:
            step(session, period_id, *(Actor(each, "F", Role.FINANCE) for each in (first, second)))


def propose(session, period_id, first, _second):
    """Propose what has no payout yet."""
    services.pay(session, period_id, actor=first, at=NOON)


def approve(session, period_id, _first, second):
    """Approve what is pending."""
    if queries.payouts_of(session, period_id, PayoutState.PENDING):
        services.approve_payouts(session, period_id, actor=second, at=NOON)


def export(session, period_id, _first, second):
    """Export what is approved."""
    if queries.payouts_of(session, period_id, PayoutState.APPROVED):
        services.export_payouts(session, period_id, actor=second, at=NOON)


if __name__ == "__main__":
    sealing.use(KEY)
    use_signer(signer_of(b64encode(KEY).decode()))
    load_models()
    load_jobs()
    url, act, *rest = sys.argv[1:]
    if act == "pay":
        engine.connect(url)
        sys.stdout.write("begun\n")
        sys.stdout.flush()
        pay_all(*map(UUID, rest))
    else:
        worker.SILENCE = timedelta(seconds=3)
        worker.run_worker(url, worker_id=act, threads=2)
