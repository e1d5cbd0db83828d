"""The review desk: the queue with its clocks, the evidence side by side, the decision."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.db.paging import Page, page_of
from app.deals import queries, services
from app.deals.forms import ApprovalForm, RejectionForm, ReturnForm
from app.deals.models import Registration
from app.deals.rules import ClosingCode, DealState, FindingKind
from app.deals.views.blueprint import bp
from app.deals.views.pages import timeline
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.web.forms import Form
from app.web.respond import flash, form_page, page, see_other

_ACCOUNTS = (
    FindingKind.SAME_ACCOUNT,
    FindingKind.POSSIBLE_ACCOUNT,
    FindingKind.RELATED_ACCOUNT,
)


@bp.get("/review")
@requires(Permission.DEAL_REVIEW)
def review() -> ResponseReturnValue:
    """List what waits for a decision, the most urgent first: mine, or everybody's."""
    session, actor, at = current_session(), the_actor(), now()
    mine = request.args.get("whose") != "all"
    number = request.args.get("page", 1, type=int)
    found = page_of(session, queries.desk(actor, mine=mine), number, per_page=25)
    counts = queries.desk_counts(session, actor=actor, at=at)
    return page("deals/review.html", found=found, mine=mine, counts=counts, pages=_pages(found))


@bp.get("/review/<uuid:deal_id>")
@requires(Permission.DEAL_REVIEW)
def review_one(deal_id: UUID) -> ResponseReturnValue:
    """Show what was registered beside what was found."""
    return _evidence_page(deal_id)


@bp.post("/deals/<uuid:deal_id>/review")
@requires(Permission.DEAL_REVIEW)
def take_up(deal_id: UUID) -> ResponseReturnValue:
    """Begin the review."""
    services.take_up(current_session(), deal_id, actor=the_actor(), at=now())
    return see_other("deals.review_one", deal_id=deal_id)


@bp.post("/deals/<uuid:deal_id>/account")
@requires(Permission.DEAL_REVIEW)
def link_account(deal_id: UUID) -> ResponseReturnValue:
    """Decide which account the customer is."""
    session, actor = current_session(), the_actor()
    queries.one(session, deal_id, actor=actor)
    account_id = _uuid(request.form, "account_id")
    services.link_account(session, deal_id, account_id=account_id, actor=actor, at=now())
    flash("The customer is decided; conflicts were looked up again.")
    return see_other("deals.review_one", deal_id=deal_id)


@bp.post("/deals/<uuid:deal_id>/approval")
@requires(Permission.DEAL_REVIEW)
def approve(deal_id: UUID) -> ResponseReturnValue:
    """Approve, and protect the customer."""
    form = ApprovalForm()

    def do() -> Registration:
        return services.approve(
            current_session(),
            deal_id,
            actor=the_actor(),
            at=now(),
            reason=form.approval_note.data or "",
        )

    return _decided(deal_id, form, do, "is approved and protected")


@bp.post("/deals/<uuid:deal_id>/rejection")
@requires(Permission.DEAL_REVIEW)
def reject(deal_id: UUID) -> ResponseReturnValue:
    """Reject, with a closing code and a reason."""
    form = RejectionForm()

    def do() -> Registration:
        return services.reject(
            current_session(),
            deal_id,
            code=ClosingCode(form.closing_code.data),
            reason=form.rejection_reason.data or "",
            actor=the_actor(),
            at=now(),
        )

    return _decided(deal_id, form, do, "is rejected")


@bp.post("/deals/<uuid:deal_id>/return")
@requires(Permission.DEAL_REVIEW)
def send_back(deal_id: UUID) -> ResponseReturnValue:
    """Send back, naming the fields that may be changed."""
    form = ReturnForm()

    def do() -> Registration:
        return services.send_back(
            current_session(),
            deal_id,
            fields=form.fields_asked.data or [],
            reason=form.return_reason.data or "",
            actor=the_actor(),
            at=now(),
        )

    return _decided(deal_id, form, do, "is sent back to the partner")


def _decided(
    deal_id: UUID, form: Form, do: Callable[[], Registration], outcome: str
) -> ResponseReturnValue:
    if form.validate():
        try:
            deal = do()
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"{deal.number} {outcome}.")
            return see_other("deals.review")
    return _evidence_page(deal_id, form)


def _evidence_page(deal_id: UUID, refused: Form | None = None) -> Response:
    session, actor = current_session(), the_actor()
    deal = queries.one(session, deal_id, actor=actor)
    forms: dict[str, Form] = {
        kind.__name__: refused if isinstance(refused, kind) else kind(formdata=None)
        for kind in (ApprovalForm, RejectionForm, ReturnForm)
    }
    found = queries.findings(session, deal.id)
    requests = queries.extensions(session, deal.id)
    return form_page(
        "deals/review_one.html",
        form=refused or forms["ApprovalForm"],
        forms=forms,
        deal=deal,
        lines=queries.lines(session, deal.id),
        files=queries.files(session, deal.id),
        matches=[row for row in found if row.kind in _ACCOUNTS],
        conflicts=[row for row in found if row.kind not in _ACCOUNTS],
        reviewer=queries.name_of(session, deal.reviewer_id),
        submitter=queries.name_of(session, deal.submitted_by),
        timeline=timeline(session, deal, requests, actor=actor),
        is_open=deal.state in (DealState.SUBMITTED, DealState.IN_REVIEW),
        is_taken_up=deal.state is DealState.IN_REVIEW,
    )


def _uuid(form: MultiDict[str, str], name: str) -> UUID:
    try:
        return UUID(form.get(name, ""))
    except ValueError:
        raise Invalid("Choose one of the accounts.", code="deal.no_account_chosen") from None


def _pages(found: Page) -> dict[str, Any]:
    whose = request.args.get("whose")

    def url(number: int) -> str:
        return url_for("deals.review", whose=whose, page=number)

    return {
        "first": found.first_row,
        "last": found.last_row,
        "total": found.total,
        "previous_url": url(found.number - 1) if found.number > 1 else "",
        "next_url": url(found.number + 1) if found.number < found.last else "",
    }
