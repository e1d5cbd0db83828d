"""Payouts of a month: propose, approve by a second person, export, settle, send back, again."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.statements import queries, services
from app.statements.forms import FailureForm
from app.statements.views.blueprint import bp
from app.statements.views.periods import period_page
from app.web.respond import download, flash, see_other


@bp.post("/commission/<uuid:period_id>/payouts")
@requires(Permission.PAYOUT_RUN)
def propose_payouts(period_id: UUID) -> ResponseReturnValue:
    """Propose a payout for each statement that pays."""
    made = services.pay(current_session(), period_id, actor=the_actor(), at=now())
    flash(_said(len(made), "proposed") if made else "There was nothing left to pay.")
    return see_other("statements.period", period_id=period_id, _anchor="payouts")


@bp.post("/commission/<uuid:period_id>/payouts/approval")
@requires(Permission.PAYOUT_RUN, fresh=True)
def approve_payouts(period_id: UUID) -> ResponseReturnValue:
    """Approve what another person proposed."""
    approved = services.approve_payouts(current_session(), period_id, actor=the_actor(), at=now())
    flash(_said(len(approved), "approved"))
    return see_other("statements.period", period_id=period_id, _anchor="payouts")


@bp.post("/commission/<uuid:period_id>/payouts/exports")
@requires(Permission.PAYOUT_RUN, fresh=True)
def export_payouts(period_id: UUID) -> ResponseReturnValue:
    """Write the approved payouts into payment files."""
    made = services.export_payouts(current_session(), period_id, actor=the_actor(), at=now())
    flash(
        "The payment file is ready." if len(made) == 1 else f"{len(made)} payment files are ready."
    )
    return see_other("statements.period", period_id=period_id, _anchor="payouts")


@bp.post("/commission/exports/<uuid:export_id>/<any(csv, xml):kind>")
@requires(Permission.PAYOUT_RUN, fresh=True)
def payment_file(export_id: UUID, kind: str) -> ResponseReturnValue:
    """Hand out a payment file; the taking is entered in the ledger."""
    file = services.payment_file(
        current_session(), export_id, kind=kind, actor=the_actor(), at=now()
    )
    return download(file.content, file.name, file.media_type)


@bp.post("/commission/<uuid:period_id>/payouts/settlement")
@requires(Permission.PAYOUT_RUN, fresh=True)
def settle_all(period_id: UUID) -> ResponseReturnValue:
    """Note that the bank has carried out every exported payout."""
    settled = services.settle_all(current_session(), period_id, actor=the_actor(), at=now())
    flash(_said(len(settled), "settled"))
    return see_other("statements.period", period_id=period_id, _anchor="payouts")


@bp.post("/payouts/<uuid:payout_id>/settlement")
@requires(Permission.PAYOUT_RUN, fresh=True)
def settle_payout(payout_id: UUID) -> ResponseReturnValue:
    """Note that the bank has carried out one payout."""
    payout = services.settle_payout(current_session(), payout_id, actor=the_actor(), at=now())
    flash(f"{payout.number} is settled.")
    return see_other("statements.period", period_id=payout.period_id, _anchor="payouts")


@bp.post("/payouts/<uuid:payout_id>/failure")
@requires(Permission.PAYOUT_RUN)
def fail_payout(payout_id: UUID) -> ResponseReturnValue:
    """Note that the bank sent one payout back."""
    form, session = FailureForm(), current_session()
    period_id = queries.payout(session, payout_id).period_id
    if not form.validate():
        return period_page(period_id, form)
    try:
        payout = services.fail_payout(
            session, payout_id, reason=form.reason.data or "", actor=the_actor(), at=now()
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return period_page(period_id, form)
    flash(f"{payout.number} has failed; it can be issued again.")
    return see_other("statements.period", period_id=period_id, _anchor="payouts")


@bp.post("/payouts/<uuid:payout_id>/reissue")
@requires(Permission.PAYOUT_RUN)
def reissue_payout(payout_id: UUID) -> ResponseReturnValue:
    """Propose a failed payout again."""
    payout = services.reissue_payout(current_session(), payout_id, actor=the_actor(), at=now())
    flash(f"{payout.number} is proposed again.")
    return see_other("statements.period", period_id=payout.period_id, _anchor="payouts")


def _said(count: int, done: str) -> str:
    return f"1 payout is {done}." if count == 1 else f"{count} payouts are {done}."
