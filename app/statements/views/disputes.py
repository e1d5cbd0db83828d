"""Disputes: raised by a partner, talked about by both sides, decided by the vendor."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.db.paging import page_of
from app.incentives.engine import table
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.statements import queries, services
from app.statements.forms import AcceptanceForm, DisputeForm, MessageForm, RefusalForm
from app.statements.rules import DISPUTE, OPEN_DISPUTES
from app.statements.views.blueprint import bp
from app.web.forms import Form
from app.web.respond import flash, form_page, page, see_other


@bp.get("/disputes")
@requires(Permission.DISPUTE_DECIDE)
def disputes() -> ResponseReturnValue:
    """List disputes: those that wait for a decision, or all."""
    only_open = request.args.get("state") != "all"
    listed = queries.disputes_listed(the_actor(), only_open=only_open)
    found = page_of(current_session(), listed, request.args.get("page", 1, type=int))

    def url(number: int) -> str:
        state = None if only_open else "all"
        return url_for("statements.disputes", state=state, page=number)

    pages = {
        "first": found.first_row,
        "last": found.last_row,
        "total": found.total,
        "previous_url": url(found.number - 1) if found.number > 1 else "",
        "next_url": url(found.number + 1) if found.number < found.last else "",
    }
    return page("statements/disputes.html", found=found, only_open=only_open, pages=pages)


@bp.get("/statements/lines/<uuid:line_id>/dispute")
@requires(Permission.DISPUTE_RAISE)
def new_dispute(line_id: UUID) -> ResponseReturnValue:
    """Show the line and ask what is wrong with it."""
    return _new_page(line_id, None)


@bp.post("/statements/lines/<uuid:line_id>/dispute")
@requires(Permission.DISPUTE_RAISE)
def raise_dispute(line_id: UUID) -> ResponseReturnValue:
    """Object to a line."""
    session, actor = current_session(), the_actor()
    line = queries.line(session, line_id, actor=actor)
    form = DisputeForm()
    form.expected.currency = queries.statement(session, line.statement_id, actor=actor).currency
    if form.validate():
        try:
            dispute = services.raise_dispute(
                session,
                line_id,
                reason=form.reason.data or "",
                expected_minor=form.expected.data.minor,
                actor=actor,
                at=now(),
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"{dispute.number} is raised. You hear of it here and by mail.")
            return see_other("statements.dispute", dispute_id=dispute.id)
    return _new_page(line_id, form)


@bp.get("/disputes/<uuid:dispute_id>")
@requires(Permission.STATEMENT_VIEW)
def dispute(dispute_id: UUID) -> ResponseReturnValue:
    """Show a dispute with its line and thread."""
    return _page(dispute_id)


@bp.post("/disputes/<uuid:dispute_id>/review")
@requires(Permission.DISPUTE_DECIDE)
def take_up(dispute_id: UUID) -> ResponseReturnValue:
    """Begin to look into it."""
    services.take_up(current_session(), dispute_id, actor=the_actor(), at=now())
    return see_other("statements.dispute", dispute_id=dispute_id)


@bp.post("/disputes/<uuid:dispute_id>/question")
@requires(Permission.DISPUTE_DECIDE)
def ask(dispute_id: UUID) -> ResponseReturnValue:
    """Ask the partner for more."""
    form = MessageForm()

    def do() -> None:
        services.ask(
            current_session(), dispute_id, text=form.message.data or "", actor=the_actor(), at=now()
        )

    return _done(dispute_id, form, do, "The question is sent.")


@bp.post("/disputes/<uuid:dispute_id>/answer")
@requires(Permission.DISPUTE_RAISE)
def answer(dispute_id: UUID) -> ResponseReturnValue:
    """Answer what was asked, or add to what was said."""
    form = MessageForm()

    def do() -> None:
        session, actor = current_session(), the_actor()
        found = queries.dispute(session, dispute_id, actor=actor)
        asked = found.state.value == "more_information"
        act = services.answer if asked else services.say
        act(session, dispute_id, text=form.message.data or "", actor=actor, at=now())

    return _done(dispute_id, form, do, "Your message is sent.")


@bp.post("/disputes/<uuid:dispute_id>/acceptance")
@requires(Permission.DISPUTE_DECIDE, fresh=True)
def accept(dispute_id: UUID) -> ResponseReturnValue:
    """Accept it; an adjustment follows in the open period."""
    form, session = AcceptanceForm(), current_session()
    form.granted.currency = queries.dispute(session, dispute_id, actor=the_actor()).currency

    def do() -> None:
        granted = form.granted.data.minor if form.granted.data else None
        services.accept(
            session,
            dispute_id,
            text=form.decision.data or "",
            granted_minor=granted,
            actor=the_actor(),
            at=now(),
        )

    return _done(dispute_id, form, do, "The dispute is accepted; the open period adjusts the line.")


@bp.post("/disputes/<uuid:dispute_id>/refusal")
@requires(Permission.DISPUTE_DECIDE)
def decline(dispute_id: UUID) -> ResponseReturnValue:
    """Decline it with a reason."""
    form = RefusalForm()

    def do() -> None:
        services.decline(
            current_session(), dispute_id, text=form.refusal.data or "", actor=the_actor(), at=now()
        )

    return _done(dispute_id, form, do, "The dispute is declined.")


@bp.post("/disputes/<uuid:dispute_id>/closure")
@requires(Permission.DISPUTE_DECIDE)
def close_dispute(dispute_id: UUID) -> ResponseReturnValue:
    """Close a decided dispute."""
    services.close_dispute(current_session(), dispute_id, actor=the_actor(), at=now())
    flash("The dispute is closed.")
    return see_other("statements.dispute", dispute_id=dispute_id)


def _done(dispute_id: UUID, form: Form, do: Callable[[], Any], said: str) -> ResponseReturnValue:
    if form.validate():
        try:
            do()
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(said)
            return see_other("statements.dispute", dispute_id=dispute_id)
    return _page(dispute_id, form)


def _page(dispute_id: UUID, refused: Form | None = None) -> Response:
    session, actor = current_session(), the_actor()
    found = queries.dispute(session, dispute_id, actor=actor)
    kinds = (MessageForm, AcceptanceForm, RefusalForm)
    forms: dict[str, Form] = {
        kind.__name__: refused if isinstance(refused, kind) else kind(formdata=None)
        for kind in kinds
    }
    return form_page(
        "statements/dispute.html",
        form=refused or forms["MessageForm"],
        forms=forms,
        dispute=found,
        line=found.line,
        working=table(found.line.because),
        statement=queries.statement(session, found.statement_id, actor=actor),
        raised_by=queries.name_of(session, found.raised_by),
        thread=queries.messages(session, found.id),
        may={act.value for act in DISPUTE.actions(found.state)},
        is_open=found.state in OPEN_DISPUTES,
        is_partner=actor.partner_id == found.partner_id,
    )


def _new_page(line_id: UUID, refused: Form | None) -> Response:
    session, actor = current_session(), the_actor()
    line = queries.line(session, line_id, actor=actor)
    return form_page(
        "statements/new_dispute.html",
        form=refused or DisputeForm(formdata=None),
        line=line,
        statement=queries.statement(session, line.statement_id, actor=actor),
        is_disputed=queries.open_dispute_of(session, line_id) is not None,
    )
