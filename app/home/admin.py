"""The machine room: ledger, jobs, mailbox."""

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.db.engine import elevated
from app.db.paging import page_of
from app.jobs import queries as jobs
from app.jobs import services as job_services
from app.jobs.rules import JobState
from app.kernel.clock import now
from app.ledger import queries as ledger
from app.ledger.names import NAMES
from app.mail import queries as mail
from app.web.respond import flash, page, see_other

bp = Blueprint("machine", __name__)


def _whole(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


@bp.get("/ledger", endpoint="ledger")
@requires(Permission.LEDGER_VIEW)
def show_ledger() -> ResponseReturnValue:
    """List what happened, newest first, and say how far it is sealed."""
    session = current_session()
    areas = sorted({name.partition(".")[0] for name in NAMES})
    area = request.args.get("area", "")
    entries = ledger.recent(session, area=area if area in areas else "", before=_whole("before"))
    return page(
        "home/ledger.html",
        entries=entries,
        names=NAMES,
        areas=areas,
        area=area,
        head=ledger.current_head(session),
    )


@bp.get("/jobs", endpoint="jobs")
@requires(Permission.JOB_VIEW)
def show_jobs() -> ResponseReturnValue:
    """List jobs, how far they are, and what is parked."""
    session = current_session()
    wanted = request.args.get("state", "")
    state = JobState(wanted) if wanted in set(JobState) else None
    rows = page_of(session, jobs.listing(state), _whole("page") or 1)
    return page(
        "home/jobs.html",
        page=rows,
        previous_url=_turn(rows.number - 1) if rows.number > 1 else "",
        next_url=_turn(rows.number + 1) if rows.number < rows.last else "",
        state=state,
        states=list(JobState),
        counts=jobs.counts(session),
        workers=jobs.workers(session),
    )


def _turn(number: int) -> str:
    values: dict[str, Any] = {**request.args.to_dict(), "page": number}
    return url_for(request.endpoint or "", **values)


@bp.post("/jobs/<path:job_id>/retry", endpoint="retry_job")
@requires(Permission.JOB_EDIT)
def retry_job(job_id: str) -> ResponseReturnValue:
    """Give a parked job a fresh set of attempts."""
    job_services.retry(current_session(), job_id, actor=the_actor(), at=now())
    flash("The job is tried again.")
    return see_other("machine.jobs")


@bp.post("/jobs/<path:job_id>/discard", endpoint="discard_job")
@requires(Permission.JOB_EDIT)
def discard_job(job_id: str) -> ResponseReturnValue:
    """Give up a parked job for good."""
    job_services.discard(current_session(), job_id, actor=the_actor(), at=now())
    flash("The job is given up.")
    return see_other("machine.jobs")


@bp.get("/mailbox", endpoint="mailbox")
@requires(Permission.MAILBOX_VIEW)
def mailbox() -> ResponseReturnValue:
    """List the letters that the portal wrote."""
    with elevated(current_session()):
        rows = page_of(current_session(), mail.listing(), _whole("page") or 1)
    return page(
        "home/mailbox.html",
        page=rows,
        previous_url=_turn(rows.number - 1) if rows.number > 1 else "",
        next_url=_turn(rows.number + 1) if rows.number < rows.last else "",
    )


@bp.get("/mailbox/<uuid:mail_id>", endpoint="letter")
@requires(Permission.MAILBOX_VIEW)
def letter(mail_id: UUID) -> ResponseReturnValue:
    """Show one letter."""
    with elevated(current_session()):
        found = mail.one(current_session(), mail_id)
    return page("home/letter.html", letter=found)
