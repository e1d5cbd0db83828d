"""Commission runs: the months, one month with its partners, and the acts that move it on."""

from typing import Any
from uuid import UUID

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.incentives import queries as incentives
from app.incentives.engine import sentence, table
from app.jobs import queries as jobs
from app.jobs.models import JobRun
from app.kernel.clock import now, today
from app.kernel.errors import Invalid
from app.kernel.period import month_of
from app.partners import queries as partners
from app.statements import queries, services
from app.statements.forms import FailureForm, ReturnForm, ReviewForm
from app.statements.models import CommissionPeriod
from app.statements.rules import PERIOD, PeriodAct, PeriodState
from app.statements.views.blueprint import bp
from app.web.forms import Form
from app.web.respond import flash, form_page, page, see_other

NEXT = {
    PeriodState.OPEN: "Calculate",
    PeriodState.CALCULATED: "Send to review",
    PeriodState.IN_REVIEW: "Approve, by a second person",
    PeriodState.APPROVED: "Pay",
    PeriodState.PAID: "Close",
    PeriodState.CLOSED: "",
}
"""What is to be done with a period in each state."""


@bp.get("/commission")
@requires(Permission.RUN_VIEW)
def periods() -> ResponseReturnValue:
    """List the months with what was calculated, where they stand and what comes next."""
    session = current_session()
    sums: dict[Any, list[Any]] = {}
    for row in queries.sums_by_month(session):
        sums.setdefault(row.period_start, []).append(row)
    found = queries.periods(session)
    following = found[0].until if found else month_of(today()).start
    return page("statements/periods.html", periods=found, sums=sums, next_acts=NEXT,
                following=following)  # fmt: skip


@bp.post("/commission")
@requires(Permission.RUN_CALCULATE)
def open_period() -> ResponseReturnValue:
    """Open the month after the latest one."""
    session = current_session()
    last = queries.last_period(session)
    start = last.until if last is not None else month_of(today()).start
    period = services.open_period(session, start, actor=the_actor(), at=now())
    flash("The period is open.")
    return see_other("statements.period", period_id=period.id)


@bp.get("/commission/<uuid:period_id>")
@requires(Permission.RUN_VIEW)
def period(period_id: UUID) -> ResponseReturnValue:
    """Show one month: totals, partners with the difference to the month before, payouts."""
    return period_page(period_id)


@bp.get("/commission/<uuid:period_id>/progress")
@requires(Permission.RUN_VIEW)
def progress(period_id: UUID) -> ResponseReturnValue:
    """Answer the progress bar; when the work is done the page is loaded anew."""
    session = current_session()
    found = queries.period(session, period_id)
    run = _run(session, found)
    response = make_response(render_template("statements/_progress.html", period=found, run=run))
    if run is None or run.finished_at is not None:
        response.headers["HX-Refresh"] = "true"
    return response


@bp.get("/commission/<uuid:period_id>/partners/<uuid:partner_id>")
@requires(Permission.RUN_VIEW)
def period_partner(period_id: UUID, partner_id: UUID) -> ResponseReturnValue:
    """Show one partner's lines of a month, each with its reason."""
    session = current_session()
    found = queries.period(session, period_id)
    partner = partners.one(session, partner_id, actor=the_actor())
    rows = incentives.accruals_of_partner(session, partner_id, start=found.start, until=found.until)
    lines = [(row, sentence(row.because), table(row.because)) for row in rows]
    waits = queries.accrual_gates(session, partner_id, rows, on=now().date())
    return page(
        "statements/period_partner.html", period=found, partner=partner, lines=lines, waits=waits
    )


@bp.post("/commission/<uuid:period_id>/calculation")
@requires(Permission.RUN_CALCULATE)
def calculate(period_id: UUID) -> ResponseReturnValue:
    """Have the commission worked out."""
    services.calculate(current_session(), period_id, actor=the_actor(), at=now())
    flash("The calculation has begun. You may leave this page.")
    return see_other("statements.period", period_id=period_id)


@bp.post("/commission/<uuid:period_id>/review")
@requires(Permission.RUN_CALCULATE)
def send_to_review(period_id: UUID) -> ResponseReturnValue:
    """Put the month before a second person."""
    form = ReviewForm()
    if not form.validate():
        return period_page(period_id, form)
    services.send_to_review(
        current_session(), period_id, note=form.note.data or "", actor=the_actor(), at=now()
    )
    flash("The period waits for a second person.")
    return see_other("statements.period", period_id=period_id)


@bp.post("/commission/<uuid:period_id>/return")
@requires(Permission.RUN_APPROVE)
def send_back(period_id: UUID) -> ResponseReturnValue:
    """Send the month back."""
    form = ReturnForm()
    if not form.validate():
        return period_page(period_id, form)
    try:
        services.send_back(
            current_session(), period_id, reason=form.reason.data or "", actor=the_actor(), at=now()
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return period_page(period_id, form)
    flash("The period is sent back.")
    return see_other("statements.period", period_id=period_id)


@bp.post("/commission/<uuid:period_id>/approval")
@requires(Permission.RUN_APPROVE, fresh=True)
def approve(period_id: UUID) -> ResponseReturnValue:
    """Approve the month and have its statements issued."""
    services.approve(current_session(), period_id, actor=the_actor(), at=now())
    flash("The period is approved. Its statements are being issued.")
    return see_other("statements.period", period_id=period_id)


@bp.post("/commission/<uuid:period_id>/closure")
@requires(Permission.RUN_CALCULATE)
def close(period_id: UUID) -> ResponseReturnValue:
    """Close a paid month."""
    services.close(current_session(), period_id, actor=the_actor(), at=now())
    flash("The period is closed.")
    return see_other("statements.period", period_id=period_id)


def period_page(period_id: UUID, refused: Form | None = None) -> Response:
    """Return the page of a month; with a refused form, where it was refused."""
    session, actor = current_session(), the_actor()
    found = queries.period(session, period_id)
    before = queries.period_before(session, found)
    forms: dict[str, Form] = {
        kind.__name__: refused if isinstance(refused, kind) else kind(formdata=None)
        for kind in (ReviewForm, ReturnForm, FailureForm)
    }
    people = incentives.people(session, [found.calculated_by, found.approved_by])
    payouts = queries.payouts_listed(session, actor=actor, period_id=found.id)
    run = _run(session, found)
    busy = run is not None and run.finished_at is None
    return form_page(
        "statements/period.html",
        form=refused or forms["ReviewForm"],
        forms=forms,
        period=found,
        before=before,
        sums=queries.sums_of(session, found.start),
        rows=queries.sums_by_partner(session, found.start, before.start if before else None),
        run=run,
        is_busy=busy,
        may=set() if busy else {act.value for act in PERIOD.actions(found.state)},
        is_own_calculation=found.calculated_by == actor.user_id,
        calculated_by=people.get(found.calculated_by, ""),
        approved_by=people.get(found.approved_by, ""),
        payouts=payouts,
        waits=queries.payout_gates(session, [row.id for row in payouts]),
        exports=queries.exports_of(session, found.id),
        to_pay=_to_pay(session, found, busy),
    )


def _to_pay(session: Session, found: CommissionPeriod, busy: bool) -> int:
    if busy or not PERIOD.allows(found.state, PeriodAct.PAY):
        return 0
    return len(queries.statements_to_pay(session, found.id))


def _run(session: Session, found: CommissionPeriod) -> JobRun | None:
    return None if found.job_id is None else jobs.one(session, found.job_id)
